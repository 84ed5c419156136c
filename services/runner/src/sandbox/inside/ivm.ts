import { join } from 'node:path';
import type IsolatedVm from 'isolated-vm';

// The addon lies beside this program: the permission model lets it read nothing else.
const addon: { exports: { ivm?: typeof IsolatedVm } } = { exports: {} };
process.dlopen(addon as unknown as NodeModule, join(import.meta.dirname, 'isolated_vm.node'));

export const ivm = addon.exports.ivm!;
export type { Context, Isolate, Reference, Script } from 'isolated-vm';
