import type { Part } from '../site.ts';
import { isService } from './service.ts';

const PAGES = ['buckets', 'upload', 'object'];

export const s3: Part = {
  name: 'aws.s3',
  runsOn: (look) => isService(look, 's3'),
  read({ url, segments: [, page, bucket] }) {
    if (bucket === undefined || !PAGES.includes(page ?? '')) return { service: { name: 's3', section: 'buckets' } };
    const prefix = url.searchParams.get('prefix');
    const arn = `arn:aws:s3:::${bucket}`;
    return {
      service: { name: 's3', section: 'buckets', resourceName: bucket, arn, ...(prefix && { objectPath: prefix }) },
    };
  },
};
