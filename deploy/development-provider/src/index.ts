export {
  type DevelopmentClient,
  type DevelopmentProvider,
  type DevelopmentProviderOptions,
  startDevelopmentProvider,
} from './start-development-provider.ts';
