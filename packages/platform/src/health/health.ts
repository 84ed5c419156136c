/** What a service needs to be of use, asked by name. */
export class Health {
  private readonly checks = new Map<string, () => Promise<void> | void>();
  private isClosing = false;

  /** `check` throws, with a sentence for the operator, when the thing is not there. */
  add(name: string, check: () => Promise<void> | void): void {
    this.checks.set(name, check);
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
    const isReady = !this.isClosing && results.every(([, result]) => result === 'ok');
    return { isReady, checks: { ...Object.fromEntries(results), ...(this.isClosing ? { life: 'closing' } : {}) } };
  }
}
