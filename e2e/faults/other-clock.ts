import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from '../../deploy/local/src/child.ts';

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';

/** A clock (libfaketime's) that can be put forward while programs run by it; how long things take is measured as before. */
export class OtherClock {
  private readonly folder = mkdtempSync(join(tmpdir(), 'fingerpost-clock-'));
  private readonly file = join(this.folder, 'offset');

  constructor() {
    this.putForward(0);
  }

  giveTo(program: Program): Program {
    const env = {
      ...program.env,
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
    return { ...program, env };
  }

  putForward(seconds: number): void {
    writeFileSync(this.file, `+${seconds}\n`);
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}
