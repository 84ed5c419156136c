import type { Part } from '../site.ts';
import { arnShown, isService, literally, serviceFields } from './service.ts';

/** Tables, and the pages on which their items are looked at and changed. */
export const dynamodb: Part = {
  name: 'aws.dynamodb',
  runsOn: (look) => isService(look, 'dynamodb', 'dynamodbv2'),
  read(look) {
    const { searchParams } = look.inside;
    const table = searchParams.get('name') ?? searchParams.get('table');
    if (!table) return serviceFields('dynamodb', 'tables');
    const arn = new RegExp(`arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\\d{12}:table/${literally(table)}(?![\\w.-])`);
    return serviceFields('dynamodb', 'tables', table, arnShown(look, arn, table));
  },
};
