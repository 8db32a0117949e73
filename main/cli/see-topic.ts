import type { AlertKind } from '../daemon/history/alert-kinds.ts';
import type { Outcome } from '../daemon/history/run.ts';

/** The topics of the help that messages point to, for what a sentence cannot explain. A test looks whether they are there. */
export const topicsOf = {
  /** Errors, by their code. */
  error: {
    'already-running': 'lock',
    'held-by-another-host': 'lock',
    'lock-file-replaced': 'lock',
    'home-foreign': 'files',
    'home-writable': 'files',
    'configuration-invalid': 'configuration',
    'history-newer': 'updates',
    'no-words-for-action': 'actions',
  } as Readonly<Record<string, string>>,
  /** Alerts, by their kind; what is not here says all itself. */
  alert: {
    quiet: 'health',
    watch: 'watching',
    'given-up': 'services',
    flapping: 'services',
    guard: 'guards',
    strays: 'lock',
  } as Readonly<Partial<Record<AlertKind, string>>>,
  /** Why a run was skipped, by how the reason begins. */
  skipped: {
    'missed runs of this job are skipped': 'missed-runs',
    'a later due time is run instead': 'missed-runs',
    'it was missed by more than': 'missed-runs',
    'more runs were missed than': 'missed-runs',
    'the last run is still': 'overlap',
    'as many runs as allowed': 'overlap',
  } as Readonly<Record<string, string>>,
} as const;

/** `See 'soloist help guards'.`; of several, each once. Empty if there are none. */
export function seeTopics(names: Iterable<string | undefined>): string {
  const named = [...new Set(names)].flatMap((name) => (name === undefined ? [] : `'soloist help ${name}'`));
  return named.length === 0 ? '' : `See ${named.join(' and ')}.`;
}

/** The topic about how a run has ended, if there is more to it than is said. */
export function topicOfOutcome(outcome: Outcome | null): string | undefined {
  switch (outcome?.kind) {
    case 'skipped':
      return Object.entries(topicsOf.skipped).find(([beginning]) =>
        outcome.reason.startsWith(beginning),
      )?.[1];
    case 'timed-out':
    case 'lost':
      return 'runs';
    case 'failed':
      return outcome.cause.kind === 'not-started' ? 'environment' : undefined;
    default:
      return undefined;
  }
}
