import { setTimeout as sleep } from 'node:timers/promises';
import { momentInWords } from '../../lock/already-running.ts';
import { type ProcessDetails, processDetails } from '../../process/details.ts';
import type { ProcessIdentity } from '../../process/identity.ts';
import type { Check, EndedView, Remedy, Shown, StrayView } from '../report.ts';
import { type FoundDaemon, findDaemons } from './find.ts';

/** Where strays are looked for. */
export interface StraySearch {
  /** The home's real path. */
  readonly home: string;
  /** The owner of this home, or whoever else asks: it is no stray. */
  readonly self: ProcessIdentity;
}

/** A second starter gives up after 2 s; what is this old (milliseconds) has had time for it on any computer. */
const SETTLED_MS = 10_000;
/** A process that ends or starts at this moment is over by the second look. */
const SECOND_LOOK_MS = 500;

/**
 * All other daemon processes of this user, with what each is. One that is only starting, and will be refused, is none:
 * what would be wrong must still be there at a second look, and be of some age or have a lock file open.
 */
export async function findStrays(of: StraySearch): Promise<readonly StrayView[]> {
  const first = await look(of);
  const suspects = first.filter(({ kind }) => kind !== 'other-home');
  if (suspects.length === 0) return first.map(({ view }) => view);
  await sleep(SECOND_LOOK_MS);
  const second = await look(of);
  return second
    .filter(
      (now) =>
        now.kind === 'other-home' ||
        suspects.some(
          (then) => isSame(now.view, then.view) && (isSettled(now) || (now.hasLockOpen && then.hasLockOpen)),
        ),
    )
    .map(({ view }) => view);
}

interface Looked {
  readonly view: StrayView;
  readonly kind: StrayView['kind'];
  readonly hasLockOpen: boolean;
}

async function look({ home, self }: StraySearch): Promise<readonly Looked[]> {
  const daemons = (await findDaemons()).filter(
    ({ entry }) => entry.pid !== self.pid || entry.started !== self.processStarted,
  );
  const details = await processDetails(daemons.map(({ entry }) => entry));
  return details.flatMap((shown) => {
    const daemon = daemons.find(({ entry }) => isSame(entry, shown));
    if (daemon === undefined) return [];
    const kind = kindOf(daemon, home);
    return { view: { ...shown, kind, home: daemon.home }, kind, hasLockOpen: daemon.hasLockOpen };
  });
}

const isSame = (one: Shown, other: Shown): boolean => one.pid === other.pid && one.started === other.started;

function isSettled({ view: { since } }: Looked): boolean {
  return since === null || Date.now() - Date.parse(since) > SETTLED_MS;
}

function kindOf(daemon: FoundDaemon, home: string): StrayView['kind'] {
  if (daemon.isOf(home)) return 'same-home';
  if (daemon.isHomeGone) return 'home-gone';
  return daemon.isProgramGone ? 'program-gone' : 'other-home';
}

/** In a terminal, only those of this home are ended; of the others it is said how. */
const remedyFor = (isTwice: boolean): Remedy => ({
  kind: 'end-strays',
  subject: null,
  command: isTwice ? 'soloist doctor --fix' : 'soloist doctor',
});

/** What there is to say about these strays; pure, but for the time zone in which `now` is told. */
export function straysCheck(strays: readonly StrayView[], now: Date = new Date()): Check[] {
  const of = (kind: StrayView['kind']): readonly StrayView[] => strays.filter((one) => one.kind === kind);
  const bad = (['same-home', 'home-gone', 'program-gone'] as const).flatMap((kind) =>
    of(kind).length === 0 ? [] : wordsOf[kind](of(kind), now),
  );
  const isTwice = of('same-home').length > 0;
  const others = of('other-home');
  const fine = others.length === 0 ? 'No other daemon runs.' : otherHomes(others);
  return [
    {
      name: 'strays',
      group: 'processes',
      subject: null,
      verdict: isTwice ? 'error' : bad.length > 0 ? 'warning' : 'ok',
      sentence: bad.length > 0 ? bad.join(' ') : fine,
      remedy: bad.length > 0 ? remedyFor(isTwice) : null,
    },
  ];
}

function otherHomes(others: readonly StrayView[]): string {
  const subject =
    others.length === 1 ? 'One daemon of another home runs' : `${others.length} daemons of other homes run`;
  return `${subject}, which is fine: ${listed(others, ({ home, pid }) => `${home ?? 'home unknown'} (PID ${pid})`)}.`;
}

const wordsOf = {
  'same-home': (strays: readonly StrayView[], now: Date) => {
    const subject =
      strays.length === 1
        ? 'Another daemon of this home runs'
        : `${strays.length} other daemons of this home run`;
    return `${subject}: ${listed(strays, (one) => withAge(one, now))}.`;
  },
  'home-gone': (strays: readonly StrayView[]) => `${some(strays, 'home')}: ${listed(strays, withHome)}.`,
  'program-gone': (strays: readonly StrayView[]) =>
    `${some(strays, 'program')}: ${listed(strays, withHome)}.`,
};

const some = ({ length }: readonly unknown[], what: string): string =>
  length === 1 ? `A daemon runs whose ${what} is gone` : `${length} daemons run whose ${what} is gone`;

const withAge = ({ pid, since }: StrayView, now: Date): string =>
  since === null ? `PID ${pid}` : `PID ${pid} (since ${momentInWords(since, now)})`;

const withHome = ({ pid, home }: StrayView): string =>
  home === null ? `PID ${pid}` : `PID ${pid} (${home})`;

/** A sentence is to be read: so many are named, the others counted. */
const NAMED = 5;

function listed(strays: readonly StrayView[], words: (stray: StrayView) => string): string {
  const named = strays.slice(0, NAMED).map(words).join(', ');
  return strays.length <= NAMED ? named : `${named} and ${strays.length - NAMED} more`;
}

/** Ends processes: SIGTERM, a grace period (milliseconds), SIGKILL. */
export type End = (
  processes: readonly ProcessDetails[],
  options: { readonly graceMs: number },
) => Promise<EndedView>;

/** A daemon ends its runs first, which by default have 10 s for it. */
const GRACE_MS = 15_000;

/** Ends those of the shown processes that are strays now: never a daemon of another home that is well. */
export async function endStrays(shown: readonly Shown[], of: StraySearch, end: End): Promise<EndedView> {
  const strays = await findStrays(of);
  const chosen = strays.filter(
    (stray) => stray.kind !== 'other-home' && shown.some((one) => isSame(one, stray)),
  );
  return end(chosen, { graceMs: GRACE_MS });
}
