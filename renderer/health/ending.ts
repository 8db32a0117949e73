import type { WindowOutput } from '../../main/control/window-calls.ts';
import { isolate } from '../bidi.ts';
import { healthStrings } from '../strings/health.ts';

const strings = healthStrings.ending;

export type Guard = WindowOutput<'guards'>['guards'][number];
export type Stray = WindowOutput<'strays'>['strays'][number];
export type Ended = WindowOutput<'endGuarded'>;
type Process = Ended['ended'][number];

/** Of which processes some are to be ended. */
export type Target = { readonly kind: 'guard'; readonly guard: string } | { readonly kind: 'strays' };

export type Fate = 'ends' | 'stays' | 'ended' | 'left';

/** A process as a person sees it before and after. */
export interface Row {
  readonly process: Process;
  readonly fate: Fate;
  /** Why it is in the list; null where that is plain. */
  readonly note: string | null;
}

export interface Plan {
  /** A sentence about them all. */
  readonly explanation: string;
  readonly rows: readonly Row[];
}

/** What would become of the copies that a guard counts. */
export function guardPlan({ processes, max, keep }: Guard): Plan {
  return {
    explanation: strings.explainGuard(processes.length, max, keep),
    rows: processes.map(({ isExtra, ...process }) => ({
      process,
      fate: isExtra ? 'ends' : 'stays',
      note: null,
    })),
  };
}

/** What would become of the other daemons; one of another home that is well stays. */
export function straysPlan(strays: readonly Stray[]): Plan {
  const rows = strays.map(({ kind, home, ...process }): Row => {
    const note = strings.strayKinds[kind];
    return {
      process,
      fate: kind === 'other-home' ? 'stays' : 'ends',
      note: home === null ? note : `${note}: ${isolate(home)}`,
    };
  });
  return { explanation: strings.explainStrays(ending(rows).length), rows };
}

/** Those that are to be ended, as they were shown: no other process is ended under their numbers. */
export function ending(rows: readonly Row[]): { readonly pid: number; readonly started: string }[] {
  return rows
    .filter(({ fate }) => fate === 'ends')
    .map(({ process: { pid, started } }) => ({ pid, started }));
}

/** The rows when it is known what became of them. */
export function rowsAfter(rows: readonly Row[], { ended }: Ended): readonly Row[] {
  const isEnded = ({ pid, started }: Process): boolean =>
    ended.some((one) => one.pid === pid && one.started === started);
  return rows.map((row) =>
    row.fate === 'ends' ? { ...row, fate: isEnded(row.process) ? 'ended' : 'left' } : row,
  );
}
