import { Fault, runnerSubjects } from '@fingerpost/contracts';
import { LocalExchange, WireBus } from '@fingerpost/platform';
import { readiness } from '../health/readiness.ts';
import { CatalogueNews, SecretsNews } from './news.ts';
import { RunnersNews } from './runners-news.ts';

const SOON = { timeout: 3_000 };

describe('whether runners are there', () => {
  const exchange = new LocalExchange();
  const connect = () => new WireBus(exchange.connect(), { error: () => {} });
  const [gateway, runner] = [connect(), connect()];
  let clock = 1_000;
  let news: RunnersNews;
  const said = async () => (await health.report()).checks.runners;
  const health = (() => {
    const [catalogue, secrets] = [new CatalogueNews(), new SecretsNews()];
    news = new RunnersNews(gateway, () => clock);
    return readiness(catalogue, secrets, news);
  })();

  afterAll(async () => {
    news.close();
    await Promise.all([gateway.drain(), runner.drain()]);
  });

  it('is not known at first, and no reason for a start to fail', async () => {
    expect(await said()).toBe('nothing heard of a runner yet');
  });

  it(
    'is found out without anybody who wants a run, and a runner that is full is there',
    async () => {
      let hasRefused = () => {};
      const refused = new Promise<void>((resolve) => (hasRefused = resolve));
      const leave = runner.answer(runnerSubjects.run, 'runner', async ({ message }) => {
        expect(message).toEqual({}); // no ticket: nothing that could be run
        hasRefused();
        throw new Fault('runner.full', 'full');
      });
      await refused;
      await until(async () => (await said()) === 'ok');
      leave();
    },
    SOON.timeout,
  );

  it('is told when nobody has answered for a while', async () => {
    clock += 12_000;
    expect(await said()).toBe('nothing heard of a runner for 12 s');
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}
