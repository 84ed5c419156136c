import { traceFrom, withTrace } from '@fingerpost/platform';
import { startUpstream, type Upstream } from '../testing/upstream.ts';
import { WaysOut } from '../testing/ways-out.ts';
import { grantFor } from '../testing/world.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const inTrace = <T>(work: () => T) => withTrace(traceFrom(`00-${TRACE_ID}-b7ad6b7169203331-01`), work);

let ours: Upstream;
let others: Upstream;
let ways: WaysOut;

beforeAll(async () => {
  others = await startUpstream((_, response) => void response.end('here'));
  ours = await startUpstream(({ url }, response) => {
    if (url === '/away') response.writeHead(302, { location: `${others.url}/` });
    response.end('there');
  });
  ways = new WaysOut([ours.host, others.host]);
  Object.assign(ways, { isTold: ({ host }: URL) => host === ours.host });
});
afterAll(async () => {
  await Promise.all([ours.close(), others.close()]);
  await ways.close();
});
beforeEach(() => {
  for (const { hits } of [ours, others]) hits.length = 0;
});

const grant = () => grantFor([ours.host, others.host]);
const toldTo = ({ hits }: Upstream) => hits.map(({ headers }) => headers.traceparent);

describe('which trace a call belongs to', () => {
  it('is told to hosts that the operator named', async () => {
    await inTrace(() => ways.call(grant(), ours.url));
    expect(toldTo(ours)).toEqual([expect.stringMatching(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`))]);
  });

  it('is told to nobody else, not even where one of those redirects to them', async () => {
    await inTrace(() => ways.call(grant(), others.url));
    await inTrace(() => ways.call(grant(), `${ours.url}/away`));
    expect(toldTo(others)).toEqual([undefined, undefined]);
  });

  it('is ours to say: what an author writes there does not reach those who believe us', async () => {
    await inTrace(() => ways.call(grant(), ours.url, { headers: [['TraceParent', 'of-the-author']] }));
    expect(toldTo(ours)[0]).toContain(TRACE_ID);
  });
});
