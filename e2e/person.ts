/** A person with a browser of few words: follows redirects, keeps cookies, and chooses who to be at the development provider. */
export class Person {
  private readonly jar = new Map<string, { name: string; value: string; path: string }>();

  constructor(private readonly sub: 'ada' | 'ben') {}

  /** @returns where it ended, and the page there */
  async open(address: string, form?: Record<string, string>): Promise<{ url: URL; html: string }> {
    let url = new URL(address);
    let response = await this.ask(url, form);
    for (let hop = 0; hop < 20; hop++) {
      const location = response.headers.get('location');
      if (location !== null) url = new URL(location, url);
      else {
        const html = await response.text();
        const [, choosing] = /action="(\/interaction\/[^"]+)"/.exec(html) ?? [];
        if (choosing === undefined) return { url, html };
        url = new URL(choosing, url);
      }
      response = await this.ask(url, location === null ? { sub: this.sub } : undefined);
    }
    throw new Error(`too many redirects, the last one to ${url}`);
  }

  private async ask(url: URL, form?: Record<string, string>): Promise<Response> {
    const cookies = [...this.jar.values()].filter(({ path }) => url.pathname.startsWith(path));
    const response = await fetch(url, {
      redirect: 'manual',
      method: form === undefined ? 'GET' : 'POST',
      body: form && new URLSearchParams(form),
      headers: {
        accept: 'text/html',
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
        'sec-fetch-site': 'same-origin',
        cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
      },
    });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return response;
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/';
    if (value === '') this.jar.delete(`${name} ${path}`);
    else this.jar.set(`${name} ${path}`, { name, value, path });
  }
}
