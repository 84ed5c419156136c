import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A folder that only its owner can read, in which a file, once there, stays as it is. */
export class KeyFolder {
  constructor(readonly path: string) {}

  /** What is there; or else what `make` makes, written first. */
  async keep(name: string, make: () => string | Promise<string>): Promise<string> {
    const known = await this.read(name);
    if (known !== undefined) return known;
    const text = await make();
    await this.write(name, text);
    return text;
  }

  async write(name: string, text: string): Promise<void> {
    const file = join(this.path, name);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, text, { mode: 0o600 });
    await chmod(file, 0o600);
  }

  async read(name: string): Promise<string | undefined> {
    try {
      return await readFile(join(this.path, name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}
