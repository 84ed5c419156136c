export interface Tried {
  /** `address:port`, by TCP */
  places: string[];
  /** by DNS */
  names: string[];
}

export interface Reached {
  /** those that took the connection */
  places: string[];
  /** those that have an address */
  names: string[];
  /** places to which there was a way, whether or not somebody was there */
  ways: string[];
}

/** A program for a container: tries all of it at once, and says what there is to be reached. It needs nothing but Node. */
export const reachFrom = ({ places, names }: Tried): string => `
  import { Resolver } from 'node:dns/promises';
  import { connect } from 'node:net';

  // A neighbour who is looked for and not found is given up by the kernel after 3 s.
  const PATIENCE_MS = 8_000;
  const NO_WAY = ['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL'];
  const reach = (place) => new Promise((resolve) => {
    const [, host, port] = /^(.*):(\\d+)$/.exec(place);
    const socket = connect({ host, port: Number(port) });
    socket.once('connect', () => resolve('reached')).once('error', ({ code }) => resolve(code));
    setTimeout(() => resolve('silence'), PATIENCE_MS);
  });
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const hasAddress = (name) => resolver.resolve4(name).then(() => true, () => false);

  const places = ${JSON.stringify(places)};
  const names = ${JSON.stringify(names)};
  const [outcomes, known] = await Promise.all([Promise.all(places.map(reach)), Promise.all(names.map(hasAddress))]);
  console.log(JSON.stringify({
    places: places.filter((_, n) => outcomes[n] === 'reached'),
    ways: places.filter((_, n) => !NO_WAY.includes(outcomes[n])),
    names: names.filter((_, n) => known[n]),
  }));
  process.exit();
`;
