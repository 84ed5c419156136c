import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:tls';

/** Redis, by TLS. @returns the first line of the answer */
export function tell(port: number, ca: string, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', ca: readFileSync(ca) }, () => socket.write(`${line}\r\n`));
    socket.on('error', reject).once('data', (bytes) => {
      resolve(`${bytes}`.split('\r\n')[0]!);
      socket.destroy();
    });
  });
}

interface Answer {
  auth?: { client_token: string };
  data?: object;
  errors?: string[];
}

/** OpenBao, whoever vouches for it. */
export function ask(port: number, method: string, path: string, token = '', body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method, port, host: '127.0.0.1', path: `/v1/${path}`, rejectUnauthorized: false };
    const asked = request({ ...options, headers: { 'x-vault-token': token } }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve(text === '' ? {} : JSON.parse(text));
    });
    asked.on('error', reject).end(body && JSON.stringify(body));
  });
}
