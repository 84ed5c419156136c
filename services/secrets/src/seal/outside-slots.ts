import { misplaced } from './misplaced.ts';
import type { Placeholders } from './placeholders.ts';
import type { Outgoing } from './slots.ts';

/** In what is left when all slots are emptied there must be no placeholder, however it is spelt. @throws Fault `secret.misplaced` */
export function refuseOutsideSlots({ method, url, headers, body }: Outgoing, placeholders: Placeholders): void {
  const inAddress = placeholders.findLowered(decodeFully(url.href));
  if (inAddress !== undefined) throw outside(inAddress, `the address of a ${method} request`);
  const inName = placeholders.findLowered(headers.map(([name]) => name).join('\n'));
  if (inName !== undefined) throw outside(inName, 'the name of a header');
  const [inBody] = placeholders.namesIn(Buffer.from(body).toString('latin1'));
  if (inBody !== undefined) throw outside(inBody, `the body of a ${method} request`);
}

const outside = (name: string, where: string) =>
  misplaced(
    name,
    `The secret ${name} stands in ${where}; it may stand in header values, and where its slots say so in Basic credentials, a parameter’s value, or a JSON or form body.`,
  );

/** Percent signs may be encoded themselves. */
function decodeFully(text: string): string {
  for (let round = 0; round < 5; round++) {
    const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    if (decoded === text) return text;
    text = decoded;
  }
  return text;
}
