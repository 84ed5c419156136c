import { execFileSync } from 'node:child_process';
import type { Program } from '../../deploy/local/src/child.ts';

const NAMESPACE = 'fingerpost-cut';
const [HERE, THERE] = ['10.213.77.1', '10.213.77.2'];

/** A network namespace whose one cable can be pulled: whoever is inside goes on without noticing, but nothing arrives any more. */
export class CutOff {
  /** under which those inside reach this machine */
  readonly address = HERE;

  open(): void {
    this.close();
    ip('netns', 'add', NAMESPACE);
    ip('link', 'add', 'fp-here', 'type', 'veth', 'peer', 'name', 'fp-there', 'netns', NAMESPACE);
    ip('addr', 'add', `${HERE}/30`, 'dev', 'fp-here');
    ip('link', 'set', 'fp-here', 'up');
    ip('-n', NAMESPACE, 'addr', 'add', `${THERE}/30`, 'dev', 'fp-there');
    for (const device of ['lo', 'fp-there']) ip('-n', NAMESPACE, 'link', 'set', device, 'up');
  }

  close(): void {
    try {
      ip('netns', 'delete', NAMESPACE);
    } catch {
      // there was none
    }
  }

  putInside({ command, args, env, ...rest }: Program): Program {
    const url = env.NATS_URL!.replace('127.0.0.1', HERE);
    return {
      ...rest,
      command: 'ip',
      args: ['netns', 'exec', NAMESPACE, command, ...args],
      env: { ...env, NATS_URL: url },
    };
  }

  // Dropped on the way, not refused: no word of it reaches either side.
  cut(): void {
    ip('link', 'set', 'fp-here', 'down');
  }

  mend(): void {
    ip('link', 'set', 'fp-here', 'up');
  }
}

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
