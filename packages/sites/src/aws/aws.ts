import type { Site } from '../site.ts';
import { account } from './account.ts';
import { cloudwatch } from './cloudwatch.ts';
import { dynamodb } from './dynamodb.ts';
import { ec2 } from './ec2.ts';
import { ecs } from './ecs.ts';
import { lambda } from './lambda.ts';
import { rds } from './rds.ts';
import { region } from './region.ts';
import { s3 } from './s3.ts';
import { service } from './service.ts';

export const aws: Site = {
  name: 'aws',
  owns: ({ hostname }) => /(^|\.)console\.aws\.amazon\.com$/.test(hostname),
  parts: [account, region, service, lambda, dynamodb, s3, ec2, ecs, cloudwatch, rds],
  readsDocument: true,
};
