import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from '../../deploy/local/src/child.ts';

/** A small disk for everything that a program writes, temporary files included. */
export class FullDisk {
  private readonly folder = mkdtempSync(join(tmpdir(), 'fingerpost-disk-'));

  open(): void {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', this.folder]);
    for (const name of ['data', 'tmp']) mkdirSync(join(this.folder, name));
  }

  close(): void {
    execFileSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  putUnder(program: Program): Program {
    const env = { ...program.env, TMPDIR: join(this.folder, 'tmp'), FINGERPOST_DATA: join(this.folder, 'data') };
    return { ...program, env };
  }

  fill(): void {
    try {
      writeFileSync(join(this.folder, 'filler'), Buffer.alloc(8_000_000));
    } catch {
      // full
    }
  }

  empty(): void {
    rmSync(join(this.folder, 'filler'), { force: true });
  }
}
