import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '@fingerpost/platform';
import { findServer, freePort } from '@fingerpost/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startUpstream } from '../testing/upstream.ts';
import { VaultClient } from './vault-client.ts';

const token = new Secret('root');
const program = findServer('bao');

(program === undefined ? describe.skip : describe)('the client of Vault', () => {
  let child: ChildProcess;
  let folder: string;
  let url: URL;
  let ca: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-bao-'));
    const port = await freePort();
    url = new URL(`https://127.0.0.1:${port}`);
    const args = ['-dev', '-dev-tls', `-dev-tls-cert-dir=${folder}`, '-dev-root-token-id=root', '-dev-no-store-token'];
    child = spawn(program!, ['server', ...args, `-dev-listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
    while (!(await readdir(folder)).some((name) => name.includes('ca'))) await sleep(50);
    await sleep(1_000);
    ca = readFileSync(join(folder, (await readdir(folder)).find((name) => name.includes('ca'))!), 'utf8');
  }, 30_000);
  afterAll(async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    await rm(folder, { recursive: true, force: true });
  });

  it('believes the authority of the settings, and no server that has another', async () => {
    const trusting = new VaultClient({ url, ca });
    expect((await trusting.send('GET', 'auth/token/lookup-self', { token })).status).toBe(200);
    await trusting.close();
    const distrusting = new VaultClient({ url });
    await expect(distrusting.send('GET', 'auth/token/lookup-self', { token })).rejects.toMatchObject({
      code: 'secret.unavailable',
      message: 'Vault cannot be reached.',
    });
    await distrusting.close();
  });

  it('speaks of its namespace alone', async () => {
    const outer = new VaultClient({ url, ca });
    await outer.send('POST', 'sys/namespaces/team', { token, body: {} });
    const inner = new VaultClient({ url, ca, namespace: 'team' });
    await inner.send('POST', 'sys/mounts/secret', { token, body: { type: 'kv', options: { version: '2' } } });
    await sleep(500);
    await inner.send('POST', 'secret/data/fingerpost/KEY', { token, body: { data: { value: 'of the team' } } });
    const path = 'secret/data/fingerpost/KEY';
    expect((await inner.send('GET', path, { token })).data.data).toEqual({ value: 'of the team' });
    expect((await outer.send('GET', path, { token })).status).toBe(404);
    await Promise.all([inner.close(), outer.close()]);
  });

  it('follows a standby to the active one once, with its token, and never to another protocol', async () => {
    const standby = await startUpstream(({ url: path }, response) => {
      const to = path.includes('other') ? `https://127.0.0.1:1${path}` : `${active.url}${path}`;
      response.writeHead(307, { location: to }).end();
    });
    const active = await startUpstream((hit, response) => {
      const body = JSON.stringify({ data: { token: hit.headers['x-vault-token'] } });
      response.writeHead(hit.url.includes('again') ? 307 : 200, { location: `${standby.url}/v1/x` }).end(body);
    });
    const client = new VaultClient({ url: new URL(standby.url) });
    expect((await client.send('GET', 'x', { token })).data).toEqual({ token: 'root' });
    await expect(client.send('GET', 'again', { token })).rejects.toMatchObject({ code: 'secret.unavailable' });
    await expect(client.send('GET', 'other', { token })).rejects.toThrow('redirected to where its token may not go');
    await client.close();
    await Promise.all([standby.close(), active.close()]);
  });

  it.each(['<html>hello hvs.canary</html>', '"hvs.canary"', '{"data":'])(
    'does not quote an answer that is none: %s',
    async (text) => {
      const odd = await startUpstream((_hit, response) => void response.end(text));
      const client = new VaultClient({ url: new URL(odd.url) });
      const error = await client.send('GET', 'x', { token }).catch((error: Error) => error);
      expect(error).toMatchObject({ code: 'secret.unavailable' });
      expect(`${(error as Error).message}${(error as Error).cause}`).not.toContain('canary');
      await client.close();
      await odd.close();
    },
  );
});
