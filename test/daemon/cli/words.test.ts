import { describe, expect, test } from 'vitest';
import { editorOf } from '../../../main/cli/config/edit.ts';
import { fileOf } from '../../../main/cli/config/file-of.ts';
import { jobsTable } from '../../../main/cli/jobs.ts';
import { exitCodeOf, outcomeInWords } from '../../../main/cli/run-words.ts';
import { runsTable } from '../../../main/cli/runs.ts';
import { table } from '../../../main/cli/table.ts';
import { lengthInWords, relativeTime } from '../../../main/cli/times.ts';
import { loadConfiguration } from '../../../main/daemon/config/load.ts';
import { starterFile } from '../../../main/daemon/config/starter.ts';
import type { JobView, RunView } from '../../../main/daemon/jobs/views.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

test('times are told in one unit, which is never coarse', () => {
  const lengths = [
    0,
    340,
    9_940,
    9_950,
    89_400,
    90 * second,
    89 * minute,
    90 * minute,
    35 * hour,
    36 * hour,
    400 * day,
  ];
  expect(lengths.map(lengthInWords)).toEqual([
    '0 s',
    '0.3 s',
    '9.9 s',
    '10 s',
    '89 s',
    '2 min',
    '89 min',
    '2 h',
    '35 h',
    '2 d',
    '400 d',
  ]);
  const now = Date.UTC(2026, 10, 23, 12);
  const moment = (ahead: number): string => relativeTime(new Date(now + ahead).toISOString(), now);
  expect([3 * minute, -2 * hour, 999, -999, 1_499, -1_000, 5 * day].map(moment)).toEqual([
    'in 3 min',
    '2 h ago',
    'now',
    'now',
    'in 1 s',
    '1 s ago',
    'in 5 d',
  ]);
});

describe('tables', () => {
  test('are aligned, and no wider than needed', () => {
    const rows = [
      ['backup', 'in 3 min', ''],
      ['日本', '-', { text: 'x', format: 'red' as const }],
    ];
    expect(table(['JOB', 'NEXT', 'LAST'], rows, false)).toBe(
      ['JOB     NEXT      LAST', 'backup  in 3 min', '日本    -         x'].join('\n'),
    );
  });

  test('colours do not change the columns, and no escape sequence of a name gets through', () => {
    const [head, row] = table(['A', 'B'], [[{ text: 'long\u001b[2J', format: 'red' }, 'b']], true).split(
      '\n',
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours.
    const plain = (text: string | undefined) => text?.replaceAll(/\u001b\[\d+m/g, '');
    expect(row).toContain('\u001b[31m');
    expect(plain(row)).toBe('long\uFFFD[2J  b');
    expect(plain(head)).toBe('A         B');
  });
});

test('a job says how it stands', () => {
  const now = Date.UTC(2026, 10, 23, 12);
  const at = (ahead: number): string => new Date(now + ahead).toISOString();
  const run: RunView = {
    id: '0abcdefg',
    job: 'x',
    trigger: 'cron',
    due: null,
    attempt: 1,
    state: 'running',
    queuedAt: at(-hour),
    startedAt: at(-hour),
    endedAt: null,
    outcome: null,
    pid: 1,
    usage: null,
    output: null,
  };
  const job: JobView = {
    name: 'x',
    description: null,
    tags: [],
    kind: 'triggered',
    enabled: true,
    notify: 'on-failure' as const,
    paused: null,
    schedule: 'by hand',
    nextDue: null,
    running: [],
    queued: [],
    last: null,
  };
  const states: [Partial<JobView>, string][] = [
    [{}, 'waiting'],
    [{ kind: 'service' }, 'not running'],
    [{ running: [run] }, 'running'],
    [{ running: [run, run], queued: [run] }, '2 running, 1 queued'],
    [{ enabled: false }, 'disabled'],
    [{ paused: { by: 'me', since: at(-day) }, running: [run] }, 'running, paused'],
  ];
  for (const [more, state] of states) {
    const [, row = ''] = jobsTable([{ ...job, ...more }], now, false).split('\n');
    expect(row.split(/ {2,}/)[1]).toBe(state);
  }
  expect(jobsTable([], now, false)).toContain('There are no jobs.');
  const ended = { ...run, state: 'ended', endedAt: at(-30 * minute), outcome: { kind: 'lost' } } as const;
  expect(runsTable([run, ended], false, now, false).split('\n')).toEqual([
    'RUN       JOB  STARTED     TOOK    TRIGGER  OUTCOME',
    '0abcdefg  x    60 min ago  60 min  cron     running',
    '0abcdefg  x    60 min ago  30 min  cron     lost (the daemon died under it)',
  ]);
});

test('each outcome has words, and an exit code that a shell would give', () => {
  const outcomes = [
    [{ kind: 'succeeded', exitCode: 0 }, 'succeeded', 0],
    [{ kind: 'succeeded', exitCode: 2 }, 'succeeded (exit code 2)', 2],
    [{ kind: 'failed', cause: { kind: 'exit', code: 3 } }, 'failed (exit code 3)', 3],
    [{ kind: 'failed', cause: { kind: 'signal', signal: 'SIGKILL' } }, 'failed (SIGKILL)', 137],
    [
      { kind: 'failed', cause: { kind: 'not-started', reason: 'no such file' } },
      'failed (not started: no such file)',
      126,
    ],
    [{ kind: 'timed-out' }, 'timed out', 124],
    [{ kind: 'cancelled', reason: 'asked' }, 'cancelled (asked)', 125],
    [{ kind: 'skipped', reason: 'busy' }, 'skipped (busy)', 125],
    [{ kind: 'lost' }, 'lost (the daemon died under it)', 125],
  ] as const;
  for (const [outcome, words, code] of outcomes) {
    expect([outcomeInWords(outcome), exitCodeOf(outcome)]).toEqual([words, code]);
  }
});

test('the editor is VISUAL, else EDITOR, else the one that every system has', () => {
  expect(editorOf({ VISUAL: 'code --wait', EDITOR: 'nano' }, 'linux')).toBe('code --wait');
  expect(editorOf({ VISUAL: '', EDITOR: 'nano' }, 'darwin')).toBe('nano');
  expect(editorOf({}, 'linux')).toBe('vi');
  expect(editorOf({}, 'win32')).toBe('notepad');
});

describe('a configuration written as a file is the same when it is read', () => {
  const load = (text: string) => {
    const result = loadConfiguration(text, {
      file: 'soloist.yaml',
      userFolder: '/home/me',
      fileFolder: '/home/me/.config/soloist',
      timezone: 'Europe/Berlin',
      platform: 'linux',
      checkPattern: () => undefined,
    });
    if (!result.ok)
      throw new Error(result.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
    return result.configuration;
  };

  const everything = `
timezone: UTC
max_concurrent: 3
log: { level: debug, keep: 36h, max_size: 1234567B }
defaults:
  env: { A: "1", B: two }
  env_file: secrets.env
  timeout: 1h
  retry: 4
  overlap: queue
  missed: all
  output: { limit: 1500kB, keep: { runs: 12 } }
jobs:
  shell: { run: "echo 'a b' # \\"c\\"", schedule: ["0 3 * * *", "@daily"], timezone: Asia/Tokyo, shell: ~/bin/sh }
  list: { run: [~/x, "-1", "true", ""], every: 1d1h1m1s, stdin: "yes\\n", env: { A: "null" }, tags: [x, "1"] }
  at: { run: x, at: [2026-12-24T18:00, "2027-01-01T00:00:00+02:00"], description: "a: b", timeout: none }
  watch: { run: x, watch: [~/a, { path: [b, c], patterns: "*.png", ignore: [t], settle: 500ms }], on_start: true }
  after: { run: x, after: [shell, list], stdin: { file: in.txt }, quiet_after: 3d, missed_grace: 1h, jitter: 5m }
  limits: { run: x, retry: { attempts: 3, backoff: 1s..2m }, overlap: { parallel: 4 }, missed: { all: 7 } }
  words: { run: x, overlap: replace, missed: once, success_codes: [0, 3], notify: always, orphans: keep, grace: 0s, output: { keep: { age: 36h, size: 1MiB } } }
  own: { run: x, env_file: [a, b], cwd: work, enabled: false }
  service: { run: x, keep_alive: { restart: on-failure, backoff: 2s..3m } }
  never: { run: x, quiet_after: none }
guards:
  notes-daemon: { match: "python -m src.automation.daemon", max: 3, keep: newest, act: end }
  other: { match: '/^x\\d$/' }
on_alert: { run: "mail me", shell: ~/bin/sh }
`;
  test.for([
    ['everything', everything],
    ['the starter', starterFile('/schema.json')],
    ['nothing', ''],
  ])('%s', ([, text = '']) => {
    const configuration = load(text);
    // YAML reads JSON too.
    expect(load(JSON.stringify(fileOf(configuration)))).toEqual(configuration);
  });
});
