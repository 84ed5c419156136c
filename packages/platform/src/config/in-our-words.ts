/** What envalid says of a value, as the rest of the settings says it: what the value must be. Anything else stays as it is. */
export function inOurWords(message: string): string {
  for (const [theirs, mustBe] of WORDS) {
    const [, value, choices = ''] = theirs.exec(message) ?? [];
    if (value !== undefined) return `must be ${mustBe}${choices.replaceAll(',', ', ')}, got ${value}`;
  }
  return message;
}

const WORDS: [RegExp, string][] = [
  [/^Invalid bool input: (.*)$/s, 'true or false'],
  [/^Invalid number input: (.*)$/s, 'a number'],
  [/^Invalid port input: (.*)$/s, 'a port from 1 to 65535'],
  [/^Invalid host \(domain or ip\): (.*)$/s, 'an address or a name'],
  [/^Invalid url: (.*)$/s, 'an address such as https://acme.internal'],
  [/^Value (".*") not in choices \[(.*)\]$/s, 'one of '],
];
