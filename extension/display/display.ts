import { read, type Store } from '../store/store.ts';

/** Where a floating bar stands, as parts of the free room: it is right again in a window of another size. */
export interface FloatPlace {
  x: number;
  y: number;
}

export interface Display {
  isFloating: boolean;
  place: FloatPlace;
  /** `auto`: as the page */
  theme: 'auto' | 'light' | 'dark';
  /** shows what is sent and what comes back */
  isDebugging: boolean;
  /** answers are made up here, no gateway is asked */
  isDemo: boolean;
}

const DISPLAY = 'display';
export const HIDDEN = 'hidden';

const AT_FIRST: Display = {
  isFloating: false,
  // Above what pages have at their foot.
  place: { x: 0.5, y: 0.93 },
  theme: 'auto',
  isDebugging: false,
  isDemo: false,
};

/** How the bar shows, on all pages, and the origins where it does not. */
export class DisplaySettings {
  private changed: Promise<void> = Promise.resolve();

  constructor(private readonly store: Store) {}

  async read(): Promise<Display> {
    return { ...AT_FIRST, ...(await read<Display>(this.store, DISPLAY)) };
  }

  change(change: Partial<Display>): Promise<void> {
    return this.inTurn(async () => this.store.set({ [DISPLAY]: { ...(await this.read()), ...change } }));
  }

  async hidden(): Promise<string[]> {
    return (await read<string[]>(this.store, HIDDEN)) ?? [];
  }

  hide(origin: string): Promise<void> {
    return this.inTurn(async () => this.store.set({ [HIDDEN]: [...new Set([...(await this.hidden()), origin])] }));
  }

  show(origin: string): Promise<void> {
    return this.inTurn(async () =>
      this.store.set({ [HIDDEN]: (await this.hidden()).filter((each) => each !== origin) }),
    );
  }

  /** Of two changes at once, each reading before the other has written, one would be lost. */
  private inTurn(change: () => Promise<void>): Promise<void> {
    const changed = this.changed.then(change);
    this.changed = changed.catch(() => {});
    return changed;
  }
}
