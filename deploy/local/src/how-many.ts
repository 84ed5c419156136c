import { parseArgs } from 'node:util';

const USUAL = { gateways: 2, registries: 2, runners: 3, secrets: 2 };

/** How many of each service there are to be. @throws when an option is unknown, or no number from 1 */
export function howMany(args: string[]): typeof USUAL {
  const options = Object.fromEntries(Object.keys(USUAL).map((role) => [role, { type: 'string' as const }]));
  const { values } = parseArgs({ args, options });
  const asked = Object.entries(values).map(([role, text]) => [role, counted(role, String(text))]);
  return { ...USUAL, ...Object.fromEntries(asked) };
}

function counted(role: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`--${role} must be a whole number from 1, not "${text}".`);
  return Number(text);
}
