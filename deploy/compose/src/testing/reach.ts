/** A program for a container: tries what it is given, and says what there is to be reached. It needs nothing but Node. */
export interface Tried {
  /** `host:port` by TCP */
  places: string[];
  /** by DNS */
  names: string[];
}

export interface Reached {
  /** connections that were taken */
  places: string[];
  /** names that have an address */
  names: string[];
  /** those to which the kernel knew a way, whether somebody was there or not */
  ways: string[];
  /** a route for whatever is not near */
  hasDefaultRoute: boolean;
}

export const reachFrom = ({ places, names }: Tried): string => `
  import { readFileSync } from 'node:fs';
  import { lookup } from 'node:dns/promises';
  import { connect } from 'node:net';

  const NO_WAY = ['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL'];
  const reach = (place) => new Promise((resolve) => {
    const [, host, port] = /^(.*):(\\d+)$/.exec(place);
    const socket = connect({ host, port: Number(port) });
    const end = (outcome) => { socket.destroy(); resolve(outcome); };
    socket.once('connect', () => end('reached'));
    socket.once('error', ({ code }) => end(code));
    setTimeout(() => end('silence'), 1_500);
  });
  const within = (ms, promise) => Promise.race([promise, new Promise((_, reject) => setTimeout(reject, ms))]);

  const places = ${JSON.stringify(places)};
  const outcomes = await Promise.all(places.map(reach));
  const names = ${JSON.stringify(names)};
  const known = await Promise.all(names.map((name) => within(4_000, lookup(name)).then(() => true, () => false)));
  console.log(JSON.stringify({
    places: places.filter((_, n) => outcomes[n] === 'reached'),
    ways: places.filter((_, n) => !NO_WAY.includes(outcomes[n])),
    names: names.filter((_, n) => known[n]),
    hasDefaultRoute: /^\\S+\\s+00000000\\s/m.test(readFileSync('/proc/net/route', 'utf8')),
  }));
  process.exit();
`;
