import { describeWithCompose } from './describe-with-compose.ts';
import { ask } from './src/testing/askers.ts';
import { docker } from './src/testing/deployment.ts';
import { type Ground, prepareGround } from './src/testing/ground.ts';
import { reachFrom } from './src/testing/reach.ts';
import { until } from './src/testing/until.ts';

const SERVICES = ['gateway', 'registry', 'runner', 'secrets', 'prometheus'];

describeWithCompose('docker-compose.yml with monitoring.yml', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await prepareGround(10, { files: ['deploy/compose/monitoring.yml'] });
    await ground.deployment.scale('runner', 2);
  }, 240_000);
  afterAll(() => ground?.close(), 120_000);

  it('has Prometheus see every process, runners that came later too', async () => {
    await until(async () => {
      const up = await query('sum by (job) (up)');
      return ['gateway 1', 'registry 1', 'runner 2', 'secrets 1'].every((one) => up.includes(`fingerpost-${one}`));
    });
  }, 100_000);

  it('has it follow our rules, and know our alerts', async () => {
    await prometheus('promtool', 'check', 'config', '/etc/fingerpost/prometheus.yml');
    await until(async () => {
      await ask(ground.door, `acme/page-${Math.random()}`);
      return (await query('fingerpost:answered:ratio_rate5m')).includes('fingerpost:answered:ratio_rate5m 1');
    });
  }, 120_000);

  it('tells metrics to Prometheus alone', async () => {
    const addresses = (await Promise.all(SERVICES.map((one) => ground.deployment.addresses(one)))).flat();
    const ask = `const answers = await Promise.all(${JSON.stringify(addresses)}.map((address) =>
      fetch('http://' + address + ':8081/metrics', { signal: AbortSignal.timeout(5000) })
        .then((answer) => answer.text()).then((text) => (text.includes('process_cpu_seconds_total') ? address : ''), () => '')));
      console.log(answers.filter((one) => one !== '').join());`;
    expect(addresses.length).toBeGreaterThan(15);
    for (const service of ['runner', 'secrets', 'registry'])
      expect(await ground.deployment.node(service, ask)).toBe('');
  }, 60_000);

  it('lets no runner reach Prometheus', async () => {
    const places = (await ground.deployment.addresses('prometheus')).flatMap((address) => [
      `${address}:9090`,
      `${address}:80`,
    ]);
    const found = await ground.deployment.node('runner', reachFrom({ places, names: [] }));
    expect(JSON.parse(found)).toMatchObject({ places: [] });
  }, 60_000);

  const prometheus = async (...command: string[]) =>
    docker('exec', (await ground.deployment.containers('prometheus'))[0]!, ...command);

  async function query(expression: string): Promise<string> {
    const at = (await ground.deployment.addresses('prometheus')).find((address) => address.endsWith('.130'));
    return (await prometheus('promtool', 'query', 'instant', `http://${at}:9090`, expression)).replaceAll(
      /[{}"]|job=| =>/g,
      '',
    );
  }
});
