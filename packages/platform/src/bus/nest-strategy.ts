import { type ArgumentsHost, Catch, type RpcExceptionFilter } from '@nestjs/common';
import { BaseRpcContext, type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, type Observable, throwError } from 'rxjs';
import type { Bus, IncomingCall, Unsubscribe } from './bus.ts';
import { Inflow } from './flow.ts';

/** What a message handler gets as `@Ctx()`: the exchange it answers. */
export class BusContext extends BaseRpcContext<[IncomingCall]> {
  get call(): IncomingCall {
    return this.getArgByIndex(0);
  }
}

/**
 * Nest's message handlers on our bus: `@MessagePattern(subject)` answers in the service's queue group, `@EventPattern(subject)` hears all.
 * Why not Nest's own NATS transport: docs/adr/0003-own-bus.md.
 */
export class BusStrategy extends Server implements CustomTransportStrategy {
  private readonly unsubscribes: Unsubscribe[] = [];
  private readonly inFlight = new Map<Promise<unknown>, IncomingCall>();

  constructor(
    private readonly bus: Bus,
    private readonly queue: string,
  ) {
    super();
  }

  listen(onListening: () => void): void {
    for (const [subject, handler] of this.messageHandlers)
      this.unsubscribes.push(handler.isEventHandler ? this.hear(subject, handler) : this.reply(subject, handler));
    onListening();
  }

  /**
   * Resolves when the last request is answered that was ours: what comes next takes down what it needs. A handler that goes on behind the
   * end of its request, deaf to its signal, is not waited for.
   */
  async close(): Promise<void> {
    for (const unsubscribe of this.unsubscribes.splice(0)) unsubscribe();
    await this.bus.flush();
    for (const [work, call] of this.inFlight) await Promise.race([work.catch(() => {}), endOf(call.signal)]);
  }

  on(): void {}

  unwrap<T>(): T {
    return this.bus as T;
  }

  private reply(subject: string, handler: MessageHandler): Unsubscribe {
    return this.bus.answer(subject, this.queue, async (call) => {
      const result = await this.followed(handler(call.message, new BusContext([call])), call);
      return isObservable(result) ? iterate(result) : result;
    });
  }

  private followed<T>(work: Promise<T>, call: IncomingCall): Promise<T> {
    this.inFlight.set(work, call);
    return work.finally(() => this.inFlight.delete(work));
  }

  // Several handlers of one event: Nest has chained them behind the first.
  private hear(subject: string, handler: MessageHandler): Unsubscribe {
    return this.bus.subscribe(subject, async (message) => {
      const result = await handler(message, new BaseRpcContext([]));
      if (isObservable(result)) for await (const _ of iterate(result));
    });
  }
}

/** Lets faults through to the bus, which knows how to tell them; Nest would replace them by one sentence. */
@Catch()
export class FaultFilter implements RpcExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

function iterate(source: Observable<unknown>): AsyncIterable<unknown> {
  const flow = new Inflow<unknown>({ onLeft: () => subscription.unsubscribe() });
  const subscription = source.subscribe({
    next: (value) => flow.push(value),
    error: (error) => flow.fail(error),
    complete: () => flow.end(),
  });
  return flow;
}

const endOf = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
