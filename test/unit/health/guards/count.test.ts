import { describe, expect, test } from 'vitest';
import { countCopies, markExtra } from '../../../../main/daemon/health/guards/count.ts';
import type { ProcessEntry } from '../../../../main/daemon/process/platform.ts';

const DAEMON = 'python -m src.automation.daemon';
const SELF = 900;

/** A process: its number, its parent's, its command line, and when it started (by default, in the order of PIDs). */
const entry = (pid: number, parent: number, command: string, started = String(pid)): ProcessEntry => ({
  pid,
  parent,
  group: pid,
  started,
  command,
});

const counted = (processes: readonly ProcessEntry[], match = DAEMON): number[] =>
  countCopies([entry(SELF, 1, 'node /opt/soloist/headless.cjs'), ...processes], { match }, SELF).map(
    ({ pid }) => pid,
  );

test('copies are counted oldest first; others are not', () => {
  expect(
    counted([
      entry(30, 1, `/usr/bin/${DAEMON} --port 1`, '500'),
      entry(20, 1, DAEMON, '1000'),
      entry(40, 1, 'python -m src.automation.other'),
      entry(10, 1, DAEMON, '700'),
      entry(1, 0, DAEMON),
    ]),
  ).toEqual([30, 10, 20]);
});

test('white space makes no difference', () => {
  expect(counted([entry(10, 1, 'python  -m\tsrc.automation.daemon ')], ' python -m   src.auto ')).toEqual([
    10,
  ]);
});

test('a regular expression is written between slashes', () => {
  const processes = [entry(10, 1, 'python -m a.daemon'), entry(11, 1, 'python3 -m b.daemon')];
  expect(counted(processes, String.raw`/^python\d? -m \w+\.daemon$/`)).toEqual([10, 11]);
  expect(counted(processes, '/^python -m/')).toEqual([10]);
  expect(counted(processes, '/PYTHON/')).toEqual([]);
});

test('workers belong to their copy, also below something that does not match', () => {
  expect(
    counted([
      entry(10, 1, DAEMON),
      entry(11, 10, DAEMON),
      entry(12, 11, DAEMON),
      entry(13, 10, 'sh helper'),
      entry(14, 13, DAEMON),
      entry(20, 1, DAEMON),
    ]),
  ).toEqual([10, 20]);
});

describe('what starts copies is none', () => {
  test.each([
    `sh -c ${DAEMON} & wait`,
    `/bin/bash -lc ${DAEMON} & wait`,
    `bash -e -o pipefail -c ${DAEMON} & wait`,
    `-zsh -c ${DAEMON}`,
    `dash -c ${DAEMON}`,
    `busybox sh -c ${DAEMON}`,
    `env A=1 ${DAEMON}`,
    `/usr/bin/nohup ${DAEMON}`,
    `sudo -u me ${DAEMON}`,
    `timeout 5 ${DAEMON}`,
    `/bin/sh /usr/bin/xvfb-run ${DAEMON}`,
    `tmux new-session -d ${DAEMON}`,
  ])('%s', (command) => {
    const started = [entry(11, 10, DAEMON), entry(12, 10, DAEMON)];
    expect(counted([entry(10, 1, command), ...started])).toEqual([11, 12]);
    expect(counted([entry(10, 1, command)]), 'alone, it is what there is').toEqual([10]);
  });

  test.each([
    `python launcher.py ${DAEMON}`,
    `bash script.sh ${DAEMON}`,
    `bash script.sh -c ${DAEMON}`,
    `/opt/sh-like ${DAEMON}`,
  ])('but %s is the copy itself, and what it starts belongs to it', (command) => {
    expect(counted([entry(10, 1, command), entry(11, 10, DAEMON)])).toEqual([10]);
  });

  test('one wrapper in another', () => {
    expect(
      counted([
        entry(10, 1, `bash -c nohup ${DAEMON}`),
        entry(11, 10, `nohup ${DAEMON}`),
        entry(12, 11, DAEMON),
        entry(13, 12, DAEMON),
      ]),
    ).toEqual([12]);
  });

  test('a fork of a wrapper is none, beside what it starts and alone', () => {
    const command = `sh -c (while :; do sleep 1; done) & ${DAEMON}`;
    expect(counted([entry(10, 1, command), entry(11, 10, command), entry(12, 10, DAEMON)])).toEqual([12]);
    expect(counted([entry(10, 1, command), entry(11, 10, command)])).toEqual([10]);
  });
});

describe('never counted', () => {
  test('the daemon that counts and what it runs in, but what it started is', () => {
    const processes = [
      entry(800, 1, `bash -c soloist up; ${DAEMON}`),
      entry(SELF, 800, `node headless.cjs ${DAEMON}`),
      entry(901, SELF, DAEMON),
    ];
    expect(countCopies(processes, { match: DAEMON }, SELF).map(({ pid }) => pid)).toEqual([901]);
  });

  test.each([
    'soloist guard end notes-daemon',
    'node /usr/local/bin/soloist guard end notes-daemon',
    '/usr/bin/node --no-warnings /opt/soloist/out/cli.cjs --json guard end notes-daemon',
    'node main/cli.ts guard end notes-daemon',
  ])('%s', (command) => {
    expect(counted([entry(10, 1, command)], 'notes-daemon')).toEqual([]);
  });

  test.each(['python notes-daemon soloist', 'node notes-daemon.js guard', 'node /x/my-cli.cjs notes-daemon'])(
    'but %s is',
    (command) => {
      expect(counted([entry(10, 1, command)], 'notes-daemon')).toEqual([10]);
    },
  );

  test('what stands guard over a run of a job', () => {
    const guarding = entry(
      10,
      1,
      `/bin/sh -c ( trap '' HUP ) soloist-guard 0a-1. 10.000 /bin/sh x ${DAEMON}`,
    );
    expect(counted([guarding, entry(11, SELF, DAEMON)])).toEqual([11]);
  });
});

test('those that started at the same time are in the order of their numbers, on every system', () => {
  expect(counted([12, 9, 100].map((pid) => entry(pid, 1, DAEMON, '5')))).toEqual([9, 12, 100]);
  const mac = [
    entry(5, 1, DAEMON, 'Tue Nov 18 09:14:02 2025'),
    entry(4, 1, DAEMON, 'Mon Jan 5 23:59:59 2026'),
    entry(6, 1, DAEMON, 'Tue Nov 18 09:14:01 2025'),
    entry(3, 1, DAEMON, 'Tue Nov 18 09:14:02 2025'),
  ];
  expect(counted(mac)).toEqual([6, 3, 5, 4]);
  const windows = [entry(5, 1, DAEMON, '133000000020000000'), entry(4, 1, DAEMON, '99000000030000000')];
  expect(counted(windows)).toEqual([4, 5]);
});

test('parents in a circle are no hindrance', () => {
  expect(counted([entry(10, 11, DAEMON), entry(11, 10, 'sh')])).toEqual([10]);
});

test.each([
  ['oldest', 1, [false, true, true]],
  ['newest', 1, [true, true, false]],
  ['oldest', 2, [false, false, true]],
  ['newest', 2, [true, false, false]],
  ['oldest', 0, [true, true, true]],
  ['newest', 0, [true, true, true]],
  ['oldest', 3, [false, false, false]],
  ['newest', 9, [false, false, false]],
] as const)('of three, the %s %i stay', (keep, max, expected) => {
  const copies = [entry(1, 0, ''), entry(2, 0, ''), entry(3, 0, '')];
  expect(markExtra(copies, { max, keep }).map(({ isExtra }) => isExtra)).toEqual(expected);
});
