// node make.mjs > walls.json: the seccomp profile under which runner and registry can build their own walls. Every call that Linux has on x64
// and arm64, but for those below; what this kernel's headers do not know yet is refused, too. Needs the headers of Linux (linux-libc-dev).
import { readFileSync } from 'node:fs';

const HEADERS = ['/usr/include/x86_64-linux-gnu/asm/unistd_64.h', '/usr/include/asm-generic/unistd.h'];

const REFUSED = new Set([
  // the machine itself
  ...[
    'acct',
    'adjtimex',
    'clock_adjtime',
    'clock_settime',
    'ioperm',
    'iopl',
    'nfsservctl',
    'quotactl',
    'quotactl_fd',
    'reboot',
  ],
  ...['setdomainname', 'settimeofday', 'swapoff', 'swapon', 'syslog', 'sysfs', '_sysctl', 'uselib', 'ustat', 'vhangup'],
  ...['create_module', 'delete_module', 'finit_module', 'get_kernel_syms', 'init_module', 'query_module'],
  ...['kexec_file_load', 'kexec_load', 'lookup_dcookie'],
  // other processes
  ...[
    'kcmp',
    'pidfd_getfd',
    'process_madvise',
    'process_mrelease',
    'process_vm_readv',
    'process_vm_writev',
    'ptrace',
    'setns',
  ],
  ...['migrate_pages', 'move_pages'],
  // parts of the kernel in which ways out of containers were found
  ...[
    'add_key',
    'keyctl',
    'request_key',
    'bpf',
    'fanotify_init',
    'io_uring_enter',
    'io_uring_register',
    'io_uring_setup',
  ],
  ...['modify_ldt', 'perf_event_open', 'personality', 'userfaultfd', 'vmsplice'],
  // mounts: bubblewrap has no use for the newer calls, nor for names that outlive a mount
  ...['chroot', 'fsconfig', 'fsmount', 'fsopen', 'fspick', 'mount_setattr', 'move_mount', 'open_tree'],
  ...['name_to_handle_at', 'open_by_handle_at', 'unshare', 'mknod', 'mknodat'],
]);

const known = HEADERS.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/^#define __NR(?:3264)?_(\w+)/gm)].map(([, name]) => name),
);
const names = [...new Set(known)].filter(
  (name) => !REFUSED.has(name) && !/^(syscalls|arch_specific_syscall)$/.test(name),
);

const profile = {
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: 38,
  archMap: [
    { architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] },
    { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: [] },
  ],
  syscalls: [{ names: names.sort(), action: 'SCMP_ACT_ALLOW' }],
};
console.log(JSON.stringify(profile, null, 2));
