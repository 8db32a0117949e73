import type { LoginItem, Place } from '../../control/app-calls.ts';
import { summaryInWords } from '../../daemon/health/report.ts';
import {
  type Alert,
  counted,
  healthSeen,
  jobNameOf,
  openAlerts,
  type Seen,
  shortened,
  type TrayView,
} from './state.ts';

/** What an entry of the menu does when it is chosen. */
export type MenuAction =
  | { readonly kind: 'start' | 'stop' | 'stop-now' | 'restart' | 'attach' | 'take-over' | 'quit' | 'popover' }
  | { readonly kind: 'pause-all' | 'resume-all' }
  | { readonly kind: 'run'; readonly job: string }
  | { readonly kind: 'open'; readonly place: Place }
  | { readonly kind: 'edit' | 'update' }
  | { readonly kind: 'start-at-login'; readonly enabled: boolean };

export interface MenuEntry {
  readonly label: string;
  /** None: it is only to be read. */
  readonly action?: MenuAction;
  readonly checked?: boolean;
  readonly entries?: readonly MenuEntry[];
}

export interface MenuInput {
  readonly seen: Seen;
  readonly tray: TrayView;
  readonly loginItem: LoginItem;
  /** Whether a click on the icon brings the menu and not the popover. */
  readonly isOnlyWay: boolean;
  /** The new version that is ready to be put in place. */
  readonly update?: string | undefined;
}

/** More jobs than this are easier found in the window. */
const MOST_JOBS = 30;
const MOST_ALERTS = 5;
const HEALTH: MenuAction = { kind: 'open', place: { view: 'health' } };

type Row = MenuEntry | 'line';
type RowOf = (input: MenuInput) => Row | readonly Row[] | undefined;

const isShown = ({ seen }: MenuInput): boolean =>
  seen.source.kind === 'own' || seen.source.kind === 'attached';
const stateOf = ({ seen }: MenuInput): string | undefined => seen.status?.daemon.state;
const isRunning = (input: MenuInput): boolean => isShown(input) && stateOf(input) === 'running';

/** The whole menu, from top to bottom. Where there is nothing to show there is no row. */
const rows: readonly RowOf[] = [
  ({ tray }) => ({ label: tray.line }),
  ({ seen }) => {
    const open = openAlerts(seen);
    const shown = open.slice(0, MOST_ALERTS).map(
      (alert): MenuEntry => ({
        label: `⚠ ${shortened(alert.message, 60)}`,
        action: { kind: 'open', place: placeOf(alert) },
      }),
    );
    const more = open.length - shown.length;
    if (more === 0) return shown;
    return [...shown, { label: `${counted(more, 'more alert')}`, action: HEALTH }];
  },
  ({ seen }) => {
    const health = healthSeen(seen);
    return health && { label: `Health: ${summaryInWords(health)}`, action: HEALTH };
  },
  (input) => {
    const { waitingLinks } = input.seen;
    if (waitingLinks === 0 || !isRunning(input)) return undefined;
    return {
      label: counted(waitingLinks, 'suggested link'),
      action: { kind: 'open', place: { view: 'links' } },
    };
  },
  ({ seen }) =>
    seen.status?.configuration.problem
      ? { label: 'Open the configuration', action: { kind: 'edit' } }
      : undefined,
  () => 'line',
  ({ seen }) => {
    if (seen.source.kind !== 'duplicate') return undefined;
    return [
      { label: 'Attach', action: { kind: 'attach' } },
      { label: 'Stop it and start here', action: { kind: 'take-over' } },
    ];
  },
  (input) => {
    const { source } = input.seen;
    if (source.kind === 'duplicate') return undefined;
    if (source.kind === 'gone') return { label: 'Start', action: { kind: 'start' } };
    switch (stateOf(input)) {
      case 'running':
        return { label: 'Stop', action: { kind: 'stop' } };
      case 'stopping':
        return { label: 'Stop now', action: { kind: 'stop-now' } };
      case 'stopped':
      case 'failed':
        return { label: 'Start', action: { kind: 'start' } };
      default:
        return { label: 'Start' };
    }
  },
  (input) =>
    isShown(input)
      ? { label: 'Restart', ...(isRunning(input) ? { action: { kind: 'restart' } } : {}) }
      : undefined,
  (input) => (isRunning(input) && input.seen.jobs.length > 0 ? pauseAndRun(input) : undefined),
  () => 'line',
  ({ isOnlyWay }) => (isOnlyWay ? { label: 'Show status', action: { kind: 'popover' } } : undefined),
  () => ({ label: 'Open Soloist', action: { kind: 'open', place: { view: 'timeline' } } }),
  () => 'line',
  ({ loginItem }) => {
    const label = 'Start at login';
    if (loginItem.state === 'unsupported') return { label };
    const enabled = loginItem.state === 'enabled' || loginItem.state === 'needs-approval';
    return { label, checked: enabled, action: { kind: 'start-at-login', enabled: !enabled } };
  },
  ({ update }) =>
    update === undefined
      ? undefined
      : { label: `Restart to update to ${update}`, action: { kind: 'update' } },
  ({ seen }) => ({
    label: seen.source.kind === 'attached' ? 'Quit (the attached daemon goes on)' : 'Quit Soloist',
    action: { kind: 'quit' },
  }),
];

function pauseAndRun({ seen }: MenuInput): readonly Row[] {
  const enabled = seen.jobs.filter((job) => job.enabled);
  const isAllPaused = enabled.length > 0 && enabled.every((job) => job.paused !== null);
  const named = seen.jobs
    .filter((job) => job.kind === 'triggered')
    .map((job): MenuEntry => ({ label: shortened(job.name, 40), action: { kind: 'run', job: job.name } }));
  const runs =
    named.length <= MOST_JOBS
      ? named
      : [
          ...named.slice(0, MOST_JOBS),
          { label: 'All jobs…', action: { kind: 'open', place: { view: 'jobs' } } } satisfies MenuEntry,
        ];
  return [
    'line',
    isAllPaused
      ? { label: 'Resume all', action: { kind: 'resume-all' } }
      : { label: 'Pause all', action: { kind: 'pause-all' } },
    ...(runs.length === 0 ? [] : [{ label: 'Run now', entries: runs }]),
  ];
}

function placeOf(alert: Alert): Place {
  const { run } = alert;
  const job = jobNameOf(alert);
  if (run !== null) return { view: 'history', run, ...(job === null ? {} : { job }) };
  return job === null ? { view: 'health' } : { view: 'jobs', job };
}

/** The tray's menu, with a line between its groups and nowhere else. */
export function trayMenu(input: MenuInput): Row[] {
  const all = rows.flatMap((row) => row(input) ?? []);
  return all.filter(
    (row, index) => row !== 'line' || (index > 0 && index < all.length - 1 && all[index - 1] !== 'line'),
  );
}
