import {
  bool,
  isLoopback,
  list,
  readSettings,
  readTogether,
  Secret,
  SettingsError,
  type SettingsOf,
  type SettingsSpec,
  str,
} from '@fingerpost/platform';

import { BREAK_GLASS } from '../people/break-glass-person.ts';

const NAME = /^[a-z][a-z0-9-]{0,30}$/;
const PREFIX = 'FINGERPOST_OIDC_';
const GOOGLE = 'https://accounts.google.com';

/** One provider's settings: `FINGERPOST_OIDC_OKTA_ISSUER` and so on for the provider `okta`. */
export function specOf(name: string) {
  const variable = (setting: string) => `${PREFIX}${name.toUpperCase().replaceAll('-', '_')}_${setting}`;
  return {
    // its address, exactly as it names itself
    issuer: [variable('ISSUER'), str()],
    clientId: [variable('CLIENT_ID'), str()],
    clientSecret: [variable('CLIENT_SECRET'), str({ default: '' })],
    // what people read on its button
    label: [variable('LABEL'), str({ default: '' })],
    // what is asked for beside openid
    scopes: [variable('SCOPES'), list({ default: ['profile', 'email'] })],
    // where it says which groups somebody is in; a path with dots where the claim lies deeper
    groupsClaim: [variable('GROUPS_CLAIM'), str({ default: 'groups' })],
    // put before the name of each of its groups, so that they are not taken for another provider's
    groupPrefix: [variable('GROUP_PREFIX'), str({ default: '' })],
    // whose e-mail addresses may come in
    domains: [variable('DOMAINS'), list({ default: [] })],
    // its addresses are true though it does not say so itself: Entra ID, of one's own tenant
    vouchesForEmail: [variable('VOUCHES_FOR_EMAIL'), bool({ default: false })],
    // groups or e-mail addresses that may come in; all, where none are named
    viewers: [variable('VIEWERS'), list({ default: [] })],
    // groups or e-mail addresses that have these roles
    authors: [variable('AUTHORS'), list({ default: [] })],
    approvers: [variable('APPROVERS'), list({ default: [] })],
    operators: [variable('OPERATORS'), list({ default: [] })],
    admins: [variable('ADMINS'), list({ default: [] })],
  } as const satisfies SettingsSpec;
}

type Read = SettingsOf<ReturnType<typeof specOf>>;

export interface ProviderSettings extends Omit<Read, 'clientSecret' | 'label'> {
  name: string;
  label: string;
  /** absent: a public client, known by PKCE alone */
  clientSecret?: Secret;
  /** made for development: anybody may be anybody there */
  isForDevelopment?: true;
}

/** The providers that are named, each with its own settings. @throws SettingsError with every problem at once */
export function readProviders(env: NodeJS.ProcessEnv, names: readonly string[]): ProviderSettings[] {
  const read = readTogether<Record<string, ProviderSettings | undefined>>(env, {
    ...Object.fromEntries(names.map((name) => [name, (env: NodeJS.ProcessEnv) => readProvider(env, name)])),
    ' strangers': (env) => void checkStrangers(env, names),
  });
  const providers = Object.values(read).filter((provider) => provider !== undefined);
  const twins = providers.filter(({ issuer }, at) => providers.findIndex((other) => other.issuer === issuer) !== at);
  if (twins.length > 0)
    throw new SettingsError(
      twins.map(({ name, issuer }) => `${specOf(name).issuer[0]}: another provider has ${issuer} too; name it once`),
    );
  return providers;
}

function readProvider(env: NodeJS.ProcessEnv, name: string): ProviderSettings {
  if (!NAME.test(name) || name === BREAK_GLASS)
    throw new SettingsError([
      `FINGERPOST_OIDC: "${name}" is no name for a provider; use small letters, digits and "-"`,
    ]);
  const spec = specOf(name);
  const { clientSecret, label, ...read } = readSettings(env, spec);
  const problems = problemsOf(read, spec, env.NODE_ENV === 'production');
  if (problems.length > 0) throw new SettingsError(problems);
  return {
    ...read,
    name,
    label: label || name[0]!.toUpperCase() + name.slice(1),
    ...(clientSecret !== '' && { clientSecret: new Secret(clientSecret) }),
  };
}

function problemsOf(
  { issuer, domains, viewers }: Pick<Read, 'issuer' | 'domains' | 'viewers'>,
  spec: ReturnType<typeof specOf>,
  isProduction: boolean,
): string[] {
  const url = URL.parse(issuer);
  const isHere = url?.protocol === 'http:' && isLoopback(url.hostname) && !isProduction;
  if (url === null || !(url.protocol === 'https:' || isHere) || url.search + url.hash + url.username !== '')
    return [`${spec.issuer[0]}: must be an https address like https://acme.okta.com, as the provider writes it itself`];
  if (/\/(common|organizations|consumers)\/v2\.0$/.test(url.pathname))
    return [`${spec.issuer[0]}: names no tenant; write your own in place of "${url.pathname.split('/')[1]}"`];
  if (issuer === GOOGLE && domains.length === 0 && viewers.length === 0)
    return [`${spec.domains[0]}: is missing; without it everybody with a Google account could sign in`];
  return [];
}

/** A variable of no provider is one that nobody reads. */
function checkStrangers(env: NodeJS.ProcessEnv, names: readonly string[]): void {
  const known = names.flatMap((name) => Object.values(specOf(name)).flatMap(([name]) => [name, `${name}_FILE`]));
  const strange = Object.keys(env).filter((name) => name.startsWith(PREFIX) && !known.includes(name));
  if (strange.length > 0)
    throw new SettingsError(
      strange.map(
        (name) => `${name}: is no setting of a provider that FINGERPOST_OIDC names (${names.join(', ') || 'none'})`,
      ),
    );
}

export const isGoogle = ({ issuer }: Pick<ProviderSettings, 'issuer'>): boolean => issuer === GOOGLE;
