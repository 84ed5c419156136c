import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as oauth from 'openid-client';
import { type Authority, SCOPE, tokensFrom } from './authority.ts';
import type { Tokens } from './credentials.ts';

const PATIENCE_MS = 10 * 60_000;

/** By a browser on this machine, which comes back to a port of ours (RFC 8252). */
export async function signInByBrowser(authority: Authority, say: (line: string) => void): Promise<Tokens> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const callback = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  const [pkceCodeVerifier, expectedState] = [oauth.randomPKCECodeVerifier(), oauth.randomState()];
  const address = oauth.buildAuthorizationUrl(authority, {
    redirect_uri: callback,
    scope: SCOPE,
    state: expectedState,
    code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  try {
    const coming = untilItComesBack(server, callback, expectedState);
    say(`Sign in in your browser. If it does not open:\n\n  ${address.href}\n`);
    openBrowser(address.href);
    return tokensFrom(await oauth.authorizationCodeGrant(authority, await coming, { pkceCodeVerifier, expectedState }));
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Whoever comes without our state is none of our business: any program and page can reach this port. */
function untilItComesBack(server: ReturnType<typeof createServer>, callback: string, state: string): Promise<URL> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error('Nobody signed in for ten minutes.')), PATIENCE_MS);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const url = new URL(request.url ?? '/', callback);
      const isOurs = url.pathname === '/callback' && url.searchParams.get('state') === state;
      response.writeHead(isOurs ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
      response.end(isOurs ? 'You can close this page and go on in your terminal.' : '');
      if (!isOurs) return;
      clearTimeout(patience);
      response.on('close', () => resolve(url));
    });
  });
}

const OPENERS: Partial<Record<NodeJS.Platform, [string, string[]]>> = {
  darwin: ['open', []],
  win32: ['rundll32', ['url.dll,FileProtocolHandler']],
};

function openBrowser(address: string): void {
  const [program, args] = OPENERS[process.platform] ?? ['xdg-open', []];
  const child = spawn(process.env.BROWSER || program, [...(process.env.BROWSER ? [] : args), address], {
    stdio: 'ignore',
    detached: true,
  });
  child.on('error', () => {}); // the address is there to be clicked
  child.unref();
}
