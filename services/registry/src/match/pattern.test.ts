// biome-ignore-all lint/correctness/noEmptyCharacterClassInRegex: authors write them too
// biome-ignore-all lint/suspicious/noControlCharactersInRegex: and these
import { Pattern } from './pattern.ts';

const of = ({ source, flags }: RegExp) => new Pattern({ source, flags });

describe('a pattern', () => {
  it.each([
    [/^acme\//, ['acme/']],
    [/^https?:\/\/wiki\./, ['http://wiki.', 'https://wiki.']],
    [/^(acme|corp)\/web/, ['acme/web', 'corp/web']],
    [/^a|^b/, ['a', 'b']],
    [/^x+y/, ['x']],
    [/^[ab]c/, ['ac', 'bc']],
    [/^a{2}b/, ['a']],
    [/^(?=x)ab/, ['ab']],
    [/^a|b/, undefined],
    [/acme/, undefined],
    [/^acme/i, undefined],
    [/^acme/m, undefined],
    [/^.*acme/, undefined],
    [/^(a|)b?/, undefined],
  ])('%s begins with %j', (regexp, prefixes) => {
    expect(of(regexp).known.prefixes).toEqual(prefixes);
  });

  it.each([
    [/acme/, ['acme']],
    [/.*acme.*shop/, ['acme']],
    [/ACME/i, ['acme']],
    [/\d+(foo|barbaz)\d/, ['foo', 'barbaz']],
    [/foo|bar/, ['foo', 'bar']],
    [/foo|.*/, undefined],
    [/a?b*/, undefined],
    [/(?:)/, undefined],
    [/\w+/, undefined],
    [/[^a]bc/, ['bc']],
    [/(x)\1yz/, ['yz']],
    [/é/i, undefined],
    [/k/iu, undefined],
    [/K/i, ['k']],
  ])('%s contains %j', (regexp, literals) => {
    expect(of(regexp).known.literals[0]).toEqual(literals);
  });

  const texts = [
    '',
    'a',
    'acme/webshop',
    'ACME',
    'a b',
    'a\u00a0b',
    'a\tb\vc',
    'line\nend',
    'a.b',
    'a-b_c',
    '42',
    'x'.repeat(50),
    '\\',
    ']',
    '^$',
    'a\nb',
    '{}',
    '#',
    '/',
    'é',
    'ſ',
    'K',
    '😀',
    'a\r\nb',
    '\u2028',
    '\0',
    '\b',
  ];
  const regexps = [
    /^$/,
    /./,
    /^.$/,
    /^..$/,
    /./s,
    /\s/,
    /\S/,
    /[\s]/,
    /[^\s]/,
    /[\S]/,
    /\d/,
    /\D/,
    /[^\d]/,
    /\w/,
    /\W/,
    /[\w-]/,
    /[\W]/,
    /\b/,
    /\Bx/,
    /^b/m,
    /a$/m,
    /a$/,
    /[]/,
    /[^]/,
    /[\]\\^]/,
    /[a-c.]/,
    /\x41/,
    /\u0041/,
    /\u{41}/u,
    /\cJ/,
    /[\b]/,
    /\0/,
    /a{1,2}/,
    /x{50}/,
    /x{51}/,
    /(?<name>a)/,
    /(?:a|b)+?/,
    /a*?/,
    /\//,
    /\./,
    /#/,
    /[#]/,
    /k/i,
    /s/i,
    /[^k]/i,
    /[^s]/i,
    /é/i,
    /É/i,
    /😀/,
    /😀/u,
    /^.$/u,
    /[😀]/u,
    /\ud83d/,
    /A|B/i,
    /^\S+\/\S+$/,
    /\p{L}/u,
    /(?=a)/,
    /(a)\1/,
    /[a-z]/i,
    /$/,
    /^/,
    /\^\$/,
    /{}/,
    /]/,
  ];

  it.each(regexps)('%s never says no where JavaScript says yes', (regexp) => {
    for (const text of texts) if (regexp.test(text)) expect([text, of(regexp).mayMatch(text)]).toEqual([text, true]);
  });

  it.each(regexps.filter(({ source, flags }) => !/\\p|\(\?=|\\1/.test(source) && !flags.includes('v')))(
    '%s says what JavaScript says of plain texts',
    (regexp) => {
      for (const text of texts.filter((text) => /^[\0-\x0c\x0e-\x7f]*$/.test(text)))
        expect([text, of(regexp).mayMatch(text)]).toEqual([text, regexp.test(text)]);
    },
  );
});
