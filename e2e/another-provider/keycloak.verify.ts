// A provider of another make, in a real browser: Keycloak's published distribution and its own login page.
// `npm run verify -- another-provider`, where its `bin` is on the PATH and Chromium is there.
import { join } from 'node:path';
import { findServer, freePort } from '@fingerpost/platform/testing';
import type { Page } from 'playwright-core';
import { ask, describeInChromium, type Visit } from '../browser-at-product.ts';
import { Keycloak, PASSWORD, SECRET } from './keycloak.ts';

const STANDALONE = join(import.meta.dirname, '../../services/standalone/dist/main.js');
/** It builds itself first. */
const START_MS = 240_000;
const program = findServer('kc.sh');

(program === undefined ? describe.skip : describe)('signing in at Keycloak', () => {
  let port: number;
  let keycloak: Keycloak;

  describeInChromium(
    'in Chromium',
    (at) => {
      beforeAll(async () => {
        keycloak = await Keycloak.start(program!, port);
        await keycloak.openRealm(at.origin);
      }, START_MS);
      afterAll(() => keycloak?.stop());

      const begin = async (name: string, visit?: Visit): Promise<Page> => {
        const page = await at.open({ ...visit, to: '/me' });
        await page.getByRole('link', { name: 'Sign in' }).click();
        await page.getByLabel('Username or email').fill(name);
        await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
        await page.getByRole('button', { name: 'Sign In' }).click();
        return page;
      };
      const signIn = async (name: string, label: string, visit?: Visit): Promise<Page> => {
        const page = await begin(name, visit);
        await page.waitForURL('/me');
        await page.getByRole('heading', { name: label }).waitFor();
        return page;
      };
      const isSignedOut = (page: Page) => page.getByRole('heading', { name: 'You have been signed out' }).waitFor();

      it('takes name and password on a page of its own, and its groups are roles here', async () => {
        const page = await begin('anna');
        await page.waitForURL('/me');
        const who = page.getByRole('region', { name: 'Anna Adler' });
        await who.getByText('anna@example.com, signed in with Keycloak').waitFor();
        expect(await who.locator('.word').allTextContents()).toEqual([
          ...['viewer', 'author', 'admin'],
          ...['engineers', 'platform'],
        ]);
        const bruno = await signIn('bruno', 'Bruno Brandt');
        expect((await ask(bruno, '/admin/people')).status).toBe(403);
      });

      it('signs out there as well, and comes back to our page', async () => {
        const page = await signIn('bruno', 'Bruno Brandt');
        await page.getByRole('button', { name: 'Sign out' }).first().click();
        await page.waitForURL(/\/signed-out/);
        await page.getByRole('link', { name: 'Sign in again' }).click();
        await page.getByLabel('Username or email').waitFor();
      });

      it('ends the sessions here of somebody who is logged out there (back-channel), and nobody else’s', async () => {
        const [anna, bruno] = [await signIn('anna', 'Anna Adler'), await signIn('bruno', 'Bruno Brandt')];
        await keycloak.logOut('bruno');
        await isSignedOut(bruno);
        expect((await ask(anna, '/account')).status).toBe(200);
      });

      it('may have new keys at any moment: no sign-in fails, and its word that somebody left counts', async () => {
        await keycloak.rotateKeys();
        const page = await signIn('bruno', 'Bruno Brandt');
        await keycloak.logOut('bruno');
        await isSignedOut(page);
      });

      it('may be away: who is signed in goes on, and who would sign in reads why that cannot be', async () => {
        const page = await signIn('anna', 'Anna Adler');
        await keycloak.stop();
        await page.reload();
        await page.getByRole('heading', { name: 'Anna Adler' }).waitFor();
        const stranger = await at.open({ to: '/sign-in?return_to=/me' });
        await stranger.getByRole('heading', { name: 'Signing in is not possible right now' }).waitFor();
        await stranger.getByText('Keycloak cannot be reached').waitFor();
      });
    },
    async (at) => {
      port = await freePort();
      const settings = {
        FINGERPOST_OIDC: 'keycloak',
        FINGERPOST_OIDC_KEYCLOAK_ISSUER: Keycloak.issuerAt(port),
        FINGERPOST_OIDC_KEYCLOAK_CLIENT_ID: 'fingerpost',
        FINGERPOST_OIDC_KEYCLOAK_CLIENT_SECRET: SECRET,
        FINGERPOST_OIDC_KEYCLOAK_ADMINS: 'platform',
        FINGERPOST_OIDC_KEYCLOAK_AUTHORS: 'engineers',
      };
      await at.start(settings, undefined, STANDALONE);
    },
  );
});
