import { describe, expect, test } from 'vitest';
import { trayStates } from '../../../main/control/app-calls.ts';
import { type MenuEntry, type MenuInput, trayMenu } from '../../../main/shell/tray/menu.ts';
import { type Seen, shortened, trayView } from '../../../main/shell/tray/state.ts';
import { alert, health, job, noon, owner, run, status } from './views.ts';

const since = new Date(noon - 3_600_000).toISOString();
const seen = (more: Partial<Seen> = {}): Seen => ({
  source: { kind: 'own' },
  status: status(),
  jobs: [job('a')],
  alerts: [],
  ...more,
});
const healthy = (more: Parameters<typeof health>[0] = {}) => status(undefined, { health: health(more) });
const paused = { by: 'me', since };
const stopping = (waiting: { runs: number; until: string } | null) =>
  status({ state: 'stopping', since, reason: { kind: 'asked' }, waiting });
const in8s = new Date(noon + 7_600).toISOString();

describe('the state of the tray', () => {
  const table: [string, Partial<Seen>, string, string][] = [
    ['runs', {}, 'running', 'Running since 11:00, 1 job'],
    ['runs without jobs', { jobs: [] }, 'running', 'Running since 11:00, no jobs yet'],
    ['works', { jobs: [job('a', { running: [run('a')] })] }, 'working', 'Running a'],
    [
      'works at several',
      { jobs: [job('a', { running: [run('a'), run('a')] }), job('b', { running: [run('b')] })] },
      'working',
      'Running 3 runs',
    ],
    [
      'runs a service, which is no work',
      { jobs: [job('s', { kind: 'service', running: [run('s')] })] },
      'running',
      'Running since 11:00, 1 job',
    ],
    ['is paused', { jobs: [job('a', { paused }), job('b', { paused })] }, 'paused', 'All jobs are paused'],
    [
      'is paused, a disabled job aside',
      { jobs: [job('a', { paused }), job('b', { enabled: false })] },
      'paused',
      'Paused',
    ],
    [
      'is paused in part',
      { jobs: [job('a', { paused }), job('b')] },
      'running',
      'Running since 11:00, 2 jobs',
    ],
    ['has an alert', { alerts: [alert()] }, 'attention', 'sync was given up after 10 failures.'],
    [
      'has alerts, although it works',
      { alerts: [alert(), alert()], jobs: [job('a', { running: [run('a')] })] },
      'attention',
      '2 alerts: sync was given up after 10 failures.',
    ],
    [
      'is not well, and keeps no alerts',
      { jobs: [], status: healthy({ verdict: 'error', errors: 1, sentence: 'The lock is lost.' }) },
      'attention',
      'The lock is lost.',
    ],
    [
      'is not well, as somebody knows',
      { alerts: [alert({ state: 'acknowledged' })], status: healthy({ verdict: 'error', errors: 1 }) },
      'running',
      'Running since 11:00, 1 job',
    ],
    [
      'is to be warned of',
      { status: healthy({ verdict: 'warning', warnings: 1, sentence: 'An error.' }) },
      'running',
      'Running since 11:00, 1 job',
    ],
    [
      'has a broken configuration',
      {
        status: status(undefined, {
          configuration: { path: '/c', problem: { code: 'x', message: 'm' }, kept: null },
        }),
      },
      'attention',
      'The configuration is broken; the former one is in force',
    ],
    ['starts', { status: status({ state: 'starting', since }) }, 'stopped', 'Starting'],
    [
      'is stopped',
      { status: status({ state: 'stopped', since, reason: { kind: 'asked' } }) },
      'stopped',
      'Stopped',
    ],
    [
      'was stopped by a fault',
      {
        status: status({
          state: 'stopped',
          since,
          reason: { kind: 'fault', error: { code: 'x', message: 'oh' } },
        }),
      },
      'attention',
      'Stopped because of a fault: oh',
    ],
    [
      'could not start',
      { status: status({ state: 'failed', since, error: { code: 'x', message: 'The disk is full.' } }) },
      'attention',
      'Not started: The disk is full.',
    ],
    ['stops', { status: stopping(null) }, 'working', 'Stopping'],
    [
      'stops and waits',
      { status: stopping({ runs: 2, until: in8s }) },
      'working',
      'Stopping: waiting for 2 runs, 8 s left',
    ],
    [
      'stops and waits for longer than it said',
      { status: stopping({ runs: 1, until: since }) },
      'working',
      'Stopping: waiting for 1 run, 0 s left',
    ],
    [
      'meets another daemon',
      { source: { kind: 'duplicate', owner: owner() }, status: null },
      'duplicate',
      'Another daemon is already running: PID 4242',
    ],
    [
      'is attached',
      { source: { kind: 'attached', owner: owner() } },
      'running',
      'Attached to PID 4242. Running since 11:00, 1 job',
    ],
    [
      'lost the other one',
      { source: { kind: 'gone', owner: owner() }, status: null },
      'stopped',
      'The other daemon has ended',
    ],
  ];
  test.for(table)('when it %s', ([, more, state, line]) => {
    expect(trayView(seen(more), noon)).toEqual({ state, line });
  });

  test('every state is reached', () => {
    const reached = new Set(table.map(([, more]) => trayView(seen(more), noon).state));
    expect([...reached].sort()).toEqual([...trayStates].sort());
  });

  test('what a person wrote is cut to one line', () => {
    expect(shortened('a\n  b')).toBe('a b');
    expect([...shortened('👍'.repeat(100), 10)]).toHaveLength(10);
    const [long] = [trayView(seen({ alerts: [alert({ message: 'x'.repeat(500) })] }), noon)];
    expect(long?.line.length).toBeLessThanOrEqual(80);
  });
});

describe('the menu', () => {
  const menu = (more: Partial<Seen> = {}, rest: Partial<MenuInput> = {}): (MenuEntry | 'line')[] =>
    trayMenu({
      seen: seen(more),
      tray: trayView(seen(more), noon),
      loginItem: { state: 'disabled' },
      isOnlyWay: false,
      ...rest,
    });
  const labels = (rows: (MenuEntry | 'line')[]): string[] =>
    rows.map((row) => (row === 'line' ? '-' : row.label));
  const entry = (rows: (MenuEntry | 'line')[], label: string): MenuEntry | undefined =>
    rows.find((row): row is MenuEntry => row !== 'line' && row.label === label);

  test('of a daemon that runs', () => {
    expect(labels(menu())).toEqual([
      'Running since 11:00, 1 job',
      '-',
      'Stop',
      'Restart',
      '-',
      'Pause all',
      'Run now',
      '-',
      'Open Soloist',
      '-',
      'Start at login',
      'Quit Soloist',
    ]);
  });

  test('offers what would do something, and nothing else', () => {
    const stopped = menu({ status: status({ state: 'stopped', since, reason: null }) });
    expect(entry(stopped, 'Start')?.action).toEqual({ kind: 'start' });
    expect(entry(stopped, 'Restart')?.action).toBeUndefined();
    expect(entry(stopped, 'Run now')).toBeUndefined();
    const waiting = menu({ status: stopping({ runs: 1, until: in8s }) });
    expect(entry(waiting, 'Stop now')?.action).toEqual({ kind: 'stop-now' });
    const all = menu({ jobs: [job('a', { paused })] });
    expect(entry(all, 'Resume all')?.action).toEqual({ kind: 'resume-all' });
    const duplicate = menu({ source: { kind: 'duplicate', owner: owner() }, status: null });
    expect(labels(duplicate)).toEqual([
      'Another daemon is already running: PID 4242',
      '-',
      'Attach',
      'Stop it and start here',
      '-',
      'Open Soloist',
      '-',
      'Start at login',
      'Quit Soloist',
    ]);
    const gone = menu({ source: { kind: 'gone', owner: null }, status: null });
    expect(entry(gone, 'Start')?.action).toEqual({ kind: 'start' });
    expect(labels(menu({ source: { kind: 'attached', owner: owner() } }))).toContain(
      'Quit (the attached daemon goes on)',
    );
  });

  test('leads to what alerts are about', () => {
    const alerts = [alert({ run: 'r1' }), alert({ job: null }), ...Array.from({ length: 5 }, () => alert())];
    const rows = menu({ alerts });
    expect(entry(rows, '2 more alerts')?.action).toEqual({ kind: 'open', place: { view: 'health' } });
    const places = rows.flatMap((row) =>
      row !== 'line' && row.label.startsWith('⚠') && row.action?.kind === 'open' ? [row.action.place] : [],
    );
    expect(places.slice(0, 3)).toEqual([
      { view: 'history', run: 'r1', job: 'sync' },
      { view: 'health' },
      { view: 'jobs', job: 'sync' },
    ]);
  });

  test('leads from an alert that is about no job to the Health view, whatever it names', () => {
    for (const kind of ['guard', 'strays', 'check'] as const)
      for (const job of kind === 'guard' ? ['sync', null] : [null])
        expect(entry(menu({ alerts: [alert({ kind, job, message: kind })] }), `⚠ ${kind}`)?.action).toEqual({
          kind: 'open',
          place: { view: 'health' },
        });
  });

  test('says how many checks found something, once the daemon tells', () => {
    const row = (more: Partial<Seen>): MenuEntry | undefined =>
      menu(more).find((one): one is MenuEntry => one !== 'line' && one.label.startsWith('Health'));
    expect(row({})).toBeUndefined();
    expect(row({ status: healthy() })).toEqual({
      label: 'Health: all is well',
      action: { kind: 'open', place: { view: 'health' } },
    });
    const troubled = healthy({ verdict: 'error', errors: 1, warnings: 2 });
    expect(row({ status: troubled })?.label).toBe('Health: 1 error, 2 warnings');
    const stopped = status({ state: 'stopped', since, reason: null }, { health: health() });
    expect(row({ status: stopped })).toBeUndefined();
    expect(row({ status: healthy(), source: { kind: 'gone', owner: null } })).toBeUndefined();
  });

  test('runs jobs now, services aside, and not hundreds of them', () => {
    const jobs = Array.from({ length: 40 }, (_, index) => job(`job ${index}`));
    const runs = entry(menu({ jobs: [...jobs, job('s', { kind: 'service' })] }), 'Run now')?.entries;
    expect(runs).toHaveLength(31);
    expect(runs?.[0]?.action).toEqual({ kind: 'run', job: 'job 0' });
    expect(runs?.at(-1)?.action).toEqual({ kind: 'open', place: { view: 'jobs' } });
  });

  test('shows whether it starts at login, and sets the opposite', () => {
    const of = (state: 'enabled' | 'disabled' | 'needs-approval'): MenuEntry | undefined =>
      entry(menu({}, { loginItem: { state } }), 'Start at login');
    expect(of('enabled')).toMatchObject({ checked: true, action: { enabled: false } });
    expect(of('needs-approval')).toMatchObject({ checked: true });
    expect(of('disabled')).toMatchObject({ checked: false, action: { enabled: true } });
    const unsupported = menu({}, { loginItem: { state: 'unsupported', reason: 'x' } });
    expect(entry(unsupported, 'Start at login')?.action).toBeUndefined();
  });

  test('never begins or ends with a line, nor has two in a row', () => {
    const sources: Seen['source'][] = [
      { kind: 'own' },
      { kind: 'duplicate', owner: null },
      { kind: 'gone', owner: null },
      { kind: 'attached', owner: owner() },
    ];
    for (const source of sources)
      for (const state of [null, status(), stopping(null), status({ state: 'starting', since })])
        for (const isOnlyWay of [true, false])
          expect(labels(menu({ source, status: state }, { isOnlyWay })).join(' ')).not.toMatch(/^-|-$|- -/);
  });
});
