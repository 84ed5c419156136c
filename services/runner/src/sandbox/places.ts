/** So many places. Whoever finds none waits in line, for a while. */
export class Places {
  private readonly line: (() => void)[] = [];

  constructor(private free: number) {}

  /** @returns false when none became free in time */
  take(waitMs: number): Promise<boolean> {
    if (this.free > 0) {
      this.free--;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.line.splice(this.line.indexOf(enter), 1);
        resolve(false);
      }, waitMs);
      const enter = () => {
        clearTimeout(timer);
        resolve(true);
      };
      this.line.push(enter);
    });
  }

  leave(): void {
    const next = this.line.shift();
    if (next === undefined) this.free++;
    else next();
  }
}
