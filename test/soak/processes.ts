import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What a process was seen as in /proc. */
export interface Seen {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
  readonly words: readonly string[];
}

/** All processes. Linux only. */
export function allProcesses(): readonly Seen[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    return unlessEnded(() => {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
      // Chromium writes its words with spaces in between.
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split(/[\0 ]/).filter(Boolean);
      return [{ pid: Number(name), parent: Number(parent), state, words }];
    });
  });
}

/** Living processes, not this one, that have a folder in their environment or words, wherever they have gone. */
export function processesOf(folder: string): readonly Seen[] {
  return allProcesses().filter(({ pid, state, words }) => {
    if (pid === process.pid || state === 'Z') return false;
    if (words.some((word) => word.includes(folder))) return true;
    return unlessEnded(() => [readFileSync(`/proc/${pid}/environ`, 'latin1').includes(folder)])[0] ?? false;
  });
}

/** A process and all that come from it, the process first. */
export function treeOf(pid: number, all: readonly Seen[]): readonly Seen[] {
  const found = all.filter((one) => one.pid === pid);
  for (const { pid: parent } of found) found.push(...all.filter((one) => one.parent === parent));
  return found;
}

/** What one process takes. */
export interface Footprint {
  /** Pages that others use too are shared out among them; megabytes. */
  readonly proportional: number;
  /** Pages that nobody else uses; megabytes. */
  readonly own: number;
  readonly descriptors: number;
  readonly threads: number;
}

/** Undefined if it has ended. */
export function footprintOf(pid: number): Footprint | undefined {
  return unlessEnded(() => {
    const memory = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kilobytes = (label: string): number =>
      Number(new RegExp(`^${label}:\\s+(\\d+)`, 'm').exec(memory)?.[1] ?? 0);
    return [
      {
        proportional: kilobytes('Pss') / 1024,
        own: (kilobytes('Private_Clean') + kilobytes('Private_Dirty')) / 1024,
        descriptors: readdirSync(`/proc/${pid}/fd`).length,
        threads: readdirSync(`/proc/${pid}/task`).length,
      },
    ];
  })[0];
}

/** What the descriptors of a process lead to, with how many of each kind: `socket`, `pipe`, `anon_inode:[eventfd]`, paths. */
export function descriptorKinds(pid: number): ReadonlyMap<string, number> {
  const kinds = new Map<string, number>();
  const names = unlessEnded(() => readdirSync(`/proc/${pid}/fd`));
  for (const name of names)
    for (const target of unlessEnded(() => [readlinkSync(`/proc/${pid}/fd/${name}`)])) {
      const kind = target.replace(/^(socket|pipe):\[\d+\]$/, '$1');
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
  return kinds;
}

function unlessEnded<Item>(look: () => Item[]): Item[] {
  try {
    return look();
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
