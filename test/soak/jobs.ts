import { join } from 'node:path';

/** How fast the jobs of a soak are due: each second or few in real time, each few minutes in a simulated month. */
export interface Pace {
  /** What one step of an interval is, as the configuration says it: `1s`, or `10m`. */
  readonly every: (steps: number) => string;
  /** A cron pattern for each so many steps, which divide 60. */
  readonly pattern: (steps: number) => string;
  /** When a job is due that is so once (epoch milliseconds). */
  readonly once: number;
}

/** A step is a second. */
export const secondsPace = (once: number): Pace => ({
  every: (steps) => `${steps}s`,
  pattern: (steps) => `*/${steps} * * * * *`,
  once,
});

/** A step is five minutes. */
export const minutesPace = (once: number): Pace => ({
  every: (steps) => `${5 * steps}m`,
  pattern: (steps) => (steps < 12 ? `*/${5 * steps} * * * *` : '7 * * * *'),
  once,
});

/** Where the jobs of a soak find what they need. */
export interface Place {
  /** Below it lies all that is the soak's: whatever names it in its command or environment belongs to the soak. */
  readonly user: string;
}

/** What the soak itself does something with, besides what the clock does. */
export const pausedJobs = ['paused-quick', 'paused-service'] as const;
export const SWITCHED = 'paused-and-resumed';
export const BY_HAND = 'by-hand';
/** More copies of it than one are ended. */
export const GUARDED = 'guarded';

/** Links to sleep(1), under its own name, as some systems have one program for all of its kind. */
export const sleeper = (place: Place): string => join(place.user, 'bin/sleep');
export const guarded = (place: Place): string => join(place.user, 'guarded/sleep');
export const watchedFolder = (place: Place, name: string): string => join(place.user, 'watched', name);
export const picturesFolder = (place: Place): string => join(place.user, 'pictures');
export const vaultFolder = (place: Place): string => join(place.user, 'vault');
/** Jobs that witness their runs write a line for each into the file of their name: id, attempt, due time. */
export const witnessFolder = (place: Place): string => join(place.user, 'witness');

type Values = Readonly<Record<string, unknown>>;

/** A whole configuration of fifty jobs, in which each thing that a job can be or do comes at least once. */
export function soakConfiguration(place: Place, pace: Pace): Values {
  return {
    timezone: 'Europe/Berlin',
    max_concurrent: 30,
    defaults: { output: { keep: { runs: 1_000_000 } }, notify: 'never' },
    jobs: soakJobs(place, pace),
    guards: {
      [GUARDED]: { match: guarded(place), max: 1, keep: 'oldest', act: 'end' },
      'not-there': { match: `${guarded(place)}-nowhere` },
    },
    on_alert: { run: `echo "$SOLOIST_ALERT_STATE $SOLOIST_ALERT_ID" >> ${join(place.user, 'alerts')}` },
  };
}

/**
 * Tags say what becomes of a run where no command is run but played: `fails`, `flaky` (well at the third attempt),
 * `long` (longer than the pause to the next due time), `times-out`, `ends` (a service that does).
 */
function soakJobs(place: Place, { every, pattern, once }: Pace): Readonly<Record<string, Values>> {
  const sleep = (seconds: number): string => `${sleeper(place)} ${seconds}`;
  const witness = `echo "$SOLOIST_RUN_ID $SOLOIST_ATTEMPT $SOLOIST_SCHEDULED_AT" >> ${witnessFolder(place)}/"$SOLOIST_JOB"`;
  const tellFiles = `printf '%s\\n' "$SOLOIST_FILES"`;
  const watched = (name: string): string => watchedFolder(place, name);
  const retry = { attempts: 3, backoff: '100ms..400ms' };
  return {
    // Quick ones.
    'quick-1': { run: witness, every: every(1) },
    'quick-2': { run: `${witness}; echo done`, every: every(2) },
    'quick-3': { run: witness, schedule: pattern(1) },
    'quick-4': { run: [`/bin/sh`, '-c', witness], every: every(3) },
    'quick-5': { run: witness, schedule: [pattern(5), pattern(4)] },
    'quick-6': { run: witness, schedule: pattern(6), every: every(7) },
    'quick-7': { run: 'true', every: every(5), timezone: 'America/New_York', output: { keep: { runs: 60 } } },
    'quick-8': { run: 'pwd; env | wc -l', every: every(4), env: { LANG: 'C' }, missed: 'once' },
    'quick-9': { run: witness, every: every(11), jitter: every(3), missed: { all: 5 } },
    'quick-10': { run: 'cat', every: every(6), stdin: 'words\n'.repeat(50) },
    'quick-11': { run: 'wc -c', every: every(13), stdin: { file: join(place.user, 'input') } },
    'quick-12': { run: `echo "$FROM_FILE"`, every: every(9), env_file: join(place.user, 'variables') },
    // Of other clocks: when these skip or repeat an hour, the days of a simulated month show it.
    'clock-berlin': { run: witness, schedule: ['30 2 * * *', '5 * * * *'], missed: 'once' },
    'clock-lord-howe': {
      run: witness,
      schedule: '15 1,2 * * *',
      timezone: 'Australia/Lord_Howe',
      missed: 'all',
    },
    once: { run: witness, at: new Date(once).toISOString().replace(/\.\d+/, '') },
    'at-start': { run: witness, on_start: true },
    [BY_HAND]: { run: 'echo "$@"' },
    // Failing ones.
    'fails-by-exit': { run: 'echo no >&2; exit 1', every: every(5), tags: ['fails'] },
    'fails-by-signal': { run: 'kill -9 $$', schedule: pattern(12), tags: ['fails'] },
    'fails-to-start': { run: [join(place.user, 'no-such-program')], every: every(10), tags: ['fails'] },
    'fails-always': { run: `${witness}; exit 3`, every: every(15), retry, tags: ['fails'] },
    'fails-twice': {
      run: `${witness}; test "$SOLOIST_ATTEMPT" = 3`,
      every: every(8),
      retry,
      tags: ['flaky'],
    },
    // Too long.
    'times-out': { run: sleep(600), every: every(7), timeout: '1s', tags: ['times-out'] },
    'times-out-deaf': {
      run: `trap '' TERM; while :; do ${sleep(1)}; done`,
      schedule: pattern(15),
      timeout: '700ms',
      grace: '500ms',
      tags: ['times-out'],
    },
    // Overlapping.
    'overlap-skip': { run: `${witness}; ${sleep(2)}`, every: every(1), tags: ['long'] },
    'overlap-queue': {
      run: `${witness}; ${sleep(1)}`,
      every: every(1),
      overlap: { queue: 4 },
      tags: ['long'],
    },
    'overlap-replace': {
      run: `${witness}; ${sleep(10)}`,
      every: every(3),
      overlap: 'replace',
      tags: ['long'],
    },
    'overlap-parallel': {
      run: `${witness}; ${sleep(5)}`,
      every: every(2),
      overlap: { parallel: 3 },
      tags: ['long'],
    },
    // Trees, and processes that leave them.
    'forks-tree': {
      run: `for i in 1 2 3; do (${sleep(600)} & ${sleep(600)}) & done; sleep 0.3`,
      every: every(6),
    },
    'forks-session': { run: `setsid ${sleep(600)} & sleep 0.3`, every: every(9) },
    'forks-twice': { run: `(setsid sh -c '${sleep(600)} >/dev/null 2>&1 &' &); sleep 0.5`, every: every(12) },
    'forks-without-environment': {
      run: `env -i setsid ${sleep(600)} >/dev/null 2>&1 & sleep 2`,
      every: every(20),
    },
    'forks-deaf': { run: `(trap '' TERM; ${sleep(600)}) & sleep 0.2`, every: every(14), grace: '300ms' },
    // Printing much.
    'prints-much': {
      run: 'head -c 3000000 /dev/zero | tr "\\0" x',
      every: every(15),
      output: { keep: { size: '20MB' } },
    },
    'prints-too-much': {
      run: 'head -c 6000000 /dev/urandom',
      every: every(30),
      output: { limit: '1MB', keep: { size: '10MB' } },
    },
    'prints-lines': { run: 'for i in 1 2 3 4 5 6 7 8; do echo line $i; sleep 0.1; done', every: every(10) },
    // Services.
    'service-runs': { run: `while :; do echo tick; ${sleep(5)}; done`, keep_alive: true },
    'service-forks': { run: `${sleep(600)} & ${sleep(600)} & wait`, keep_alive: true },
    'service-crashes': {
      run: `${sleep(4)}; exit 1`,
      keep_alive: { restart: 'always', backoff: '20s..90s' },
      tags: ['ends'],
    },
    'service-given-up': { run: 'exit 2', keep_alive: { backoff: '100ms..500ms' }, tags: ['ends'] },
    // Files.
    'watches-new': {
      run: tellFiles,
      watch: { path: watched('new'), patterns: ['*.txt'], settle: '200ms' },
      overlap: 'queue',
    },
    'watches-changed': { run: tellFiles, watch: { path: watched('changed'), settle: '300ms' } },
    'watches-deep': {
      run: `${tellFiles}; sleep 1`,
      watch: { path: watched('deep'), settle: '200ms', ignore: ['**/*.tmp'] },
    },
    screenshots: {
      use: 'screenshots',
      watch: { path: picturesFolder(place), settle: '500ms' },
      with: { vault: vaultFolder(place), ocr: false },
    },
    // Chains.
    'after-quick': { run: witness, after: 'quick-2' },
    'after-that': { run: witness, after: 'after-quick', overlap: 'queue' },
    'after-flaky': { run: 'true', after: ['fails-twice', 'prints-much', 'fails-always'] },
    // Held.
    [pausedJobs[0]]: { run: witness, every: every(4) },
    [SWITCHED]: { run: witness, every: every(3) },
    [pausedJobs[1]]: { run: sleep(600), keep_alive: true },
  };
}
