import type { Part } from '../site.ts';

const REGION = /[a-z]{2}(?:-[a-z]+)+-\d/;

export const region: Part = {
  name: 'aws.region',
  runsOn: () => true,
  read: ({ url }) => ({
    scope: {
      region:
        REGION.exec(url.hostname)?.[0] ??
        REGION.exec(url.searchParams.get('region') ?? '')?.[0] ??
        REGION.exec(url.pathname)?.[0] ??
        'us-east-1',
    },
  }),
};
