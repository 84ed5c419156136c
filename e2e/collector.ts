/** What stands in for a collector of traces: takes them by OTLP over HTTP, in JSON, and keeps all of it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface TakenSpan {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  startMs: number;
  endMs: number;
  attributes: Record<string, unknown>;
}

interface OtlpSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: OtlpAttribute[];
}
interface OtlpAttribute {
  key: string;
  value: Record<string, unknown>;
}

export class Collector {
  /** all that was sent, as it came */
  said = '';
  readonly spans: TakenSpan[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Collector> {
    const server = createServer(async (request, response) => {
      const text = Buffer.concat(await Array.fromAsync(request)).toString();
      if (request.url === '/v1/traces') collector.take(text);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    const collector = new Collector(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The spans of one trace, once all of these are among them; in the order in which they began. */
  async trace(traceId: string, names: readonly string[], withinMs = 10_000): Promise<TakenSpan[]> {
    for (const until = performance.now() + withinMs; ; await sleep(50)) {
      const spans = this.spans.filter((span) => span.traceId === traceId);
      const missing = names.filter((name) => !spans.some((span) => span.name === name));
      if (missing.length === 0) return spans.toSorted((a, b) => a.startMs - b.startMs);
      if (performance.now() > until)
        throw new Error(
          `no ${missing.join(', ')} in ${traceId}; there are ${spans.map(({ name }) => name).join(', ')}`,
        );
    }
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private take(text: string): void {
    this.said += text;
    for (const { resource, scopeSpans } of JSON.parse(text).resourceSpans) {
      const service = String(valuesOf(resource.attributes)['service.name']);
      for (const { spans } of scopeSpans) for (const span of spans) this.spans.push(toTaken(service, span));
    }
  }
}

const toTaken = (service: string, span: OtlpSpan): TakenSpan => ({
  service,
  name: span.name,
  traceId: span.traceId,
  spanId: span.spanId,
  parentSpanId: span.parentSpanId,
  startMs: Number(span.startTimeUnixNano) / 1e6,
  endMs: Number(span.endTimeUnixNano) / 1e6,
  attributes: valuesOf(span.attributes),
});

const valuesOf = (attributes: OtlpAttribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
