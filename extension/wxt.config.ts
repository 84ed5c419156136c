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

export default defineConfig({
  manifestVersion: 3,
  outDir: 'dist',
  imports: false,
  manifest: ({ browser }) => ({
    name: 'Fingerpost',
    description: 'What your organisation knows about the page you are on.',
    // Nothing is granted at installation but a place for settings: sites are switched on one by one.
    permissions: ['storage', 'scripting'],
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
              strict_min_version: '140.0',
              data_collection_permissions: { required: ['browsingActivity'] },
            },
          },
        }
      : { storage: { managed_schema: 'managed-settings.json' }, minimum_chrome_version: '123' }),
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
      '**/*.{test,servers}.*',
    ],
  },
});
