export { readStandaloneSettings, type StandaloneSettings, standaloneSettings } from './config.ts';
export { startStandalone } from './start-standalone.ts';
