import { findServer } from '@fingerpost/platform/testing';
import type { NatsConnection } from '@nats-io/transport-node';
import type { WireBus } from '../../../../packages/platform/src/bus/wire-bus.ts';
import { GuardedNats, type Runner } from './guarded-nats.ts';

const program = findServer('nats-server');

type Who = Parameters<GuardedNats['bus']>[0];

/** A guarded NATS, and who is on it during one test. */
export class NatsUnderTest {
  nats!: GuardedNats;
  private readonly open: { drain(): Promise<unknown> }[] = [];

  async bus(who: Who): Promise<WireBus> {
    return this.left(await this.nats.bus(who));
  }

  /** Without our bus: says whatever it likes. */
  async connect(who: Who | Runner): Promise<NatsConnection> {
    return this.left(await this.nats.connect(who));
  }

  /** Drains it after the test. */
  left<T extends { drain(): Promise<unknown> }>(one: T): T {
    this.open.push(one);
    return one;
  }

  async leave(): Promise<void> {
    await Promise.all(this.open.splice(0).map((one) => one.drain().catch(() => {})));
  }
}

/** `describe` with such a server; where there is none, the closing summary says so. */
export function describeOnGuardedNats(name: string, tests: (on: NatsUnderTest) => void): void {
  (program === undefined ? describe.skip : describe)(name, () => {
    const on = new NatsUnderTest();
    beforeAll(async () => {
      on.nats = await GuardedNats.start(program!);
    });
    afterEach(() => on.leave());
    afterAll(() => on.nats?.close());
    tests(on);
  });
}
