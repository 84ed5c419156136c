export { readStandaloneSettings, type StandaloneSettings } from './config.ts';
export { startStandalone } from './start-standalone.ts';
