import type { Answer, Asked } from '../stand-in.ts';

/** One integration on a curated SDK, the API that it meets, and what it has to show. */
export interface Operation {
  file: string;
  /** host to what it says */
  hosts: Record<string, Answer>;
  shown: object;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT'];

export const file = (name: string, secrets: string[], body: string) => `
  const attempt = async (work) => { try { return await work(); } catch (error) { return error.name + ': ' + error.message; } };
  module.exports = {
    metadata: { name: 'sdk-${name}', match: { contextType: 'github' }, cache: 0, secrets: ${JSON.stringify(Object.fromEntries(secrets.map((secret) => [secret, { methods: METHODS }])))} },
    run: async (context, secrets) => {
      const out = {};
      ${body}
      return [{ type: 'text', content: JSON.stringify(out) }];
    },
  };`;

export const aws = (name: string, client: string, names: string, body: string) =>
  `const { ${client}, ${names} } = require('@aws-sdk/client-${name}');${file(
    name,
    ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
    `const client = new ${client}({ region: 'eu-west-1', credentials: { accessKeyId: secrets.AWS_ACCESS_KEY_ID, secretAccessKey: secrets.AWS_SECRET_ACCESS_KEY } });
     const each = async (pages, show) => { const all = []; for await (const page of pages) all.push(...show(page)); return all; };
     ${body}`,
  )}`;

export const header = ({ headers }: Asked, name: string) => String(headers[name] ?? '');
export const target = (asked: Asked) => header(asked, 'x-amz-target').split('.').at(-1)!;
export const given = (asked: Asked) => JSON.parse(asked.body) as Record<string, never>;

/** What an API answers at the first call of its kind, at the second, and from then on. */
export const inTurn = (...answers: ReturnType<Answer>[]) => {
  let calls = 0;
  return () => answers[Math.min(calls++, answers.length - 1)]!;
};
