/** As much of a browser as signing in needs: cookies by host, redirects, and saying whose page asks. */
export class Browser {
  private readonly jars = new Map<string, Map<string, string>>();
  /** every address that it has been to */
  readonly history: string[] = [];

  constructor(private readonly userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0') {}

  /** What was arrived at, after all redirects. */
  async open(url: string): Promise<Page> {
    return await this.follow(await this.ask(url));
  }

  /** A form of that page, sent to where it says. */
  async send(page: Page, action: string, fields: Record<string, string>): Promise<Page> {
    const url = new URL(action, page.url);
    const body = new URLSearchParams(fields).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
    return await this.follow(await this.ask(url.href, { method: 'POST', body, headers }));
  }

  /** What a script of a page at `from` asks. */
  async script(url: string, { from = url, ...init }: RequestInit & { from?: string } = {}): Promise<Response> {
    const isOwn = new URL(from).origin === new URL(url).origin;
    const headers = {
      ...(init.headers as Record<string, string>),
      ...((!isOwn || (init.method ?? 'GET') !== 'GET') && { origin: new URL(from).origin }),
      'sec-fetch-site': isOwn ? 'same-origin' : 'cross-site',
    };
    return (await this.ask(url, { ...init, headers })).response;
  }

  cookies(url: string): Record<string, string> {
    return Object.fromEntries(this.jarOf(url));
  }

  setCookie(url: string, name: string, value: string): void {
    this.jarOf(url).set(name, value);
  }

  private async follow(page: Page): Promise<Page> {
    let here = page;
    for (let hops = 0; here.response.headers.has('location'); hops++) {
      if (hops > 12) throw new Error(`goes round in circles: ${this.history.slice(-4)}`);
      here = await this.ask(new URL(here.response.headers.get('location')!, here.url).href);
    }
    return here;
  }

  /** One request, no redirect. */
  async ask(url: string, init: RequestInit = {}): Promise<Page> {
    this.history.push(url);
    const jar = this.jarOf(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { 'user-agent': this.userAgent, accept: 'text/html, application/json', ...(cookie && { cookie }) };
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...headers, ...init.headers } });
    for (const line of response.headers.getSetCookie()) {
      const [name, value = ''] = line.split(';', 1)[0]!.split(/=(.*)/s) as [string, string];
      if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return { url, response, text: await response.clone().text() };
  }

  private jarOf(url: string): Map<string, string> {
    const { hostname } = new URL(url);
    const jar = this.jars.get(hostname) ?? new Map<string, string>();
    this.jars.set(hostname, jar);
    return jar;
  }
}

export interface Page {
  url: string;
  response: Response;
  text: string;
}
