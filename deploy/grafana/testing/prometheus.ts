import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RealServer, startServer } from '@fingerpost/platform/testing';

const GRAFANA = join(import.meta.dirname, '..');

export interface Sample {
  metric: Record<string, string>;
  value: [at: number, value: string];
}

/** A real Prometheus with our rules, which looks every second, and whose alerts wait for nothing. */
export class Prometheus {
  private constructor(
    private readonly server: RealServer,
    private readonly folder: string,
  ) {}

  /** `targets`: a job's name to the ports of its processes */
  static async start(program: string, targets: Record<string, number[]>): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'fingerpost-prometheus-'));
    const rules = ['rules.yml', 'alerts.yml'].map((name) => {
      const text = readFileSync(join(GRAFANA, name), 'utf8');
      writeFileSync(
        join(folder, name),
        text.replace('interval: 30s', 'interval: 1s').replaceAll(/for: \w+/g, 'for: 0s'),
      );
      return name;
    });
    const jobs = Object.entries(targets).map(([job_name, ports]) => ({
      job_name,
      static_configs: [{ targets: ports.map((port) => `127.0.0.1:${port}`) }],
    }));
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: rules,
      scrape_configs: jobs,
    };
    writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config)); // JSON is YAML
    const options = (port: number) => [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    return new Prometheus(await startServer(program, options), folder);
  }

  async query(expression: string): Promise<Sample[]> {
    const reply = await fetch(`http://127.0.0.1:${this.server.port}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query: expression }),
    });
    const { status, data, error } = (await reply.json()) as {
      status: string;
      data: { result: Sample[] };
      error?: string;
    };
    if (status !== 'success') throw new Error(`${expression}: ${error}`);
    return data.result;
  }

  async isFiring(alert: string): Promise<boolean> {
    const expression = `ALERTS{alertname="${alert}", alertstate="firing"}`;
    return (await this.query(expression).catch(() => [])).length > 0;
  }

  /** Resolves when the alert fires. @returns after how many milliseconds */
  async fires(alert: string, withinMs = 120_000): Promise<number> {
    const startedAt = performance.now();
    while (!(await this.isFiring(alert))) {
      if (performance.now() - startedAt > withinMs) throw new Error(`${alert} has not fired within ${withinMs} ms.`);
      await sleep(500);
    }
    return performance.now() - startedAt;
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
