import { CALL_METHODS, SECRET_NAME, SECRET_SLOTS, type SecretTerms } from '@fingerpost/contracts';
import { checkHosts } from './check-hosts.ts';
import { checkMint } from './check-mint.ts';
import { describe, type Faults, isRecord, listed, MOST_ITEMS } from './faults.ts';

const FIELDS = ['hosts', 'methods', 'pathPrefixes', 'slots', 'mint', 'reveal'] as const;
const PATH = /^\/[^?#\s\\]{0,199}$/;

/** `secrets: { NAME: { hosts, methods, pathPrefixes, slots, mint, reveal } }`, each field by default where it is left out. */
export function checkSecrets(value: unknown, hosts: unknown, faults: Faults): Record<string, SecretTerms> | undefined {
  if (!isRecord(value))
    return faults.say('secrets', `must be like { GITHUB_TOKEN: { pathPrefixes: ["/repos"] } }, got ${describe(value)}`);
  const entries = Object.entries(value);
  if (entries.length > MOST_ITEMS) return faults.say('secrets', `has ${entries.length} items, ${MOST_ITEMS} at most`);
  return Object.fromEntries(entries.map(([name, terms]) => [name, checkTerms(name, terms, hosts, faults)]));
}

function checkTerms(name: string, terms: unknown, declared: unknown, faults: Faults): SecretTerms {
  const path = `secrets.${name}`;
  if (!SECRET_NAME.test(name)) faults.say(path, 'must be named by capitals, digits and "_", such as GITHUB_TOKEN');
  if (!isRecord(terms))
    return faults.say(path, `must be like { pathPrefixes: ["/repos"] }, got ${describe(terms)}`) ?? {};
  faults.unknownFields(terms, path, FIELDS);
  if (terms.reveal !== undefined) return checkReveal(terms, path, faults);
  const { hosts, methods, pathPrefixes, slots, mint } = terms;
  return {
    ...(hosts !== undefined && { hosts: checkOwnHosts(hosts, `${path}.hosts`, declared, faults) }),
    ...(methods !== undefined && { methods: checkMethods(methods, `${path}.methods`, faults) }),
    ...(pathPrefixes !== undefined && { pathPrefixes: checkPaths(pathPrefixes, `${path}.pathPrefixes`, faults) }),
    ...(slots !== undefined && { slots: checkSlots(slots, pathPrefixes, `${path}.slots`, faults) }),
    ...(mint !== undefined && { mint: checkMint(mint, `${path}.mint`, faults) }),
  };
}

/** Code that holds a value can put it anywhere: bounds beside that would promise what nobody keeps. */
function checkReveal(terms: Record<string, unknown>, path: string, faults: Faults): SecretTerms {
  if (terms.reveal !== true) faults.say(`${path}.reveal`, `must be true or left out, got ${describe(terms.reveal)}`);
  for (const field of FIELDS)
    if (field !== 'reveal' && terms[field] !== undefined)
      faults.say(`${path}.${field}`, 'holds nothing where "reveal" gives the value to the code; leave one of them out');
  return { reveal: true };
}

/** A secret goes to some of the hosts that the integration calls, not to others. */
function checkOwnHosts(value: unknown, path: string, declared: unknown, faults: Faults): string[] | undefined {
  const hosts = checkHosts(value, path, faults);
  if (Array.isArray(declared))
    for (const host of hosts ?? [])
      if (!declared.includes(host))
        faults.say(
          path,
          `names ${host}, which is not among the hosts of the integration; add it to "hosts" or leave it out`,
        );
  return hosts;
}

function checkMethods(value: unknown, path: string, faults: Faults) {
  if (Array.isArray(value) && (value.includes('*') || CALL_METHODS.every((method) => value.includes(method))))
    return faults.say(path, 'is too wide: name those that the code uses, such as ["GET"]');
  return manyOf(value, path, CALL_METHODS, faults);
}

/** What stands in a body or an address is kept and shown by others: somebody's comment, a log, a search. Only some paths take credentials there. */
function checkSlots(value: unknown, pathPrefixes: unknown, path: string, faults: Faults) {
  if (Array.isArray(value) && (value.includes('*') || new Set(value).size > 2))
    return faults.say(path, 'is too wide: an API takes a credential in one place; name that, such as ["header"]');
  const slots = manyOf(value, path, SECRET_SLOTS, faults);
  const kept = slots?.find((slot) => slot === 'body' || slot === 'query');
  const isEverywhere = !Array.isArray(pathPrefixes) || pathPrefixes.includes('/');
  if (kept !== undefined && isEverywhere)
    faults.say(
      path,
      `is too wide: the value could stand in the ${kept} of any request, and others may read it there. Name the paths that take it, such as pathPrefixes: ["/oauth/token"]`,
    );
  return slots;
}

function manyOf<T extends string>(
  value: unknown,
  path: string,
  options: readonly T[],
  faults: Faults,
): T[] | undefined {
  if (!Array.isArray(value) || value.length === 0)
    return faults.say(path, `must be a list of ${listed(options)}, got ${describe(value)}`);
  return [...new Set(value.flatMap((one, index) => faults.oneOf(one, `${path}[${index}]`, options) ?? []))];
}

function checkPaths(value: unknown, path: string, faults: Faults): string[] | undefined {
  const paths = faults.texts(value, path, PATH, '"/repos"');
  for (const [index, one] of (paths ?? []).entries())
    if (/^\/?\*+$/.test(String(one)))
      faults.say(
        `${path}[${index}]`,
        'is too wide: name the beginnings of the paths that the code uses, such as "/repos"',
      );
    else if (/[*%;]|\.\./.test(String(one)))
      faults.say(`${path}[${index}]`, `must be a plain beginning of a path, such as "/repos", got ${describe(one)}`);
  return paths;
}
