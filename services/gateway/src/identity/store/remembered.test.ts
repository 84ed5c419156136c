import type { Change } from './identity-store.ts';
import { Remembered } from './remembered.ts';

function open() {
  let tell: (change: Change) => void = () => {};
  const forgotten: string[] = [];
  const watch = (listener: (change: Change) => void) => {
    tell = listener;
    return () => {};
  };
  const options = { shelves: ['token'], most: 10, onForget: (id: string) => forgotten.push(id) };
  return {
    remembered: new Remembered<{ n: number }>({ watch }, options),
    tell: (change: Change) => tell(change),
    forgotten,
  };
}

describe('what is remembered', () => {
  it('is what was read, until that changes', async () => {
    const { remembered, tell, forgotten } = open();
    await remembered.find('a', async () => ({ n: 1 }));
    tell({ shelf: 'person', id: 'a' });
    expect(remembered.get('a')).toEqual({ n: 1 });
    tell({ shelf: 'token', id: 'a' });
    expect(remembered.get('a')).toBeUndefined();
    expect(forgotten).toEqual(['a']);
  });

  it.each<Change>(['anything', { shelf: 'token', id: 'a' }])(
    'is not what was read before a change (%j) that was heard of since',
    async (change) => {
      const { remembered, tell } = open();
      let finish = (_value: { n: number }) => {};
      const read = new Promise<{ n: number }>((resolve) => (finish = resolve));
      const found = remembered.find('a', () => read);
      tell(change);
      finish({ n: 1 });
      expect(await found).toEqual({ n: 1 });
      expect(remembered.get('a')).toBeUndefined();
    },
  );
});
