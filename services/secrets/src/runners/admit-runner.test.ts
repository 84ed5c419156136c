import { Secret } from '@fingerpost/platform';
import { createAccount, createUser, decode, type User } from '@nats-io/jwt';
import { ADMISSION_LIFE_MS, admitRunner } from './admit-runner.ts';
import { parseRunnerKey } from './runner-key.ts';

const [account, signer] = [createAccount(), createAccount()];
const key = { account: account.getPublicKey(), seed: new Secret(Buffer.from(signer.getSeed()).toString()) };

describe('a runner', () => {
  it('is admitted in the name of its own key, for a while', async () => {
    const runner = createUser().getPublicKey();
    const { jwt, lifeMs } = await admitRunner(key, runner);
    const claims = decode<User>(jwt);
    expect(claims).toMatchObject({
      sub: runner,
      iss: signer.getPublicKey(),
      nats: { issuer_account: account.getPublicKey() },
    });
    expect(lifeMs).toBe(ADMISSION_LIFE_MS);
    expect(claims.exp! * 1_000 - Date.now()).toBeLessThanOrEqual(lifeMs + 1_000);
    expect(claims.nats.pub!.allow).toEqual(
      expect.arrayContaining([`secrets.call.${runner}`, `secrets.reveal.${runner}`]),
    );
    expect(claims.nats.sub!.allow).toEqual(
      expect.arrayContaining([`_INBOX.runner.${runner}.>`, 'runner.run runner', 'runner.inspect runner']),
    );
  });

  it('has no permission with a wildcard but for addresses that cannot be guessed', async () => {
    const { jwt } = await admitRunner(key, createUser().getPublicKey());
    const { pub, sub } = decode<User>(jwt).nats;
    const wild = [...pub!.allow!, ...sub!.allow!].filter((subject) => /[*>]/.test(subject));
    expect(wild.filter((subject) => !/^_INBOX\.(\w+\.[rc]|runner\.U[A-Z2-7]{55})\.>$/.test(subject))).toEqual([]);
  });

  it('is not admitted where there is no key to do so', async () => {
    await expect(admitRunner(undefined, createUser().getPublicKey())).rejects.toMatchObject({
      code: 'request.forbidden',
      message: expect.stringContaining('NATS_RUNNER_KEY'),
    });
  });
});

describe('the key by which runners are admitted', () => {
  const seed = Buffer.from(signer.getSeed()).toString();

  it('hides at once', () => {
    const read = parseRunnerKey(JSON.stringify({ account: account.getPublicKey(), seed }));
    expect(JSON.stringify(read)).not.toContain(seed);
    expect(read.seed.reveal()).toBe(seed);
  });

  it.each(['', '{}', 'null', '[]', `{"account":"${'A'.repeat(56)}"}`, `{"seed":"${seed}"`, `{"seed":"${seed}"}`])(
    'is not read from what is something else, and no error quotes it: %s',
    (text) => {
      expect(() => parseRunnerKey(text)).toThrow();
      expect(() => parseRunnerKey(text)).not.toThrow(seed);
    },
  );
});
