import { randomUUID } from 'node:crypto';
import { type Bus, GrantsInForce, type Log, Verifier } from '@fingerpost/platform';
import type { DynamicModule, OnModuleDestroy } from '@nestjs/common';
import type { JWK } from 'jose';
import { BundleStore } from './bundles/bundle-store.ts';
import { SourceMaps } from './bundles/source-maps.ts';
import type { RunnerSettings } from './config.ts';
import { WarmPlaceholders } from './run/placeholders.ts';
import { RunSubjects } from './run/run.subjects.ts';
import { RunAdmission } from './run/run-admission.ts';
import { RUN_PARTS, type RunParts } from './run/run-integration.ts';
import { chooseWalls } from './sandbox/choose-walls.ts';
import { INSIDE } from './sandbox/inside.ts';
import { planMemory } from './sandbox/plan-memory.ts';
import { SandboxPool } from './sandbox/sandbox-pool.ts';

export interface RunnerOptions {
  settings: RunnerSettings;
  bus: Bus;
  log: Log;
  /** public keys of the root that certifies who signs tickets and grants */
  rootKeys: JWK[];
  /** the name under which the bus knows this runner; one of its own where the bus knows nobody by name */
  runnerId?: string;
}

export function runnerModule({ settings, bus, log, rootKeys, runnerId = randomUUID() }: RunnerOptions): DynamicModule {
  const verifier = new Verifier(rootKeys);
  const grantsInForce = new GrantsInForce(bus, verifier, log);
  let pool: SandboxPool | undefined;
  const openPool = async (): Promise<SandboxPool> => {
    pool = new SandboxPool({
      folder: INSIDE,
      walls: await chooseWalls(settings.walls, INSIDE, log),
      processes: settings.processes,
      memoryMb: planMemory(settings.processes, settings.processMemoryMb),
      mostRuns: settings.mostRuns,
      allowMissingWalls: settings.walls === 'none',
      log,
    });
    await pool.open();
    return pool;
  };
  const parts: Omit<RunParts, 'pool'> = {
    runnerId,
    bus,
    admission: new RunAdmission(verifier, grantsInForce),
    bundles: new BundleStore(bus),
    sourceMaps: new SourceMaps(bus),
    warm: new WarmPlaceholders(),
    log,
  };

  class RunnerModule implements OnModuleDestroy {
    onModuleDestroy(): void {
      grantsInForce.close();
      pool?.close();
    }
  }
  return {
    module: RunnerModule,
    controllers: [RunSubjects],
    // Not before the walls have been tried: a runner that answers is one that holds.
    providers: [{ provide: RUN_PARTS, useFactory: async () => ({ ...parts, pool: await openPool() }) }],
  };
}
