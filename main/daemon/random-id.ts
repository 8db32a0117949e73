import { readFileSync } from 'node:fs';

/** A random UUID; from the kernel where it has one to give, which spares the daemon the memory of node:crypto. */
export function randomId(): string {
  if (process.platform === 'linux') return readFileSync('/proc/sys/kernel/random/uuid', 'utf8').trim();
  return process.getBuiltinModule('node:crypto').randomUUID();
}
