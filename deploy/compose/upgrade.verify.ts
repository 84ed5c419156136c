import { commandsOf } from '../../e2e/commands-of.ts';
import { checkoutOf, imagesOf } from '../../e2e/upgrades/checkout-of.ts';
import { previousCommit, versionOf } from '../../e2e/upgrades/commits.ts';
import { describeWithCompose } from './describe-with-compose.ts';
import { type Ground, prepareGround } from './src/testing/ground.ts';
import { whileAsked } from './src/testing/while-asked.ts';

const SERVICES = ['gateway', 'registry', 'runner', 'secrets'];

/** docs/operations/compose.md, word for word, from the images of FINGERPOST_UPGRADE_FROM to those of what is committed, and back. */
describeWithCompose('nobody who goes on asking notices, by compose,', () => {
  let ground: Ground;
  let earlier: ReturnType<typeof checkoutOf>;
  const version = versionOf('HEAD');

  beforeAll(async () => {
    earlier = checkoutOf(process.env.FINGERPOST_UPGRADE_FROM ?? previousCommit());
    imagesOf(earlier, SERVICES);
    ground = await prepareGround(50, { checkout: earlier.folder, version: earlier.version });
  }, 1_200_000);
  afterAll(() => ground?.close(), 120_000);

  it('an upgrade', () => expectUnnoticed('Upgrade', version), 900_000);

  it('the way back', () => expectUnnoticed('Back again', earlier.version), 600_000);

  async function expectUnnoticed(heading: string, release: string): Promise<void> {
    const { deployment, door } = ground;
    const doors = await deployment.containers('edge');
    const commands = commandsOf('compose.md', heading).replaceAll('<release>', release);
    const seen = await whileAsked(door, `${heading}: ${release}`, () => deployment.type(commands));
    deployment.env.FINGERPOST_VERSION = release;
    expect(await imagesOfServices()).toEqual(SERVICES.map((service) => `fingerpost/${service}:${release}`));
    expect(seen.wrong).toEqual({});
    const isSameDoor = doors.join() === (await deployment.containers('edge')).join();
    // One container has the port: where a release has another door, nobody is there for some seconds.
    if (isSameDoor) expect(seen.shut).toBe(0);
  }

  const imagesOfServices = async () =>
    (await Promise.all(SERVICES.map((service) => ground.deployment.inspect(service, '{{.Config.Image}}')))).flat();
});
