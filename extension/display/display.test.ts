import { memoryStore } from '../testing/memory-store.ts';
import { DisplaySettings } from './display.ts';

describe('how the bar shows', () => {
  it('is as both changes say that came at once', async () => {
    const display = new DisplaySettings(memoryStore());
    await Promise.all([display.change({ place: { x: 0.1, y: 0.2 } }), display.change({ isFloating: true })]);
    expect(await display.read()).toMatchObject({ place: { x: 0.1, y: 0.2 }, isFloating: true });
  });

  it('is hidden on both sites that were hidden at once', async () => {
    const display = new DisplaySettings(memoryStore());
    await Promise.all(['https://a.dev', 'https://b.dev'].map((origin) => display.hide(origin)));
    expect(await display.hidden()).toEqual(['https://a.dev', 'https://b.dev']);
  });
});
