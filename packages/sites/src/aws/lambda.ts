import { segmentsOf } from '../look.ts';
import type { Part } from '../site.ts';
import { arnShown, isService, serviceFields } from './service.ts';

export const lambda: Part = {
  name: 'aws.lambda',
  runsOn: (look) => isService(look, 'lambda'),
  read(look) {
    const [section, name] = segmentsOf(look.inside);
    if (section !== 'functions' || name === undefined) return serviceFields('lambda', section, name);
    return serviceFields('lambda', section, name, arnShown(look, ['lambda', 'function:'], name));
  },
};
