import { hash } from 'node:crypto';
import { Browser } from '../../services/gateway/src/testing/browser.ts';

const KEY = 'the key that lies in the safe';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Somebody who administers without a provider, by breaking the glass: a session in the shared store, and an API token of it. */
export class Administrator {
  /** what gateways need to know of the key */
  static readonly env = Administrator.envOf(KEY);

  static envOf(key: string): NodeJS.ProcessEnv {
    return { FINGERPOST_BREAK_GLASS: hash('sha256', key) };
  }

  private constructor(
    private readonly browser: Browser,
    readonly token: string,
  ) {}

  static async enter(address: string, key = KEY): Promise<Administrator> {
    const url = named(address);
    const browser = new Browser();
    const body = new URLSearchParams({ key, reason: 'to see whether I am still known afterwards' }).toString();
    await browser.script(`${url}/sign-in/break-glass`, { method: 'POST', body, headers: FORM });
    const wanted = JSON.stringify({ name: 'of these tests', roles: ['admin'], days: 1 });
    const headers = { 'content-type': 'application/json' };
    const made = await browser.script(`${url}/account/tokens`, { method: 'POST', body: wanted, headers });
    if (made.status !== 201) throw new Error(`No token was made: ${made.status} ${await made.text()}`);
    return new Administrator(browser, ((await made.json()) as { token: string }).token);
  }

  /** What session and token are answered with there. */
  async statusesAt(address: string): Promise<{ session: number; token: number }> {
    const url = named(address);
    const { status: session } = await this.browser.script(`${url}/account`);
    const { status: token } = await fetch(`${url}/admin/people`, { headers: this.authorization });
    return { session, token };
  }

  /** The latest events of the audit trail. */
  async trail(url: string): Promise<{ seq: number; event: { action: string } }[]> {
    const response = await fetch(`${url}/admin/audit?limit=100`, { headers: this.authorization });
    return ((await response.json()) as { rows: { seq: number; event: { action: string } }[] }).rows;
  }

  private get authorization() {
    return { authorization: `Bearer ${this.token}` };
  }
}

/** As `FINGERPOST_URL` has it: cookies and pages are that name's. */
const named = (address: string): string => address.replace('127.0.0.1', 'localhost');
