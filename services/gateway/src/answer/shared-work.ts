import { Fault } from '@fingerpost/contracts';

interface Flight<T> {
  result: Promise<T>;
  waiting: number;
  abort: AbortController;
}

/** Many who want the same at the same time wait for one piece of work. It is called off when the last of them has gone. */
export class SharedWork<T> {
  private readonly flights = new Map<string, Flight<T>>();

  /** Without a signal the caller never leaves. `start` is called when nobody else waits under this key. */
  async join(key: string, signal: AbortSignal | undefined, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal?.aborted === true) throw new Fault('bus.cancelled', 'The caller has gone.');
    const flight = this.flights.get(key) ?? this.begin(key, start);
    flight.waiting++;
    const leave = () => this.leave(key, flight);
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return await flight.result;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  isUnderWay(key: string): boolean {
    return this.flights.has(key);
  }

  private begin(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abort = new AbortController();
    const flight: Flight<T> = { result: start(abort.signal), waiting: 0, abort };
    this.flights.set(key, flight);
    const land = () => this.forget(key, flight);
    flight.result.then(land, land);
    return flight;
  }

  private leave(key: string, flight: Flight<T>): void {
    flight.waiting--;
    if (flight.waiting > 0) return;
    this.forget(key, flight); // whoever comes now starts anew
    flight.abort.abort();
  }

  private forget(key: string, flight: Flight<T>): void {
    if (this.flights.get(key) === flight) this.flights.delete(key);
  }
}
