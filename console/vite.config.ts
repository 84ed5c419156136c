import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const API = [
  '/context',
  '/catalogue',
  '/failures',
  '/whoami',
  '/providers',
  '/account',
  '/admin',
  '/sign-in',
  '/sign-out',
];

export default defineConfig({
  base: '/',
  plugins: [react()],
  // Reads the bar's source, so that nothing has to be built before.
  resolve: { conditions: ['fingerpost-source', ...defaultClientConditions] },
  // The gateway's content security policy allows no data: scripts or fonts; every asset is a file of its own.
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index.html', 'me.html'] },
  },
  // `npm run dev -w @fingerpost/console` beside a running gateway
  server: { proxy: Object.fromEntries(API.map((path) => [path, 'http://localhost:3000'])) },
});
