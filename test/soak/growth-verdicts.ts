import { afterWarmUp, type Growth, growthOf, lowest, type Reading } from './growth.ts';
import type { Sample } from './samples.ts';
import type { Verdict } from './verdicts.ts';

/** What the app took when nothing ran: the least of some looks. */
export interface Quiet {
  readonly minutes: number;
  /** How many descriptors its Electron had left open by then, by what is known of it. */
  readonly knownLeak: number;
  readonly threads: number;
  /** Processes of runs, living or not waited for. */
  readonly others: number;
  readonly standing: number;
  /** Private memory of the main process, in megabytes. */
  readonly own: number;
  /** How many descriptors lead to what. */
  readonly kinds: ReadonlyMap<string, number>;
}

/** The least of each stretch of so many minutes counts, for the rest is garbage, and runs that go on. */
const STRETCH_MINUTES = 0.5;
/** Megabytes a minute that memory may grow by in all likelihood; see `growthVerdicts`. */
const MEMORY_TOLERANCE = 1;
/** A collection of garbage more or less makes some five megabytes; over so many minutes that is no growth. */
const TELLING_MINUTES = 5;
/** Files that Chromium opens when a page first needs them: storage of a session, and shared memory. */
const CHROMIUM_TOLERANCE = 8;
/** The pool of threads of Chromium lets go of one after half a minute without work. */
const THREADS_TOLERANCE = 2;

/**
 * Memory may not grow by more than the tolerance: a failure is a slope whose lower limit (95 %) is above it, so that a
 * short soak, which knows its slope badly, fails only for a large one. What can be counted is compared at rest.
 */
export function growthVerdicts(
  samples: readonly Sample[],
  quiet: readonly Quiet[],
  minutes: number,
): readonly Verdict[] {
  const memory = (name: string, of: (sample: Sample) => number): Verdict => {
    const readings = samples.map((sample): Reading => ({ minutes: sample.minutes, value: of(sample) }));
    const growth = growthOf(lowest(afterWarmUp(readings, minutes), STRETCH_MINUTES));
    return {
      promise: `${name} grows by at most ${MEMORY_TOLERANCE} MB a minute after a third of the time`,
      found: growth === undefined ? 'too few samples to tell' : growthInWords(growth),
      holds: growth === undefined || growth.least <= MEMORY_TOLERANCE,
    };
  };
  return [
    memory('the PSS of the main process', ({ main }) => main.proportional),
    memory('the private memory of the main process', ({ main }) => main.own),
    memory('the PSS of all processes without pages', ({ standing }) => standing.proportional),
    atRest("Chromium's own descriptors", quiet, chromiumDescriptors, CHROMIUM_TOLERANCE),
    atRest('other descriptors of the main process', quiet, ownDescriptors(quiet[0]?.knownLeak ?? 0), 0),
    atRest('threads of the main process', quiet, (one) => one.threads, THREADS_TOLERANCE),
    atRest('processes of the app', quiet, (one) => one.standing, 0),
    atRestMemory(quiet),
    {
      promise: 'at rest nothing of a run is left',
      found: quiet.map(({ others }) => others).join(', '),
      holds: quiet.every(({ others }) => others === 0),
    },
  ];
}

const isChromiums = (target: string): boolean => /\/soloist\/app\/|^\/dev\/shm\/|^\/memfd:/.test(target);

const count = (kinds: Quiet['kinds'], isWanted: (target: string) => boolean): number =>
  [...kinds].reduce((sum, [target, some]) => sum + (isWanted(target) ? some : 0), 0);

const chromiumDescriptors = ({ kinds }: Quiet): number => count(kinds, isChromiums);

/** Without what this Electron is known to leave open. */
const ownDescriptors =
  (leakBefore: number) =>
  ({ kinds, knownLeak }: Quiet): number =>
    count(kinds, (target) => !isChromiums(target)) -
    Math.min(knownLeak - leakBefore, kinds.get('/dev/null') ?? 0);

function growthInWords({ perMinute, least, most, readings }: Growth): string {
  const [slope, from, to] = [perMinute, least, most].map((value) => value.toFixed(2));
  return `${slope} MB a minute (${from} to ${to}, ${readings} readings)`;
}

function atRest(
  name: string,
  quiet: readonly Quiet[],
  of: (quiet: Quiet) => number,
  tolerance: number,
): Verdict {
  const values = quiet.map(of);
  const [first = 0] = values;
  const last = values.at(-1) ?? 0;
  const holds = last - first <= tolerance;
  return {
    promise: `at rest ${name} are at most ${tolerance} more than a third into the time`,
    found: `${values.join(', ')}${holds ? '' : ` (${moreOf(quiet)})`}`,
    holds,
  };
}

/** Nothing is done at rest, but there may be garbage: a short soak cannot tell that from growth. */
function atRestMemory(quiet: readonly Quiet[]): Verdict {
  const first = quiet[0];
  const last = quiet.at(-1);
  const minutes = (last?.minutes ?? 0) - (first?.minutes ?? 0);
  const perMinute = ((last?.own ?? 0) - (first?.own ?? 0)) / Math.max(1, minutes);
  return {
    promise: `at rest the private memory of the main process grows by at most ${MEMORY_TOLERANCE} MB a minute (told after ${TELLING_MINUTES} minutes)`,
    found: `${quiet.map(({ own }) => own.toFixed(1)).join(', ')} MB: ${perMinute.toFixed(2)} MB a minute`,
    holds: minutes < TELLING_MINUTES || perMinute <= MEMORY_TOLERANCE,
  };
}

/** Which descriptors there are more of at the last rest than at the first. */
function moreOf(quiet: readonly Quiet[]): string {
  const first = quiet[0]?.kinds ?? new Map<string, number>();
  const more = [...(quiet.at(-1)?.kinds ?? [])].flatMap(([kind, count]) => {
    const by = count - (first.get(kind) ?? 0);
    return by > 0 ? [`${by} more ${kind}`] : [];
  });
  return more.join(', ');
}
