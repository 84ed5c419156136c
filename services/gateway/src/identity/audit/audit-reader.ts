import { type AuditReply, type AuditRequest, Fault, registrySubjects } from '@fingerpost/contracts';
import type { Bus } from '@fingerpost/platform';

const TIMEOUT_MS = 10_000;
const AT_A_TIME = 200;
const USUALLY = 100;

/** The audit trail, as the registry has it. */
export class AuditReader {
  constructor(private readonly bus: Pick<Bus, 'request'>) {}

  /** @throws Fault `request.invalid`, `bus.*` */
  async read(query: Record<string, unknown>): Promise<AuditReply> {
    const { actor, action } = query;
    const [before, limit] = [numberIn(query, 'before'), numberIn(query, 'limit') ?? USUALLY];
    return await this.ask({
      limit: Math.min(limit, AT_A_TIME),
      ...(before !== undefined && { before }),
      ...(typeof actor === 'string' && actor !== '' && { actor }),
      ...(typeof action === 'string' && action !== '' && { action }),
    });
  }

  /** From the latest to the first. */
  async *lines(): AsyncGenerator<string> {
    let before: number | undefined;
    do {
      const { rows } = await this.ask({ limit: AT_A_TIME, ...(before !== undefined && { before }) });
      for (const row of rows) yield `${JSON.stringify(row)}\n`;
      before = rows.length === AT_A_TIME ? rows.at(-1)!.seq : undefined;
    } while (before !== undefined);
  }

  private ask(request: AuditRequest): Promise<AuditReply> {
    return this.bus.request<AuditReply>(registrySubjects.audit, request, { timeoutMs: TIMEOUT_MS });
  }
}

function numberIn(query: Record<string, unknown>, name: string): number | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new Fault('request.invalid', 'That cannot be looked up.', {
    detail: { errors: [{ path: name, message: 'must be a whole number, 1 or more' }] },
  });
}
