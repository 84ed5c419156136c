import { parseArgs } from 'node:util';
import { SettingsError } from '@fingerpost/platform';

const USUAL = { gateways: 2, registries: 2, runners: 3, secrets: 2 };

/** How many of each service there are to be. @throws SettingsError when an option is unknown, or no number from 1 */
export function howMany(args: string[]): typeof USUAL {
  const options = Object.fromEntries(Object.keys(USUAL).map((role) => [role, { type: 'string' as const }]));
  const asked = Object.entries(valuesIn(args, options)).map(([role, text]) => [role, counted(role, String(text))]);
  return { ...USUAL, ...Object.fromEntries(asked) };
}

function valuesIn(args: string[], options: Record<string, { type: 'string' }>) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new SettingsError([
      `${(error as Error).message.replace(/\.$/, '')}; there are --${Object.keys(options).join(', --')}`,
    ]);
  }
}

function counted(role: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new SettingsError([`--${role} must be a whole number from 1, not "${text}"`]);
  return Number(text);
}
