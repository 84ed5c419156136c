import { segmentsOf } from '../look.ts';
import type { Part } from '../site.ts';
import { arnShown, isService, literally, serviceFields } from './service.ts';

export const lambda: Part = {
  name: 'aws.lambda',
  runsOn: (look) => isService(look, 'lambda'),
  read(look) {
    const [section, name] = segmentsOf(look.inside);
    if (section !== 'functions' || name === undefined) return serviceFields('lambda', section, name);
    const arn = new RegExp(`arn:aws[a-z-]*:lambda:[a-z0-9-]+:\\d{12}:function:${literally(name)}(?![\\w-])`);
    return serviceFields('lambda', section, name, arnShown(look, arn, name));
  },
};
