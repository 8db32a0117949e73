import type { Owner } from '../../lock/owner.ts';
import type { ProcessDetails } from '../../process/details.ts';
import type { TreeKey } from '../../run/tree.ts';
import type { Verdict } from '../report.ts';

/** What `soloist doctor --fix` can do about a diagnosis: each of these is safe, or is asked for first. */
export type Fix =
  /** Stops the daemon, by force if it must be. */
  | { readonly kind: 'end-daemon'; readonly owner: Owner; readonly process: ProcessDetails | undefined }
  /** Ends these processes, whatever started them. */
  | { readonly kind: 'end-processes'; readonly processes: readonly ProcessDetails[] }
  /** Ends all of a run that its daemon left. */
  | {
      readonly kind: 'end-run';
      readonly job: string | undefined;
      readonly key: TreeKey;
      readonly graceMs: number;
      readonly processes: readonly ProcessDetails[];
    }
  | { readonly kind: 'tighten'; readonly path: string; readonly mode: number }
  /** Removes what a dead owner left, under its lock, and records the crash. */
  | { readonly kind: 'clear-crash'; readonly pid: number }
  /** What may be somebody's is renamed, never removed. */
  | { readonly kind: 'move-aside'; readonly path: string }
  /** Removes what Soloist itself makes anew. */
  | { readonly kind: 'remove'; readonly path: string };

/** What one examination found out. */
export interface Diagnosis {
  /** Which examination. */
  readonly name: string;
  readonly verdict: Verdict;
  /** What is: a sentence. */
  readonly sentence: string;
  /** What that means: a sentence or two. */
  readonly meaning: string;
  /** What to do about it, or null where there is nothing to do. */
  readonly advice: string | null;
  readonly fix: Fix | null;
}

/** A diagnosis before the table has given it its name. */
export type Judged = Omit<Diagnosis, 'name'>;

export const well = (sentence: string, meaning: string, advice: string | null = null): Judged => ({
  verdict: 'ok',
  sentence,
  meaning,
  advice,
  fix: null,
});

export const warning = (
  sentence: string,
  meaning: string,
  advice: string,
  fix: Fix | null = null,
): Judged => ({ verdict: 'warning', sentence, meaning, advice, fix });

export const wrong = (sentence: string, meaning: string, advice: string, fix: Fix | null = null): Judged => ({
  verdict: 'error',
  sentence,
  meaning,
  advice,
  fix,
});

/** The processes that a fix ends; a fix with any is asked for first. */
export function endedBy(fix: Fix): readonly ProcessDetails[] | undefined {
  switch (fix.kind) {
    case 'end-daemon':
      return fix.process === undefined ? [] : [fix.process];
    case 'end-processes':
    case 'end-run':
      return fix.processes;
    default:
      return undefined;
  }
}

/** What a fix will do, as a sentence. */
export function fixInWords(fix: Fix): string {
  switch (fix.kind) {
    case 'end-daemon':
      return `Stop the daemon with PID ${fix.owner.pid}, by force if it does not stop by itself.`;
    case 'end-processes':
      return `End ${pids(fix.processes)}.`;
    case 'end-run':
      return `End what is left of ${fix.job ?? 'a run'}: ${pids(fix.processes)}.`;
    case 'tighten':
      return `Change the mode of ${fix.path} to ${modeText(fix.mode)}, so that only you can write to it.`;
    case 'clear-crash':
      return `Clear what the dead daemon with PID ${fix.pid} left, under its lock.`;
    case 'move-aside':
      return `Rename ${fix.path}, so that it is out of the way and nothing of it is lost.`;
    case 'remove':
      return `Remove ${fix.path}.`;
  }
}

const pids = (processes: readonly ProcessDetails[]): string =>
  `${processes.length === 1 ? 'process' : 'processes'} ${processes.map(({ pid }) => pid).join(', ')}`;

/** `0700` */
export const modeText = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0');
