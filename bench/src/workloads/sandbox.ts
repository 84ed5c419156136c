import { besideBar, valueBar } from '../bars.ts';
import { echo } from '../sandbox/echo.ts';
import { FILES, ISOLATIONS } from '../sandbox/pages.ts';
import { alone, besieged, first, inARow, killed, memory, quiet, saturated } from '../sandbox/parts.ts';
import { sandbox } from '../sandbox/pool.ts';
import type { Sandboxed } from '../sandbox/sandboxed.ts';
import { vm } from '../sandbox/vm.ts';
import { worker } from '../sandbox/worker.ts';
import type { Workload } from './workload.ts';

const ALL_BUT_OURS = ['vm', 'worker', 'echo'];

export const sandboxAlone: Workload<Sandboxed> = {
  name: 'sandbox',
  title:
    'One sandbox process without gateway and bus. "trivial" only computes; "aws" calls Lambda by its SDK, which answers at once.',
  entries: ({ isRemote }) =>
    isRemote
      ? []
      : [
          ...ISOLATIONS.map((id) => ({ id, contender: sandbox(id), files: FILES, against: 'vm' })),
          { id: 'worker', contender: worker, files: FILES, against: 'vm' },
          { id: 'vm', contender: vm, files: FILES },
          { id: 'echo', contender: echo, files: FILES },
        ],
  parts: [
    alone('trivial', 'github'),
    { ...alone('aws', 'aws'), without: ['echo'] },
    inARow('trivial', 'github', 1_000),
    { ...inARow('aws', 'aws', 100), without: ['echo'] },
    saturated('trivial', 'github', 1_000),
    { ...saturated('aws', 'aws', 100), without: ['echo'] },
    { ...first('trivial', 'github'), without: ALL_BUT_OURS },
    { ...first('aws', 'aws'), without: ALL_BUT_OURS },
    { ...memory('trivial', 'wiki'), without: ALL_BUT_OURS },
    { ...memory('with fetch', 'generic'), without: ALL_BUT_OURS },
    { ...memory('aws', 'aws'), without: ALL_BUT_OURS },
    { ...killed, without: ALL_BUT_OURS },
    { ...quiet, without: ALL_BUT_OURS },
    { ...besieged, without: ALL_BUT_OURS },
  ],
  bars: [
    valueBar({ part: 'trivial, 20 a second', figure: 'p50Ms', of: 'warm', atMost: 0.5, from: 'design' }),
    valueBar({ part: 'trivial, in a row', figure: 'p50Ms', of: 'warm', atMost: 0.5, from: 'design' }),
    valueBar({ part: 'trivial, 20 a second', figure: 'p50Ms', of: 'fresh', atMost: 3, from: 'design' }),
    valueBar({ part: 'trivial, 20 a second', figure: 'p99Ms', of: 'fresh', atMost: 10, from: 'design' }),
    valueBar({ part: 'aws, 20 a second', figure: 'p50Ms', of: 'warm', atMost: 5, from: 'design' }),
    valueBar({ part: 'aws, 20 a second', figure: 'p50Ms', of: 'fresh', atMost: 30, from: 'design' }),
    ...['trivial, memory', 'with fetch, memory'].map((part) =>
      valueBar({ part, figure: 'memoryMb', of: 'clean', atMost: 3, from: 'design' }),
    ),
    valueBar({ part: 'killed', figure: 'p50Ms', of: 'fresh', atMost: 150, from: 'design' }),
    ...ISOLATIONS.map((of) =>
      besideBar({ part: 'besieged', beside: 'quiet', figure: 'p99Ms', of, atMost: 3, from: 'issue 3' }),
    ),
  ],
};
