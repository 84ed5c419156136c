/** Names of the web's APIs, put in by build-inside.mjs, which asks the isolate what installing them has added. */
declare const WEB_NAMES: readonly string[];
