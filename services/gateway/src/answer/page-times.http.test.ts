import type { SpanRecord } from '@fingerpost/contracts';
import { closeSpans, openSpans } from '@fingerpost/platform';
import { type FakeCompany, startCompany, TOKEN } from '../testing/fake-services.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
let company: FakeCompany;
let told: SpanRecord[];

beforeEach(() => {
  told = [];
  openSpans({ sink: { add: (span) => void told.push(span), close: async () => {} }, isWanted: () => true });
});
afterEach(async () => {
  await closeSpans();
  await company?.close();
});

const tell = (query: string, headers: Record<string, string> = { traceparent, authorization: `Bearer ${TOKEN}` }) =>
  fetch(`${company.gateway.url}/page-times?${query}`, { method: 'POST', headers }).then(({ status }) => status);

it('takes what a page saw as its own part of the trace', async () => {
  company = await startCompany([]);
  expect(await tell('first=40&all=90')).toBe(204);
  expect(told).toEqual([expect.objectContaining({ name: 'page', spanId: 'b7ad6b7169203331', tookMs: 90 })]);
});

it('takes nothing from strangers, and nothing that is no time', async () => {
  company = await startCompany([]);
  expect(await tell('all=90', { traceparent })).toBe(401);
  for (const query of [
    '',
    'all=',
    'all=-1',
    'all=1e9',
    'all=999999999',
    'all=NaN',
    'all=90&all=91',
    'all[]=90',
    'all=90&first=x',
  ])
    expect([query, await tell(query)]).toEqual([query, 400]);
  expect(told).toEqual([]);
});

it('tells nothing under a trace that has no such page', async () => {
  company = await startCompany([]);
  expect(await tell('all=90', { authorization: `Bearer ${TOKEN}` })).toBe(204);
  expect(await tell('all=90', { authorization: `Bearer ${TOKEN}`, traceparent: '00-0-0-01' })).toBe(204);
  expect(told).toEqual([]);
});

it('has metrics at the public door only where they have none of their own', async () => {
  company = await startCompany([], { HEALTH_PORT: '0' });
  expect((await fetch(`${company.gateway.url}/metrics`)).status).toBe(404);
});
