/** A folder, a bus, and what registries need of others: certificates, and somebody who inspects code. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import {
  Fault,
  type InspectReply,
  type MatchReply,
  registrySubjects,
  runnerSubjects,
  secretsSubjects,
} from '@fingerpost/contracts';
import {
  createLog,
  generateSigningKey,
  LocalExchange,
  type Service,
  signCertificate,
  Verifier,
  WireBus,
} from '@fingerpost/platform';
import type { Database } from '@fingerpost/platform/database';
import type { RegistrySettings } from '../config.ts';
import { startRegistry } from '../index.ts';

export const log = createLog('test', { level: 'silent', format: 'json' });

export const integration = (name: string, more = '', content = name) =>
  `module.exports = { metadata: { name: '${name}', match: { contextType: 'github', context: { 'page.repository': { startsWith: 'acme/' } } }, ${more} }, run: async () => [{ type: 'text', content: '${content}' }] };`;

export class Company {
  readonly bus: WireBus;
  readonly inspected: number[] = [];
  private readonly exchange = new LocalExchange();
  private readonly buses: WireBus[] = [];

  private constructor(
    readonly folder: string,
    readonly verifier: Verifier,
  ) {
    this.bus = this.connect();
  }

  static async start(): Promise<Company> {
    const root = await generateSigningKey();
    const folder = await mkdtemp(join(tmpdir(), 'registry-'));
    const company = new Company(folder, new Verifier([root.publicKey]));
    company.bus.answer(secretsSubjects.certify('registry'), 'secrets', async ({ message }) => {
      const { publicKey } = message as { publicKey: object };
      const certificate = { role: 'registry' as const, publicKey, expiresAt: Date.now() + 60_000 };
      return { certificate: await signCertificate(root.privateKey, certificate) };
    });
    return company;
  }

  answerInspections(): void {
    this.bus.answer(runnerSubjects.inspect, 'runner', async ({ message, body }) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      this.inspected.push((message as { codeBytes: number }).codeBytes);
      return inspect(Buffer.concat(chunks).toString());
    });
  }

  async startRegistry(database: Database, settings: Partial<RegistrySettings> = {}): Promise<Service> {
    const defaults = {
      integrationsFolder: this.folder,
      isFolderApproved: true,
      revealed: [],
      walls: 'process' as const,
      allowedContextTypes: ['github', 'aws', 'generic'],
    };
    return await startRegistry({ settings: { ...defaults, ...settings }, bus: this.connect(), log, database });
  }

  async write(file: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.folder, file)), { recursive: true });
    await writeFile(join(this.folder, file), text);
  }

  remove(file: string): Promise<void> {
    return rm(join(this.folder, file));
  }

  match(more: object = {}): Promise<MatchReply> {
    const context = {
      type: 'github',
      url: 'https://github.com/acme/webshop',
      page: { repository: 'acme/webshop' },
    };
    return this.bus.request<MatchReply>(
      registrySubjects.match,
      { context, groups: [], ...more },
      { timeoutMs: 15_000 },
    );
  }

  async names(): Promise<string[]> {
    return (await this.match()).integrations.map(({ name }) => name);
  }

  async bytes(subject: string, message: object): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.bus.call(subject, message, { timeoutMs: 15_000 }).body) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  async close(): Promise<void> {
    await Promise.all(this.buses.map((bus) => bus.drain()));
    await rm(this.folder, { recursive: true });
  }

  private connect(): WireBus {
    const bus = new WireBus(this.exchange.connect(), log);
    this.buses.push(bus);
    return bus;
  }
}

/** Evaluates metadata as a runner does, apart from the walls. Only for tests. */
async function inspect(code: string): Promise<InspectReply> {
  let exports: { metadata?: unknown; run?: unknown; shouldRun?: unknown };
  try {
    exports = runInNewContext(`${code}; __integration`, {}, { timeout: 1_000 });
  } catch (error) {
    throw new Fault('metadata.invalid', (error as Error).message);
  }
  const metadata = JSON.stringify(exports.metadata ?? null, (_key, value) => {
    if (Object.prototype.toString.call(value) === '[object RegExp]')
      return { $pattern: { source: value.source, flags: value.flags } };
    return typeof value === 'function' ? { $function: value.name } : value;
  });
  return {
    metadata: JSON.parse(metadata),
    hasRun: typeof exports.run === 'function',
    hasShouldRun: exports.shouldRun !== undefined,
  };
}
