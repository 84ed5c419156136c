import type { Isolation, PageContext } from '@fingerpost/contracts';
import type { Question } from '../load.ts';
import { answers, newPage } from '../workloads/workload.ts';

/** What is run, by the type of the page that is asked about. */
export const FILES = {
  github: `module.exports = {
  metadata: { name: 'trivial', match: { contextType: 'github' } },
  run: async (context) => [{ type: 'text', content: 'Pull request ' + context.page.section.pull }],
};
`,
  aws: `const { GetFunctionConfigurationCommand, LambdaClient } = require('@aws-sdk/client-lambda');
module.exports = {
  metadata: { name: 'lambda', match: { contextType: 'aws' } },
  run: async (context, { ID, KEY }) => {
    const client = new LambdaClient({ region: 'eu-west-1', credentials: { accessKeyId: ID, secretAccessKey: KEY } });
    const { FunctionName, Runtime } = await client.send(
      new GetFunctionConfigurationCommand({ FunctionName: context.page.function }),
    );
    return [{ type: 'text', content: FunctionName + ' runs on ' + Runtime }];
  },
};
`,
  generic: `module.exports = {
  metadata: { name: 'waiting', match: { contextType: 'generic' } },
  run: async (context) => {
    const answer = await (await fetch('https://api.acme.dev/functions/' + context.page.function + '/configuration')).json();
    return [{ type: 'text', content: answer.FunctionName + ' runs on ' + answer.Runtime }];
  },
};
`,
  wiki: `module.exports = {
  metadata: { name: 'remembering', match: { contextType: 'generic' } },
  run: async (context) => [{ type: 'text', content: (await cache.get(context.page.function)) + ' runs on nodejs26.x' }],
};
`,
};

export type PageType = keyof typeof FILES;

export const SECRETS = { ID: 'AKIAIOSFODNN7EXAMPLE', KEY: 'fpplaceholder0123456789' };
export const ISOLATIONS: readonly Isolation[] = ['fresh', 'clean', 'warm'];

/** The upstream: answers at once, what it is asked for by the path. */
export function upstreamAnswer(url: string): { FunctionName: string; Runtime: string } {
  const [, name] = /functions\/([^/]+)\/configuration/.exec(url) ?? [];
  if (name === undefined) throw new Error(`Nobody asks the upstream for ${url}.`);
  return { FunctionName: name, Runtime: 'nodejs26.x' };
}

/** A page that nobody asked about before, and what must be said of it. */
function pullRequest(): Question {
  const context = newPage();
  return { context, check: answers([`Pull request ${context.url.split('/').at(-1)}`]) };
}

const awsFunction = (): Question => functionOn('aws');
const waitingFunction = (): Question => functionOn('generic');
const rememberedFunction = (): Question => functionOn('wiki');

/** By the type of their page. */
export const QUESTIONS = { github: pullRequest, aws: awsFunction, generic: waitingFunction, wiki: rememberedFunction };

let functions = 0;

function functionOn(type: 'aws' | 'generic' | 'wiki'): Question {
  const name = `fn-${++functions}`;
  const context: PageContext = { type, url: `https://console.aws.amazon.com/${name}`, page: { function: name } };
  return { context, check: answers([`${name} runs on nodejs26.x`]) };
}
