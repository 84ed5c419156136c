import type { Part } from '../site.ts';
import { arnShown, isService, serviceFields } from './service.ts';

/** Tables, and the pages on which their items are looked at and changed. */
export const dynamodb: Part = {
  name: 'aws.dynamodb',
  runsOn: (look) => isService(look, 'dynamodb', 'dynamodbv2'),
  read(look) {
    const { searchParams } = look.inside;
    const table = searchParams.get('name') ?? searchParams.get('table');
    if (!table) return serviceFields('dynamodb', 'tables');
    return serviceFields('dynamodb', 'tables', table, arnShown(look, ['dynamodb', 'table/'], table));
  },
};
