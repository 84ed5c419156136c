import {
  type CallHead,
  type CallRequest,
  Fault,
  gatewaySubjects,
  isFault,
  type RecallReply,
  type RunLimits,
  secretsSubjects,
} from '@fingerpost/contracts';
import { askAgain, type Body, type Bus, readBytes } from '@fingerpost/platform';
import type { EffectOutcome, EffectRequest } from '../sandbox/protocol.ts';
import type { SecretFilter } from './secret-filter.ts';

export interface EffectsOptions {
  bus: Bus;
  runnerId: string;
  /** signed envelopes: what the answering services judge by */
  ticket: string;
  grant: string;
  limits: RunLimits;
  /** placeholder to secret name */
  placeholders: Record<string, string>;
  /** what others would be told later must hold nothing of the run's secrets */
  filter: SecretFilter;
  /** fires when nobody waits for the run any more */
  signal: AbortSignal;
  remainingMs: () => number;
  /** Resolves when whoever asked for the run knows that it may not be done again. */
  warn: () => Promise<void>;
}

const HARMLESS = ['GET', 'HEAD'];

/** What one run may cause outside its isolate. Everything goes over the bus; nothing is done here. */
export class Effects {
  private calls = 0;
  private isHarmless = true;
  /** The secrets service has heard of this run. */
  hasCalled = false;
  private warning: Promise<void> | undefined;
  private isOver = false;

  constructor(private readonly options: EffectsOptions) {}

  /** True while the run has made no call that doing it again could harm. */
  get isRepeatable(): boolean {
    return this.isHarmless;
  }

  /** The run is over: what is under way may end, and nothing is asked again. */
  end(): void {
    this.isOver = true;
  }

  /** Never rejects: the author's code gets the fault as an error of its own call. */
  async perform(request: EffectRequest): Promise<EffectOutcome> {
    try {
      if (++this.calls > this.options.limits.calls)
        throw new Fault('run.too_many_calls', `A run may make ${this.options.limits.calls} calls.`);
      return await this.forward(request);
    } catch (error) {
      return isFault(error)
        ? { isOk: false, code: error.code, message: error.message }
        : { isOk: false, code: 'internal', message: 'The call could not be made.' };
    }
  }

  private forward(request: EffectRequest): Promise<EffectOutcome> {
    switch (request.kind) {
      case 'fetch':
        return this.fetch(request);
      case 'recall':
        return this.recall(request.key);
      case 'remember':
        return this.remember(request);
      default:
        throw new Fault('request.invalid', 'There is no such effect.');
    }
  }

  private async fetch(request: Extract<EffectRequest, { kind: 'fetch' }>): Promise<EffectOutcome> {
    const { ticket, grant, placeholders, limits } = this.options;
    this.hasCalled = true;
    const body = request.body === undefined ? undefined : Buffer.from(request.body, 'base64');
    if ((body?.byteLength ?? 0) > limits.requestBytes)
      throw new Fault(
        'outbound.too_large',
        `The request's body has ${body?.byteLength} bytes; ${limits.requestBytes} are allowed.`,
      );
    const { method, url, headers, redirect } = request;
    const call: CallRequest = {
      ticket,
      grant,
      method,
      url,
      headers,
      redirect,
      placeholders,
      bodyBytes: body?.byteLength ?? 0,
    };
    // Whoever made the call is gone, and another may make it: it is one that may be made twice.
    if (HARMLESS.includes(method)) return this.askAgain(() => this.call(call, body));
    await this.beginToAct();
    return this.call(call, body);
  }

  // The asker's word first: were it to give us up meanwhile and have the run done elsewhere, both would act.
  private beginToAct(): Promise<void> {
    this.isHarmless = false;
    this.warning ??= this.options.warn();
    return this.warning;
  }

  private async call(call: CallRequest, body?: Uint8Array): Promise<EffectOutcome> {
    const { bus, runnerId, limits } = this.options;
    const exchange = bus.call<CallHead>(secretsSubjects.call(runnerId), call, {
      ...this.callOptions(),
      body: body && once(body),
    });
    const { value: head } = await exchange[Symbol.asyncIterator]().next(); // only this one: the items end after the body
    const bytes = await readBytes(
      exchange.body,
      limits.responseBytes,
      () => new Fault('outbound.too_large', `The answer has more than ${limits.responseBytes} bytes.`),
    );
    return { isOk: true, head, body: bytes.toString('base64') };
  }

  private async recall(key: string): Promise<EffectOutcome> {
    const { ticket, filter } = this.options;
    filter.refuse(key, 'A key of the cache');
    return {
      isOk: true,
      head: await this.ask<RecallReply>(gatewaySubjects.recall, { ticket, key }),
    };
  }

  private async remember({
    key,
    value,
    ttlSeconds,
  }: Extract<EffectRequest, { kind: 'remember' }>): Promise<EffectOutcome> {
    const { ticket, filter } = this.options;
    filter.refuse([key, value], 'What is to be kept in the cache');
    await this.ask(gatewaySubjects.remember, { ticket, key, value, ttlSeconds });
    return { isOk: true, head: {} };
  }

  private ask<T>(subject: string, message: unknown): Promise<T> {
    const { bus, signal } = this.options;
    return this.askAgain((timeoutMs) => bus.request<T>(subject, message, { timeoutMs, signal }));
  }

  // A secrets service that has just been started knows nothing of the run's end, and would make the call.
  private askAgain<T>(ask: (timeoutMs: number) => Promise<T>): Promise<T> {
    return askAgain(this.options.remainingMs(), (timeoutMs) => {
      if (this.isOver) throw new Fault('bus.cancelled', 'The run is over.');
      return ask(timeoutMs);
    });
  }

  private callOptions() {
    return { timeoutMs: this.options.remainingMs(), signal: this.options.signal };
  }
}

async function* once(bytes: Uint8Array): Body {
  yield bytes;
}
