// Of the chart's test: tries every Service whose address a pod is told, the cluster's API among them, and what it is given besides.
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';

const PATIENCE_MS = 3_000;
const must = process.env.MUST_REACH;
const outside = process.env.MUST_NOT_REACH.split(',');

const reaches = (address) =>
  new Promise((resolve) => {
    const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(address);
    const socket = connect({ host, port, timeout: PATIENCE_MS });
    const is = (answer) => () => resolve(answer) ?? socket.destroy();
    socket.on('connect', is(true)).on('error', is(false)).on('timeout', is(false));
  });

const services = Object.entries(process.env)
  .filter(([name]) => name.endsWith('_SERVICE_HOST'))
  .map(([name, host]) => `${host}:${process.env[name.replace('_HOST', '_PORT')]}`);
const mustNot = [...services, ...outside].filter((address) => address !== must);

const reached = (await Promise.all(mustNot.map(async (address) => ((await reaches(address)) ? address : [])))).flat();
const faults = [
  ...((await reaches(must)) ? [] : [`NATS at ${must} is out of reach`]),
  ...reached.map((address) => `${address} can be reached`),
  ...(await lookup('kubernetes.default.svc').then(
    () => ['names are resolved'],
    () => [],
  )),
];
console.log(faults.length === 0 ? `NATS and nothing else, of ${mustNot.length + 1} addresses` : faults.join('\n'));
process.exit(faults.length === 0 ? 0 : 1);
