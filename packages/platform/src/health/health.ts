/** What a service needs to be of use, asked by name. */
export class Health {
  private readonly checks = new Map<string, () => Promise<void> | void>();
  private readonly harmless = new Set<string>();
  private isClosing = false;

  /** `check` throws, with a sentence for the operator, when the thing is not there. */
  add(name: string, check: () => Promise<void> | void): void {
    this.checks.set(name, check);
  }

  /** The same for what only some answers need: named in the report, and ready all the same. */
  watch(name: string, check: () => Promise<void> | void): void {
    this.checks.set(name, check);
    this.harmless.add(name);
  }

  /** From here on not ready: load balancers look elsewhere while the last requests finish. */
  startClosing(): void {
    this.isClosing = true;
  }

  async report(): Promise<{ isReady: boolean; checks: Record<string, string> }> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]): Promise<[string, string]> => {
        try {
          await check();
          return [name, 'ok'];
        } catch (error) {
          return [name, error instanceof Error ? error.message : 'failed'];
        }
      }),
    );
    const isReady = !this.isClosing && results.every(([name, result]) => result === 'ok' || this.harmless.has(name));
    return { isReady, checks: { ...Object.fromEntries(results), ...(this.isClosing ? { life: 'closing' } : {}) } };
  }
}
