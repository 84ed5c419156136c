// One run in a thread of its own, for comparison only.
import { parentPort, workerData } from 'node:worker_threads';
import { webGlobals } from './web-globals.ts';

const { code, context, secrets } = workerData as { code: string; context: string; secrets: object };

let waiting: (json: string) => void = () => {};
const upstream = ({ url }: Request) =>
  new Promise<Response>((resolve) => {
    waiting = (json) => resolve(new Response(json, { headers: { 'content-type': 'application/json' } }));
    parentPort!.postMessage({ asks: url });
  });
parentPort!.on('message', (json: string) => waiting(json));

const names = Object.entries(webGlobals(upstream));
const evaluate = new Function(...names.map(([name]) => name), `${code}\nreturn __integration;`);
const exported = evaluate(...names.map(([, value]) => value));
const insights = await (exported.default ?? exported).run(JSON.parse(context), secrets, []);
parentPort!.postMessage({ says: JSON.stringify(insights) });
