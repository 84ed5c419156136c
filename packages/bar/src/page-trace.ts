/** A page's question is where its trace begins; the gateway says in its answer whether anybody looks. */
export class PageTrace {
  readonly traceparent = `00-${randomHex(16)}-${randomHex(8)}-00`;
  private readonly startedAt = performance.now();
  private firstMs: number | undefined;

  /** Something is there for the engineer to see. */
  seen(): void {
    this.firstMs ??= this.tookMs();
  }

  /** Where to tell what was seen, if anybody looks. */
  toTell(reply: Response): string | undefined {
    const isLookedAt = /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(reply.headers.get('traceresponse') ?? '');
    return isLookedAt ? `/page-times?first=${this.firstMs ?? this.tookMs()}&all=${this.tookMs()}` : undefined;
  }

  private tookMs(): number {
    return Math.round(performance.now() - this.startedAt);
  }
}

const randomHex = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('');
