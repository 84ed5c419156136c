#!/usr/bin/env node
import { parseArgs } from 'node:util';
import * as oauth from 'openid-client';
import { accessTokenFor } from './access.ts';
import { authorityOf } from './authority.ts';
import { Credentials } from './credentials.ts';
import { signInByBrowser } from './sign-in-by-browser.ts';
import { signInByDevice } from './sign-in-by-device.ts';

const USAGE = `fingerpost login [--gateway https://fingerpost.acme.dev] [--device]
fingerpost whoami | token | logout [--gateway ...]`;

const credentials = new Credentials();
const say = (line: string) => console.error(line);

const commands: Record<string, (gateway: string, options: { device: boolean }) => Promise<void>> = {
  login: async (gateway, { device }) => {
    const authority = await authorityOf(gateway);
    await credentials.keep(gateway, await (device ? signInByDevice : signInByBrowser)(authority, say));
    await commands.whoami!(gateway, { device });
  },
  whoami: async (gateway) => {
    const { email, subject, roles } = await viewerAt(gateway);
    console.log(`${email ?? subject} at ${gateway}; roles: ${roles.join(', ') || 'none'}`);
  },
  token: async (gateway) => console.log(await accessTokenFor(gateway, credentials)),
  logout: async (gateway) => {
    const tokens = await credentials.find(gateway);
    await credentials.forget(gateway);
    if (tokens !== undefined) await oauth.tokenRevocation(await authorityOf(gateway), tokens.refreshToken);
    say(tokens === undefined ? 'You were signed out already.' : `Signed out of ${gateway}.`);
  },
};

interface Viewer {
  subject: string;
  email?: string;
  roles: string[];
}

async function viewerAt(gateway: string): Promise<Viewer> {
  const authorization = `Bearer ${await accessTokenFor(gateway, credentials)}`;
  const response = await fetch(new URL('/whoami', gateway), { headers: { authorization } });
  if (response.ok) return (await response.json()) as Viewer;
  if (response.status === 401) throw new Error(`Your session at ${gateway} has ended. Sign in: fingerpost login`);
  throw new Error(`${gateway} does not say who you are (${response.status}).`);
}

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { gateway: { type: 'string' }, device: { type: 'boolean', default: false } },
  });
  const command = commands[positionals[0] ?? ''];
  if (command === undefined || positionals.length > 1) throw new Error(USAGE);
  const gateway = values.gateway ?? (await credentials.lastGateway()) ?? 'http://localhost:3000';
  await command(new URL(gateway).origin, values);
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
}
