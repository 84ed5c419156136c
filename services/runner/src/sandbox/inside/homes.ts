import type { Home } from './home.ts';
import type { RecentUse } from './recent-use.ts';
import type { Room } from './room.ts';

/** The next where those before are full. */
const MOST_OF_ONE = 3;

/** Homes by what they are for. Where there are more than the most, the least recently used goes. */
export class Homes {
  /** least recently used first */
  private readonly homes = new Map<string, Home>();
  /** that are just being made: many who come at once want one, not one each */
  private readonly coming = new Map<string, Promise<Room | undefined>>();

  /** of one version; half of all: were one to fill them all, each would be closed for the next before anybody comes back to it */
  readonly mostOfOne: number;

  constructor(
    private readonly most: number,
    private readonly use: RecentUse,
  ) {
    this.mostOfOne = Math.min(MOST_OF_ONE, Math.ceil(most / 2));
  }

  get(key: string): Home | undefined {
    return this.homes.get(key);
  }

  /** least recently used first */
  get keys(): string[] {
    return [...this.homes.keys()];
  }

  /** heap of all of them together */
  get mb(): number {
    return [...this.homes.values()].reduce((sum, { memoryMb }) => sum + memoryMb, 0);
  }

  isComing(key: string): boolean {
    return this.coming.has(key);
  }

  /** Until it is there, or has failed: whoever made it hears why. */
  async come(key: string): Promise<void> {
    await this.coming.get(key)?.catch(() => {});
  }

  /** One in a room that is just being made; whoever wants the same one meanwhile waits for it. */
  open(key: string, making: Promise<Room | undefined>, homeIn: (room: Room) => Home): Promise<Room | undefined> {
    const opening = making
      .then((room) => room && { ...room, home: this.settle(key, homeIn(room)) })
      .finally(() => this.coming.delete(key));
    this.coming.set(key, opening);
    return opening;
  }

  /** From now on the most recently used. */
  settle(key: string, home: Home): Home {
    this.homes.delete(key);
    this.homes.set(key, home);
    if (this.homes.size > this.most) this.close(this.closableFor(home.owner)[0] ?? key);
    return home;
  }

  close(key: string): void {
    this.homes.get(key)!.close();
    this.homes.delete(key);
  }

  /** But for those of code that uses far less than this one: it waits for a place that is free sooner or later. */
  closableFor(owner: string): string[] {
    return [...this.homes].filter(([, home]) => !this.use.isFarAbove(owner, home.owner)).map(([key]) => key);
  }
}
