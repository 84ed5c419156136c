import { type AuditReply, type AuditRequest, registrySubjects } from '@fingerpost/contracts';
import type { Bus } from '@fingerpost/platform';
import { numberIn, type QueryParams, textIn } from '../query.ts';

const TIMEOUT_MS = 10_000;
const AT_A_TIME = 200;
const DEFAULT_LIMIT = 100;

/** The audit trail, as the registry has it. */
export class AuditReader {
  constructor(private readonly bus: Pick<Bus, 'request'>) {}

  /** @throws Fault `request.invalid`, `bus.*` */
  async read(query: QueryParams): Promise<AuditReply> {
    const before = numberIn(query, 'before');
    const wanted = ['actor', 'action', 'search'].map((name) => [name, textIn(query, name)] as const);
    return await this.ask({
      limit: Math.min(numberIn(query, 'limit') ?? DEFAULT_LIMIT, AT_A_TIME),
      ...(before !== undefined && { before }),
      ...Object.fromEntries(wanted.filter(([, text]) => text !== undefined)),
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
