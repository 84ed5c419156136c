const KEPT_MS = 60_000;

/** Bytes by digest, of code and of data. What left service stays a minute for the runs that are under way. */
export class BundleStore {
  private readonly inService = new Map<string, Uint8Array>();
  private readonly leaving = new Map<string, { bytes: Uint8Array; until: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  replace(bundles: Map<string, Uint8Array>): void {
    for (const [digest, bytes] of this.inService)
      if (!bundles.has(digest)) this.leaving.set(digest, { bytes, until: this.now() + KEPT_MS });
    this.inService.clear();
    for (const [digest, bytes] of bundles) {
      this.inService.set(digest, bytes);
      this.leaving.delete(digest);
    }
    this.forgetOld();
  }

  get(digest: string): Uint8Array | undefined {
    return this.inService.get(digest) ?? this.leaving.get(digest)?.bytes;
  }

  forgetOld(): void {
    for (const [digest, { until }] of this.leaving) if (until < this.now()) this.leaving.delete(digest);
  }
}
