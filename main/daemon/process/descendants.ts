import type { ProcessEntry } from './platform.ts';

/** All processes below one in the process list, and those that share a process group with one of them. */
export function descendantsOf(pid: number, processes: readonly ProcessEntry[]): ProcessEntry[] {
  const found = new Map<number, ProcessEntry>();
  const ownGroup = processes.find((entry) => entry.pid === pid)?.group;
  const groups = new Set<number>();
  for (let grown = true; grown; ) {
    grown = false;
    for (const entry of processes) {
      if (entry.pid === pid || found.has(entry.pid)) continue;
      const child = entry.parent === pid || found.has(entry.parent);
      // A child that was given to init still has the group that it was born into.
      if (!child && !groups.has(entry.group)) continue;
      found.set(entry.pid, entry);
      if (entry.group !== 0 && entry.group !== ownGroup) groups.add(entry.group);
      grown = true;
    }
  }
  return [...found.values()];
}
