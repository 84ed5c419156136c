import { createContext, runInContext } from 'node:vm';

const WALL_MS = 5_000;
const SHOULD_RUN_MS = 1_000;

/** Two contexts for every run: one asks `shouldRun`, one runs. Context, secrets and data stand in the code as JSON. */
export async function runInVm(code: string, context: unknown, secrets: Record<string, string>): Promise<unknown> {
  const contextText = JSON.stringify(context);
  const shouldRun = evaluate(code, `module.exports.shouldRun ? module.exports.shouldRun(${contextText}) : true`);
  if (!(await within(SHOULD_RUN_MS, shouldRun))) return [];
  return within(WALL_MS, evaluate(code, `await module.exports.run(${contextText}, ${JSON.stringify(secrets)}, [])`));
}

export function metadataOf(code: string): unknown {
  return runInContext(
    `(() => { const module = { exports: {} }; ${code}\nreturn module.exports.metadata; })()`,
    freshContext(),
  );
}

function evaluate(code: string, expression: string): Promise<unknown> {
  return runInContext(
    `(async () => { const module = { exports: {} }; ${code}\nreturn ${expression}; })()`,
    freshContext(),
  );
}

// ToolJump's context has no timers; `setTimeout` is here because the workloads wait.
function freshContext() {
  const globals = { module: { exports: {} }, exports: {}, console, logger: console, fetch, setTimeout, clearTimeout };
  return createContext({ ...globals, global: { logger: console, fetch } });
}

/** A time-out here only stops waiting: nothing stops the code. */
function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${ms} ms`)), ms);
  });
  return Promise.race([promise, tooLate]).finally(() => clearTimeout(timer));
}
