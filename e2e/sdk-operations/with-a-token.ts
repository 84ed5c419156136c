import { CANARIES as REAL } from '../curated-sdks.ts';
import { file, given, inTurn, type Operation } from './operation.ts';

const unavailableThenKnown = inTurn({ status: 503, body: '' }, { body: { ok: true, user: 'bot' } });

export const TOKEN_OPERATIONS: Record<string, Operation> = {
  octokit: {
    file: `const { Octokit } = require('@octokit/rest');${file(
      'octokit',
      ['GH_TOKEN'],
      `const octokit = new Octokit({ auth: secrets.GH_TOKEN, log: { debug() {}, info() {}, warn() {}, error() {} } });
       out.issues = await octokit.paginate(octokit.issues.listForRepo, { owner: 'acme', repo: 'webshop' }, ({ data }) => data.map((one) => one.title));
       const { data, headers } = await octokit.repos.get({ owner: 'acme', repo: 'webshop' });
       out.left = [data.full_name, headers['x-ratelimit-remaining']];
       out.created = (await octokit.issues.create({ owner: 'acme', repo: 'webshop', title: 'Größe' })).data.title;
       out.missing = await attempt(() => octokit.repos.get({ owner: 'acme', repo: 'none' }));
       out.readme = (await octokit.repos.getReadme({ owner: 'acme', repo: 'webshop', mediaType: { format: 'raw' } })).data;`,
    )}`,
    hosts: {
      'api.github.com': (asked) => {
        const { pathname, searchParams } = new URL(asked.path, 'https://api.github.com');
        const headers = { 'content-type': 'application/json; charset=utf-8', 'x-ratelimit-remaining': '41' };
        if (asked.headers.authorization !== `token ${REAL.GH_TOKEN}`) return { status: 401, headers, body: {} };
        if (asked.method === 'POST') return { status: 201, headers, body: { title: given(asked).title } };
        if (pathname.endsWith('/none')) return { status: 404, headers, body: { message: 'Not Found' } };
        if (pathname.endsWith('/readme'))
          return { headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' }, body: '# Webshop' };
        if (!pathname.endsWith('/issues')) return { headers, body: { full_name: 'acme/webshop' } };
        const next = '<https://api.github.com/repos/acme/webshop/issues?page=2>; rel="next"';
        return searchParams.get('page') === '2'
          ? { headers, body: [{ title: 'two' }] }
          : { headers: { ...headers, link: next }, body: [{ title: 'one' }] };
      },
    },
    shown: {
      issues: ['one', 'two'],
      left: ['acme/webshop', '41'],
      created: 'Größe',
      missing: 'HttpError: Not Found',
      readme: '# Webshop',
    },
  },
  slack: {
    file: `const { WebClient } = require('@slack/web-api');${file(
      'slack',
      ['SLACK_TOKEN'],
      `const slack = new WebClient(secrets.SLACK_TOKEN, { retryConfig: { retries: 1, minTimeout: 10, maxTimeout: 20 } });
       out.posted = (await slack.chat.postMessage({ channel: 'C1', text: 'Grüße', blocks: [{ type: 'divider' }] })).message.text;
       out.channels = [];
       for await (const page of slack.paginate('conversations.list', { limit: 1 })) out.channels.push(...page.channels.map((one) => one.name));
       out.again = (await slack.auth.test()).user;
       out.refused = await attempt(() => slack.users.info({ user: 'U1' }));`,
    )}`,
    hosts: {
      'slack.com': (asked) => {
        if (asked.headers.authorization !== `Bearer ${REAL.SLACK_TOKEN}`) return { status: 401, body: {} };
        const form = new URLSearchParams(asked.body);
        if (asked.path.endsWith('chat.postMessage')) return { body: { ok: true, message: { text: form.get('text') } } };
        if (asked.path.endsWith('auth.test')) return unavailableThenKnown();
        if (asked.path.endsWith('users.info')) return { body: { ok: false, error: 'user_not_found' } };
        return form.has('cursor')
          ? { body: { ok: true, channels: [{ name: 'random' }], response_metadata: { next_cursor: '' } } }
          : { body: { ok: true, channels: [{ name: 'general' }], response_metadata: { next_cursor: 'c' } } };
      },
    },
    shown: {
      posted: 'Grüße',
      channels: ['general', 'random'],
      again: 'bot',
      refused: 'WebAPIPlatformError: An API error occurred: user_not_found',
    },
  },
};
