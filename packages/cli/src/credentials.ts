import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** What one gateway gave us. */
export interface Tokens {
  accessToken: string;
  /** ms */
  expiresAt: number;
  refreshToken: string;
}

interface Kept {
  /** the gateway that was named last */
  gateway?: string;
  tokens: Record<string, Tokens>;
}

/** Tokens by gateway, in a file that only its owner can read. */
export class Credentials {
  constructor(private readonly file = join(configFolder(), 'fingerpost/credentials.json')) {}

  async lastGateway(): Promise<string | undefined> {
    return (await this.read()).gateway;
  }

  async find(gateway: string): Promise<Tokens | undefined> {
    return (await this.read()).tokens[gateway];
  }

  async keep(gateway: string, tokens: Tokens): Promise<void> {
    const kept = await this.read();
    await this.write({ gateway, tokens: { ...kept.tokens, [gateway]: tokens } });
  }

  async forget(gateway: string): Promise<void> {
    const kept = await this.read();
    const { [gateway]: _, ...others } = kept.tokens;
    await this.write({ ...kept, tokens: others });
  }

  private async read(): Promise<Kept> {
    try {
      return JSON.parse(await readFile(this.file, 'utf8')) as Kept;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { tokens: {} };
      throw new Error(
        `${this.file} cannot be read (${(error as Error).message}). Mend it, or delete it and sign in again.`,
      );
    }
  }

  // Written aside and renamed: whoever reads sees the old file or the new one, and never one that others may read.
  private async write(kept: Kept): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
    const aside = `${this.file}.${process.pid}`;
    await writeFile(aside, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
    await chmod(aside, 0o600);
    await rename(aside, this.file);
  }
}

const configFolder = () => process.env.XDG_CONFIG_HOME || join(homedir(), '.config');
