import { type FakeCompany, startCompany, TOKEN, text } from './fake-services.ts';

/** A gateway for each test, started as the test wants it, and asked as strangers and callers ask. */
export function edgeUnderTest() {
  let company: FakeCompany;
  afterEach(() => company?.close());

  const start = async (...args: Parameters<typeof startCompany>) => {
    company = await startCompany(...args);
    return company;
  };
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${company.gateway.url}${path}`, { method, headers });
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${company.gateway.url}/context`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...authorized, ...headers },
    });

  return { company: () => company, start, get, post };
}

export const authorized = { authorization: `Bearer ${TOKEN}` };
export const echo = { name: 'echo', run: () => ({ insights: [text('here')] }) };

/** A problem document, and one that tells nothing of our insides. */
export async function problem(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const body = (await response.json()) as {
    status: number;
    title: string;
    detail: string;
    code: string;
    errors?: { path: string }[];
    id?: string;
  };
  expect(body.status).toBe(response.status);
  expect(JSON.stringify(body)).not.toMatch(/\bat .*\.(js|ts):|node_modules|Error:/);
  return body;
}
