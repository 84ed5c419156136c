import { MOST_SPANS, type SpanBatch, type SpanRecord, telemetrySubjects } from '@fingerpost/contracts';
import type { Bus } from '../bus/bus.ts';
import type { SpanWay } from '../life/run-process.ts';
import { countSpans } from './count-spans.ts';
import { openSpans, type SpanSink } from './span.ts';

const EVERY_MS = 1_000;
const TIMEOUT_MS = 2_000;
/** While nobody takes them; what is more is lost. Spans are worth less than the memory of those who run. */
const MOST_WAITING = 8 * MOST_SPANS;

/** For a service that reaches nothing but the bus: a gateway takes its spans, judges them, and passes them on in its name. */
export function spansOverBus(bus: Pick<Bus, 'request'>, runnerId: string): SpanSink {
  const counts = countSpans();
  let waiting: SpanRecord[] = [];
  let sending: Promise<void> | undefined;
  const send = async () => {
    const spans = waiting.splice(0, MOST_SPANS);
    if (spans.length === 0) return;
    try {
      await bus.request(telemetrySubjects.spans(runnerId), { spans } satisfies SpanBatch, { timeoutMs: TIMEOUT_MS });
      counts.sent(spans.length);
    } catch {
      counts.lost(spans.length);
    }
  };
  const flush = () => {
    sending ??= send().finally(() => (sending = undefined));
    return sending;
  };
  const timer = setInterval(() => void flush(), EVERY_MS).unref();
  return {
    add(span) {
      if (waiting.length < MOST_WAITING) waiting.push(span);
      else counts.lost(1);
      if (waiting.length >= MOST_SPANS) void flush();
    },
    async close() {
      clearInterval(timer);
      await sending;
      await flush();
      waiting = [];
    },
  };
}

/** For a runner: it has no setting of its own for this, and tells what gateways have begun to trace. */
export const overTheBus: SpanWay<undefined> = {
  read: () => undefined,
  open: async (_settings, _role, { bus, runnerId }) => {
    if (runnerId !== undefined) openSpans({ sink: spansOverBus(bus, runnerId), isWanted: () => false });
  },
};
