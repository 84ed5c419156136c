import { type Attack, type Family, slug } from './attack.ts';
import { bridge } from './bridge.ts';
import { build } from './build.ts';
import { exhaustion } from './exhaustion.ts';
import { forgery } from './forgery.ts';
import { Ground } from './ground.ts';
import { persistence } from './persistence.ts';
import { pollution } from './pollution.ts';
import { reflection } from './reflection.ts';
import { ssrf } from './ssrf.ts';
import { theft } from './theft.ts';
import { wayOut } from './way-out.ts';

const FAMILIES: Family[] = [
  wayOut,
  exhaustion,
  persistence,
  theft,
  reflection,
  ssrf,
  bridge,
  forgery,
  pollution,
  build,
];

/** Every attack that we thought of, on a product with these settings. */
export function attackSuite(env: NodeJS.ProcessEnv): void {
  let ground: Ground;

  beforeAll(async () => {
    ground = await Ground.open(env);
  }, 180_000);
  afterAll(() => ground?.close());

  describe.each(FAMILIES)('attacks $name', ({ name, attacks }) => {
    beforeAll(() => ground.bring(attacks, slug(`newcomer ${name}`)), 120_000);

    it.each(attacks)('hurt nobody: an integration that $name', async (attack: Attack) => {
      expect(await ground.endOf(attack)).toMatch(attack.ends);
      await ground.seeThatNobodyIsHurt();
    });
  });
}
