import react from '@vitejs/plugin-react';
import { defaultClientConditions } from 'vite';
import { defineConfig } from 'wxt';

/** What the extension's own pages may load: themselves. Gateways are asked over https, or on this very machine. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  'connect-src https: http://localhost:* http://127.0.0.1:*',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwhBP6umyQ0jnqZoUy/DlHp+NAf8yPNfAUXt+0wPtgl58Aqh0lxLngbOVQq8baH36juBawr6SJ5bYc7qTKFFuQqxHD7OqlnOEz0RAYHGFjRlDKWYI51WKFQul4lIrs+re17V9DVnOqWdLtYxHCzhZH4PI8F0JJb8On/st6ZTWK8exXm+f0uK14t+U8UfO6QGV2paI1QrNQpRTGZIihPDRX8GG0U7XLPgzWDxMbIIZMlfiva2eENHynrdC/tYEc2NzT4/sBVK8CEPGfW+Chos2fbbRgr6Yy0G6XMO/N+hlslTwRqH/OSCUo9EGaDeLF6JesM61L6ma25z4Jy0cVg6jOQIDAQAB';
const isForStore = process.argv.includes('zip');

export default defineConfig({
  manifestVersion: 3,
  outDir: 'dist',
  imports: false,
  manifest: ({ browser }) => ({
    name: 'Fingerpost',
    description: 'What your organisation knows about the page you are on.',
    // Nothing is granted at installation but a place for settings: sites are switched on one by one.
    permissions: ['storage', 'scripting', 'identity'],
    optional_host_permissions: ['https://*/*'],
    content_security_policy: { extension_pages: CONTENT_SECURITY_POLICY },
    commands: {
      'focus-bar': { suggested_key: { default: 'Alt+Shift+F' }, description: 'Go to the bar' },
    },
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: 'extension@fingerpost.dev',
              strict_min_version: '142.0',
              data_collection_permissions: { required: ['browsingActivity'] },
            },
          },
        }
      : {
          // Gives it the same id on every machine, which gateways know (FINGERPOST_EXTENSIONS). Stores give it one of their own.
          ...(!isForStore && { key: KEY }),
          storage: { managed_schema: 'managed-settings.json' },
          minimum_chrome_version: '123',
        }),
  }),
  vite: () => ({
    plugins: [react()],
    // Reads the sources of our packages, so that nothing has to be built before.
    resolve: { conditions: ['fingerpost-source', ...defaultClientConditions] },
  }),
  // For reviewers of Mozilla's: what is needed to build it again, and no keys.
  zip: {
    sourcesRoot: '..',
    excludeSources: [
      '{bench,console,data,docs,e2e,integrations,services,tools}/**',
      'packages/platform/**',
      '**/dist/**',
      '**/node_modules/**',
      '**/*.{pem,log,tsbuildinfo}',
      '**/*.{test,servers,suite}.*',
    ],
  },
});
