import { Agent, request } from 'node:https';

export interface Answered {
  atMs: number;
  tookMs: number;
  /** what was wrong, in a few words */
  wrong?: string;
}

export interface Door {
  port: number;
  ca: string | undefined;
  token: string;
}

/** So many askers, each of whom asks about a new page as soon as it has its answer. */
export class Askers {
  readonly answered: Answered[] = [];
  private readonly agent: Agent;
  private readonly going: Promise<void>[];
  private isStopped = false;
  private asked = 0;

  constructor(
    private readonly door: Door,
    count: number,
    private readonly judge: (answer: unknown, page: string) => string | undefined,
  ) {
    this.agent = new Agent({ keepAlive: true, ca: door.ca, maxSockets: count });
    this.going = Array.from({ length: count }, () => this.goOn());
  }

  /** Waits for the last answers. */
  async stop(): Promise<Answered[]> {
    this.isStopped = true;
    await Promise.all(this.going);
    this.agent.destroy();
    return this.answered;
  }

  private async goOn(): Promise<void> {
    while (!this.isStopped) {
      const page = `acme/page-${this.asked++}-${Math.random().toString(36).slice(2)}`;
      const atMs = performance.now();
      const wrong = await ask(this.door, page, this.agent).then(
        (answer) => this.judge(answer, page),
        (error: Error) => error.message,
      );
      this.answered.push({ atMs, tookMs: performance.now() - atMs, ...(wrong !== undefined && { wrong }) });
    }
  }
}

/**
 * As browsers do, it asks once more where a kept connection was being closed as it was taken up again: no server can spare its clients that.
 * @returns the answer about a GitHub repository's page
 */
export function ask(door: Door, repository: string, agent?: Agent): Promise<unknown> {
  const { port, ca, token } = door;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const options = { method: 'POST', host: 'localhost', port, path: '/context', ca, agent, headers, timeout: 30_000 };
  const page = { type: 'github', url: `https://github.com/${repository}`, page: { repository, name: 'repository' } };
  return new Promise((resolve, reject) => {
    const asked = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part));
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`HTTP ${response.statusCode}`)),
      );
    });
    asked.on('error', (error: NodeJS.ErrnoException) =>
      asked.reusedSocket && error.code === 'ECONNRESET' ? resolve(ask(door, repository)) : reject(error),
    );
    asked.on('timeout', () => asked.destroy(new Error('no answer within 30 s')));
    asked.end(JSON.stringify(page));
  });
}
