import type { PlistValue } from 'plist';
import type { Remark } from '../imported.ts';
import { type Dictionary, isDictionary } from './plist-text.ts';

/** Whether launchd starts a job again that has ended. */
export interface KeepAlive {
  readonly restart: 'no' | 'always' | 'on-failure';
  /** SuccessfulExit and Crashed: the job must have run once. */
  readonly runsAtLoad: boolean;
  /** About keys such as `KeepAlive.Crashed`. */
  readonly notes: readonly { readonly path: string; readonly kind: Remark['kind']; readonly why: string }[];
}

const CONDITION = 'Soloist keeps a service alive in any case or after failures, and knows no such condition.';
const BY_HAND =
  'None of its conditions is carried over, so that it starts nothing here. With "keep_alive: true" the job would run always.';

const UNKNOWN: Readonly<Record<string, string>> = {
  NetworkState: 'launchd itself does not look at it any more.',
  PathState: `${CONDITION} "watch" starts a job when a file comes.`,
  OtherJobEnabled: CONDITION,
  OtherJobActive: CONDITION,
};

/** Reads KeepAlive and the older OnDemand. Of several conditions launchd keeps a job alive while any holds. */
export function readKeepAlive({ KeepAlive: value, OnDemand: onDemand }: Dictionary): KeepAlive {
  if (value === undefined) return plain(onDemand === false ? 'always' : 'no');
  if (typeof value === 'boolean') return plain(value ? 'always' : 'no');
  if (!isDictionary(value)) {
    const why = 'It is neither true nor false nor a dictionary.';
    return { restart: 'no', runsAtLoad: false, notes: [{ path: 'KeepAlive', kind: 'left-out', why }] };
  }
  return readConditions(value);
}

const plain = (restart: KeepAlive['restart']): KeepAlive => ({ restart, runsAtLoad: false, notes: [] });

function readConditions(conditions: Dictionary): KeepAlive {
  const notes: KeepAlive['notes'][number][] = [];
  const wanted = new Set<KeepAlive['restart']>();
  const note = (key: string, kind: Remark['kind'], why: string): void =>
    void notes.push({ path: `KeepAlive.${key}`, kind, why });
  for (const [key, value] of Object.entries(conditions)) {
    const met = restartOf(key, value);
    if (met !== undefined) {
      wanted.add(met.restart);
      if (met.why !== undefined) note(key, 'changed', met.why);
    } else if (key === 'AfterInitialDemand') {
      if (value === true)
        note(
          key,
          'left-out',
          'Soloist starts a service with its daemon, and does not wait until somebody asks for it.',
        );
    } else {
      note(key, 'left-out', UNKNOWN[key] ?? 'It is no condition of launchd.plist(5) that is known here.');
    }
  }
  const restart = wanted.has('always') ? 'always' : wanted.has('on-failure') ? 'on-failure' : 'no';
  if (restart === 'no' && notes.length > 0) note('', 'changed', BY_HAND);
  return {
    restart,
    runsAtLoad: restart !== 'no',
    notes: notes.map((one) => ({ ...one, path: one.path.replace(/\.$/, '') })),
  };
}

function restartOf(
  key: string,
  value: PlistValue,
): { readonly restart: 'always' | 'on-failure'; readonly why?: string } | undefined {
  if (key === 'SuccessfulExit' && value === false) return { restart: 'on-failure' };
  if (key === 'SuccessfulExit' && value === true) {
    const why = 'launchd starts it again only after success; Soloist whenever it has ended.';
    return { restart: 'always', why };
  }
  if (key === 'Crashed' && value === true) {
    const why =
      'launchd starts it again only after a crash by a signal; Soloist also when it ends with an exit code other than 0.';
    return { restart: 'on-failure', why };
  }
  if (key === 'Crashed' && value === false) {
    const why = 'launchd starts it again unless it has crashed; Soloist whenever it has ended.';
    return { restart: 'always', why };
  }
  return undefined;
}
