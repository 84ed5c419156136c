import { createHash } from 'node:crypto';
import { DEFAULT_LIMITS, Fault, type InspectReply, type InspectRequest } from '@fingerpost/contracts';
import { type Body, readBytes } from '@fingerpost/platform';
import type { SandboxPool } from '../sandbox/sandbox-pool.ts';

const LIMITS = { ...DEFAULT_LIMITS, wallMs: 2_000, cpuMs: 1_000 };
const NO_EFFECT = {
  isOk: false,
  code: 'request.forbidden',
  message: 'Code that is only looked at makes no calls: move this into run().',
} as const;

/**
 * Finds out what a bundle says of itself. Metadata is code: it is evaluated like any unapproved code, without secrets and without hosts.
 * @throws Fault `request.invalid`, `run.*`
 */
export async function inspectBundle(
  { codeBytes }: InspectRequest,
  body: Body,
  pool: SandboxPool,
): Promise<InspectReply> {
  const code = await readText(body, codeBytes);
  const digest = createHash('sha256').update(code).digest('hex');
  const visitor = { onEffect: async () => NO_EFFECT, onLog: () => {} };
  return pool.perform({ kind: 'inspect', digest, limits: LIMITS, code }, visitor, false);
}

async function readText(body: Body, expectedBytes: number): Promise<string> {
  const wrong = () => new Fault('request.invalid', `The bundle has other than the ${expectedBytes} bytes announced.`);
  const bytes = await readBytes(body, expectedBytes, wrong);
  if (bytes.byteLength !== expectedBytes) throw wrong();
  return bytes.toString('utf8');
}
