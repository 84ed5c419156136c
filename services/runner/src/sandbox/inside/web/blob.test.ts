import { Blob, type File } from './blob.ts';
import { FormData } from './form-data.ts';

describe('a blob', () => {
  it('is cut like a string, and keeps its type only if told', async () => {
    const slice = new Blob(['on', new Blob([' call'])], { type: 'Text/Plain' }).slice(-4, 7);
    expect([await slice.text(), slice.type]).toEqual(['call', '']);
  });

  it('becomes a file in a form', () => {
    const form = new FormData();
    form.set('a', new Blob(['x']), 'x.txt');
    expect((form.get('a') as File).name).toBe('x.txt');
    expect(() => form.set('a', 'text', 'x.txt')).toThrow('Only a Blob');
  });
});
