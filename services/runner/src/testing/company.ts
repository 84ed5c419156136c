import { createHash } from 'node:crypto';
import {
  type CallHead,
  type CallRequest,
  gatewaySubjects,
  type RevealRequest,
  registrySubjects,
  secretsSubjects,
} from '@fingerpost/contracts';
import {
  createLog,
  generateSigningKey,
  LocalExchange,
  letterTo,
  Signer,
  type SigningKey,
  signCertificate,
  WireBus,
} from '@fingerpost/platform';

export const CANARY = 'canary/of a "revealed" value';
export const log = createLog('test', { level: 'silent', format: 'json' });

/** What stands around a runner: a registry, a secrets service and a gateway that do only what the test says, with real signatures. */
export class Company {
  readonly calls: { request: CallRequest; subject: string; body: string }[] = [];
  readonly reveals: string[] = [];
  /** what befalls the secrets service at its next call */
  onCall = () => {};
  readonly exchange = new LocalExchange();
  private readonly buses: WireBus[] = [];
  readonly bus = this.connect();
  private readonly bundles = new Map<string, Buffer>();
  private readonly revisions: Record<string, number> = {};
  private epoch = 1;

  private constructor(
    readonly rootKey: SigningKey['publicKey'],
    readonly signTicket: Signer,
    readonly signGrant: Signer,
  ) {
    this.answerAsRegistry();
    this.answerAsSecrets();
    this.bus.answer(gatewaySubjects.remember, 'gateway', async () => ({}));
  }

  static async start(): Promise<Company> {
    const root = await generateSigningKey();
    const signerOf = async (role: 'gateway' | 'registry') => {
      const { privateKey, publicKey } = await generateSigningKey();
      const certificate = { role, publicKey, expiresAt: Date.now() + 60_000 };
      return new Signer(privateKey, await signCertificate(root.privateKey, certificate));
    };
    return new Company(root.publicKey, await signerOf('gateway'), await signerOf('registry'));
  }

  connect(): WireBus {
    const bus = new WireBus(this.exchange.connect(), log);
    this.buses.push(bus);
    return bus;
  }

  /** Puts bytes into the registry; another `digest` than theirs only to see it refused. */
  store(bytes: string, digest = createHash('sha256').update(bytes).digest('hex')): string {
    this.bundles.set(digest, Buffer.from(bytes));
    return digest;
  }

  grant(digest: string): void {
    this.revisions[digest] = 1;
  }

  revoke(digest: string): void {
    delete this.revisions[digest];
    this.epoch++;
  }

  async close(): Promise<void> {
    for (const bus of this.buses) await bus.drain();
  }

  private answerAsRegistry(): void {
    this.bus.answer(registrySubjects.bundle, 'registry', async (call) => {
      await call.sendBytes(this.bundles.get((call.message as { digest: string }).digest) ?? new Uint8Array());
    });
    this.bus.answer(registrySubjects.grants, 'registry', async (call) => {
      const { nonce } = call.message as { nonce?: string };
      const list = { epoch: this.epoch, revisions: this.revisions, nonce };
      await call.sendBytes(Buffer.from(await this.signGrant.sign('grant-list', list)));
    });
  }

  private answerAsSecrets(): void {
    this.bus.answer(secretsSubjects.anyReveal, 'secrets', async (call) => {
      this.reveals.push(call.subject);
      const { address } = call.message as RevealRequest;
      return { letter: await letterTo(address, JSON.stringify({ KEY: CANARY })) };
    });
    this.bus.answer(secretsSubjects.anyCall, 'secrets', async (call) => {
      this.onCall();
      let body = '';
      for await (const chunk of call.body) body += Buffer.from(chunk).toString();
      this.calls.push({ request: call.message as CallRequest, subject: call.subject, body });
      call.sendItem(ANSWERED);
      await call.sendBytes(Buffer.from(JSON.stringify({ big: 'x'.repeat(1_500_000) })));
    });
  }
}

const ANSWERED: CallHead = {
  status: 200,
  statusText: 'OK',
  headers: [],
  url: 'https://api.acme.dev/',
  isRedirected: false,
};
