import { INTEGRATION_NAME, type Isolation, SECRET_NAME } from '@fingerpost/contracts';
import { bool, fileOf, list, listOf, Secret, SettingsError, type SettingsSpec, str } from '@fingerpost/platform';
import { connectionOf } from '@fingerpost/platform/database';
import { EnvError, makeValidator } from 'envalid';

const databaseUrl = makeValidator<Secret>((url) => {
  try {
    connectionOf({ url });
    return new Secret(url); // a password may stand in it
  } catch (error) {
    throw new EnvError((error as Error).message);
  }
});
const authorities = fileOf('certificates (PEM)', (pem) => pem);

const within = ({ source }: RegExp) => source.slice(1, -1); // without ^ and $
const REVEALED = new RegExp(`^${within(INTEGRATION_NAME)}:${within(SECRET_NAME)}@[0-9a-f]{64}$`);

export const registrySettings = {
  // the catalogue's database; without it Postgres is embedded, in `FINGERPOST_DATA`
  databaseUrl: ['DATABASE_URL', databaseUrl({ default: undefined })],
  // PEM file with the authorities that vouch for the database, where those of the system do not
  databaseCa: ['DATABASE_CA', authorities({ default: undefined })],
  // folder of the embedded database
  dataFolder: ['FINGERPOST_DATA', str({ default: './data' })],
  // folder with *.integration.{js,cjs,mjs,ts} and *.data.{json,yml,yaml}
  integrationsFolder: ['FINGERPOST_INTEGRATIONS', str({ default: './integrations' })],
  // whoever may write the folder counts as approver; false: its code runs as unapproved code does
  isFolderApproved: ['FINGERPOST_FOLDER_APPROVED', bool({ default: true })],
  // secrets whose values reviewed code may hold itself, comma-separated: integration:SECRET@digest
  revealed: [
    'FINGERPOST_REVEAL',
    listOf((part) => (REVEALED.test(part) ? undefined : `"${part}" must be integration:SECRET@digest`))({
      default: [],
    }),
  ],
  // isolation of approved code that asks for none; for development and measurements
  defaultIsolation: [
    'FINGERPOST_ISOLATION',
    str<Isolation>({ default: undefined, choices: ['fresh', 'clean', 'warm'] }),
  ],
  // sites whose contexts integrations may match
  allowedContextTypes: ['FINGERPOST_SITES', list({ default: ['github', 'aws', 'gitlab', 'generic'] })],
  // walls that builds must have; the strongest that the machine offers are used
  walls: [
    'FINGERPOST_WALLS',
    str<'namespaces' | 'process' | 'none'>({ choices: ['namespaces', 'process', 'none'], default: 'process' }),
  ],
  // `production` refuses what is for development only
  nodeEnv: ['NODE_ENV', str({ default: undefined, choices: ['production', 'development', 'test'] })],
} satisfies SettingsSpec;

export interface StoreSettings {
  readonly databaseUrl?: Secret;
  /** PEM */
  readonly databaseCa?: string;
  /** absent: the embedded database is in memory */
  readonly dataFolder?: string;
}

export interface RegistrySettings extends StoreSettings {
  readonly integrationsFolder: string;
  readonly isFolderApproved: boolean;
  /** `integration:SECRET@digest` */
  readonly revealed: readonly string[];
  /** absent: clean */
  readonly defaultIsolation?: Isolation;
  readonly allowedContextTypes: readonly string[];
  readonly walls: 'namespaces' | 'process' | 'none';
  readonly nodeEnv?: string;
}

/** @throws SettingsError where settings that are right alone are wrong together */
export function checkTogether({ defaultIsolation, nodeEnv }: RegistrySettings): void {
  if (defaultIsolation !== undefined && nodeEnv === 'production')
    throw new SettingsError([
      'FINGERPOST_ISOLATION is for development and measurements; leave it out with NODE_ENV=production',
    ]);
}
