/**
 * A seccomp filter as a classic BPF program: calls of the kernel that a process behind the walls has no use for end with EPERM. What it was
 * given (its channel, its program) it can use; it opens nothing of its own.
 */
import { arch } from 'node:os';

/** Number of each call on x64 and arm64; -1: there is none. */
const DENIED: Readonly<Record<string, readonly [x64: number, arm64: number]>> = {
  // ways out
  socket: [41, 198],
  socketpair: [53, 199],
  connect: [42, 203],
  bind: [49, 200],
  listen: [50, 201],
  accept: [43, 202],
  accept4: [288, 242],
  // other processes
  fork: [57, -1],
  vfork: [58, -1],
  execveat: [322, 281],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  pidfd_open: [434, 434],
  pidfd_getfd: [438, 438],
  pidfd_send_signal: [424, 424],
  kcmp: [312, 272],
  // other views of the system
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  // parts of the kernel in which the ways out of sandboxes are found
  bpf: [321, 280],
  perf_event_open: [298, 241],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  userfaultfd: [323, 282],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  personality: [135, 92],
  modify_ldt: [154, -1],
  iopl: [172, -1],
  ioperm: [173, -1],
  // the machine itself
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  syslog: [103, 116],
  clock_settime: [227, 112],
  settimeofday: [164, 170],
  adjtimex: [159, 171],
  sethostname: [170, 161],
  setdomainname: [171, 162],
};

const CLONE = [56, 220] as const;
const CLONE3 = [435, 435] as const;
const CLONE_THREAD = 0x10000;

const ARCHITECTURES = { x64: { column: 0, audit: 0xc000003e }, arm64: { column: 1, audit: 0xc00000b7 } } as const;

// <linux/filter.h>, <linux/seccomp.h>
const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_BITS = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const FAIL = 0x00050000;
const EPERM = 1;
const ENOSYS = 38;
/** offsets in `struct seccomp_data` */
const NUMBER = 0;
const ARCHITECTURE = 4;
const FIRST_ARGUMENT = 16;
/** numbers of the second set of calls on x64 begin here */
const X32 = 0x40000000;

type Instruction = [code: number, ifSo: number, ifNot: number, value: number];

/** What it takes to start a program and to talk with it. */
const FOR_PROGRAMS = ['fork', 'vfork', 'socketpair'];

/** The program in the kernel's format, or nothing on a processor that we have no numbers for. */
export function seccompFilter(mayStartPrograms = false, processor: string = arch()): Buffer | undefined {
  const known = ARCHITECTURES[processor as keyof typeof ARCHITECTURES];
  return known === undefined ? undefined : encode(filterFor(known, mayStartPrograms));
}

function filterFor({ column, audit }: { column: 0 | 1; audit: number }, mayStartPrograms: boolean): Instruction[] {
  const denied = Object.entries(DENIED).flatMap(([name, numbers]) =>
    numbers[column] < 0 || (mayStartPrograms && FOR_PROGRAMS.includes(name)) ? [] : numbers[column],
  );
  const threadsOnly: Instruction[] = [
    // glibc goes on with `clone`, whose arguments can be looked at
    skipUnless(CLONE3[column], 1),
    fail(ENOSYS),
    skipUnless(CLONE[column], 4),
    [LOAD, 0, 0, FIRST_ARGUMENT],
    [JUMP_BITS, 1, 0, CLONE_THREAD],
    fail(EPERM),
    [RETURN, 0, 0, ALLOW],
  ];
  return [
    [LOAD, 0, 0, ARCHITECTURE],
    [JUMP_EQUAL, 1, 0, audit],
    [RETURN, 0, 0, KILL_PROCESS],
    [LOAD, 0, 0, NUMBER],
    [JUMP_AT_LEAST, 0, 1, X32],
    fail(EPERM),
    ...(mayStartPrograms ? [] : threadsOnly),
    ...denied.flatMap((number) => [skipUnless(number, 1), fail(EPERM)]),
    [RETURN, 0, 0, ALLOW],
  ];
}

const fail = (code: number): Instruction => [RETURN, 0, 0, FAIL | code];
const skipUnless = (number: number, count: number): Instruction => [JUMP_EQUAL, 0, count, number];

function encode(program: Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, ifSo, ifNot, value]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifSo, index * 8 + 2);
    bytes.writeUInt8(ifNot, index * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  }
  return bytes;
}
