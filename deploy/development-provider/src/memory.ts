import type { Adapter, AdapterPayload } from 'oidc-provider';

/** What the provider remembers, for as long as it runs. */
export function memory(): (kind: string) => Adapter {
  const kept = new Map<string, { payload: AdapterPayload; until: number }>();
  return (kind) => new KindOfMemory(kind, kept);
}

class KindOfMemory implements Adapter {
  constructor(
    private readonly kind: string,
    private readonly kept: Map<string, { payload: AdapterPayload; until: number }>,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn = Number.POSITIVE_INFINITY): Promise<void> {
    this.kept.set(this.at(id), { payload, until: Date.now() + expiresIn * 1_000 });
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const found = this.kept.get(this.at(id));
    return found !== undefined && found.until > Date.now() ? found.payload : undefined;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.values().find((payload) => payload.uid === uid);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.values().find((payload) => payload.userCode === userCode);
  }

  async consume(id: string): Promise<void> {
    const found = await this.find(id);
    if (found !== undefined) found.consumed = Math.floor(Date.now() / 1_000);
  }

  async destroy(id: string): Promise<void> {
    this.kept.delete(this.at(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [at, { payload }] of this.kept) if (payload.grantId === grantId) this.kept.delete(at);
  }

  private at(id: string): string {
    return `${this.kind} ${id}`;
  }

  private values(): AdapterPayload[] {
    return [...this.kept].filter(([at]) => at.startsWith(`${this.kind} `)).map(([, { payload }]) => payload);
  }
}
