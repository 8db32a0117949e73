import { statSync } from 'node:fs';
import { join } from 'node:path';
import { grouped } from './growth.ts';
import { sizeOf } from './person.ts';
import { allProcesses, type Footprint, footprintOf, type Seen, treeOf } from './processes.ts';

/** One look at all processes of the app, and at its files. */
export interface Sample {
  readonly minutes: number;
  readonly main: Footprint;
  /** All processes of the app but those that show pages and run actions: these come and go. */
  readonly standing: Footprint & { readonly processes: number };
  readonly pages: Footprint & { readonly processes: number };
  /** Processes of runs, actions, and whatever else the app started. */
  readonly others: number;
  readonly zombies: number;
  readonly historyMegabytes: number;
  readonly outputFiles: number;
  readonly outputMegabytes: number;
}

type Role = 'main' | 'standing' | 'page' | 'other';

/** Looks now. Throws if the app does not run. */
export function takeSample(pid: number, home: string, minutes: number): Sample {
  const tree = treeOf(pid, allProcesses());
  const roles = grouped(tree, (one) => roleOf(one, pid));
  const of = (role: Role) => roles.get(role) ?? [];
  const main = footprintOf(pid);
  if (main === undefined) throw new Error('the app does not run any more');
  const bytes = ['', '-wal'].reduce(
    (sum, suffix) =>
      sum + (statSync(join(home, `history/history.sqlite${suffix}`), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  const outputs = sizeOf(join(home, 'runs'));
  return {
    minutes,
    main,
    standing: sum([...of('main'), ...of('standing')]),
    pages: sum(of('page')),
    others: of('other').filter(({ state }) => state !== 'Z').length,
    zombies: tree.filter(({ state }) => state === 'Z').length,
    historyMegabytes: bytes / 2 ** 20,
    outputFiles: outputs.files,
    outputMegabytes: outputs.bytes / 2 ** 20,
  };
}

/** Whether nothing that the app started runs now but what stands. */
export const isQuiet = (pid: number): boolean =>
  treeOf(pid, allProcesses()).every((one) => roleOf(one, pid) !== 'other');

function roleOf({ pid, words }: Seen, main: number): Role {
  if (pid === main) return 'main';
  const type = words.find((word) => word.startsWith('--type='))?.slice('--type='.length);
  if (type === 'renderer') return 'page';
  const isAction = words.some((word) => word.startsWith('--utility-sub-type=node.'));
  return type === undefined || isAction ? 'other' : 'standing';
}

function sum(processes: readonly Seen[]): Footprint & { readonly processes: number } {
  const all = processes.flatMap(({ pid }) => footprintOf(pid) ?? []);
  const total = (of: (one: Footprint) => number): number => all.reduce((sum, one) => sum + of(one), 0);
  return {
    proportional: total((one) => one.proportional),
    own: total((one) => one.own),
    descriptors: total((one) => one.descriptors),
    threads: total((one) => one.threads),
    processes: all.length,
  };
}

/** A line for people. */
export function sampleLine({ main, standing, pages, ...rest }: Sample): string {
  const megabytes = (value: number): string => `${value.toFixed(1)} MB`;
  return [
    `main PSS ${megabytes(main.proportional)}, private ${megabytes(main.own)}, ${main.descriptors} descriptors, ${main.threads} threads`,
    `app of ${standing.processes} processes PSS ${megabytes(standing.proportional)}, ${standing.descriptors} descriptors, ${standing.threads} threads`,
    pages.processes === 0 ? 'no page' : `page PSS ${megabytes(pages.proportional)}`,
    `${rest.others} processes of runs`,
    `history ${megabytes(rest.historyMegabytes)}, ${rest.outputFiles} files of output, ${megabytes(rest.outputMegabytes)}`,
  ].join('; ');
}
