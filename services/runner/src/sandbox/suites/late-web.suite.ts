import { DEFAULT_LIMITS } from '@fingerpost/contracts';
import type { EffectOutcome } from '../protocol.ts';
import { running, type SandboxUnderTest } from './sandbox-under-test.ts';

export function lateWebSuite({ insights }: SandboxUnderTest): void {
  describe('an integration that names no API of the web, and wakes without them', () => {
    const named = (name: string) => `globalThis[${JSON.stringify([...name])}.join('')]`;
    it('has them when it asks by a name that nobody saw beforehand', async () => {
      const body = `return String(new (${named('URL')})('/a?b=ü', 'https://acme.dev')) + ('${'Head'}' + 'ers' in globalThis) + typeof ${named('fetch')}`;
      expect(await insights(running(body), { limits: DEFAULT_LIMITS })).toBe('https://acme.dev/a?b=%C3%BCtruefunction');
    });

    it('calls by them through the same host', async () => {
      const answer = (): EffectOutcome => ({
        isOk: true,
        head: { status: 204, statusText: '', headers: [], url: 'https://acme.dev/', isRedirected: false },
      });
      expect(
        await insights(running(`return (await ${named('fetch')}('https://acme.dev/')).status`), {
          answer,
          limits: DEFAULT_LIMITS,
        }),
      ).toBe(204);
    });

    it('may put its own in their place', async () => {
      expect(await insights(running(`${named('fetch')} = () => 'mine'; return ${named('fetch')}()`))).toBe('mine');
    });
  });
}
