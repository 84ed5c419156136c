import { setTimeout as sleep } from 'node:timers/promises';
import { CONTRACT_VERSION } from '@fingerpost/contracts';
import type { AnswerHandler } from '../bus.ts';
import { jsonFrame } from '../frames.ts';
import type { Frame, Wire } from '../wire.ts';
import { WireBus } from '../wire-bus.ts';

/** Something that wires can be connected to, each as if from a process of its own. */
export interface Network {
  connect(): Promise<Wire>;
  close(): Promise<void>;
}

export const SOON = { timeoutMs: 5_000 };

/** A network that stays, and on it for each test two new buses and whatever else the test connects. */
export class BusUnderTest {
  asker: WireBus;
  answerer: WireBus;
  wires: Wire[];
  logged: { err: unknown; id?: string }[];
  private network: Network;
  private buses: WireBus[];

  constructor(makeNetwork: () => Promise<Network>) {
    beforeAll(async () => {
      this.network = await makeNetwork();
    });
    afterAll(() => this.network.close());
    beforeEach(() => this.open());
    afterEach(() => this.close());
  }

  async connectWire(): Promise<Wire> {
    const wire = await this.network.connect();
    this.wires.push(wire);
    return wire;
  }

  async connect(): Promise<WireBus> {
    const bus = new WireBus(await this.connectWire(), {
      error: (facts) => this.logged.push(facts as { err: unknown }),
    });
    this.buses.push(bus);
    return bus;
  }

  async answering(subject: string, handler: AnswerHandler, bus = this.answerer, queue = 'q'): Promise<void> {
    bus.answer(subject, queue, handler);
    await this.settle();
  }

  /** Everything said so far has reached the network, subscriptions too. */
  async settle(): Promise<void> {
    await Promise.all(this.wires.map((wire) => wire.flush()));
  }

  private async open(): Promise<void> {
    [this.wires, this.buses, this.logged] = [[], [], []];
    this.asker = await this.connect();
    this.answerer = await this.connect();
  }

  private async close(): Promise<void> {
    await Promise.all(this.buses.map((bus) => bus.drain()));
    await Promise.all(this.wires.map((wire) => wire.close()));
  }
}

/** A request as it looks on the wire; `undefined` leaves a header out. */
export function request(message: unknown, headers: Record<string, string | undefined> = {}): Frame {
  const all = { 'fp-contract': String(CONTRACT_VERSION), 'fp-deadline': '5000', 'fp-kind': 'request', ...headers };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { headers: Object.fromEntries(given), payload: jsonFrame('request', message).payload };
}

export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(2);
}
