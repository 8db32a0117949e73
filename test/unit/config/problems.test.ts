import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../main/daemon/config/finding.ts';
import { configurationError, renderProblem } from '../../../main/daemon/config/problems.ts';
import { broken, load, problem } from './loading.ts';

const at = ({ place }: Problem) => [place?.line, place?.column, place?.length];

describe('where a problem stands', () => {
  test('a value, a key, a missing key, far down and in flow style', () => {
    const problems = broken(`# a comment
timezone: Europe/Berlni
jobs:
  backup:
    shedule: "0 3 * * *"
    retry: { attempts: many, backoff: 1s }
    tags:
      - good
      - [bad]
  "other job": { run: [a, [b]], timeout: 5 }
`);
    expect(problems.map((one) => [one.kind, one.path, ...at(one)])).toEqual([
      ['value', 'timezone', 2, 11, 13],
      ['missing-key', 'jobs.backup.run', 4, 3, 6],
      ['unknown-key', 'jobs.backup.shedule', 5, 5, 7],
      ['value', 'jobs.backup.retry.attempts', 6, 24, 4],
      ['value', 'jobs.backup.tags[1]', 9, 9, 5],
      ['value', 'jobs["other job"].run[1]', 10, 27, 3],
      ['value', 'jobs["other job"].timeout', 10, 42, 1],
    ]);
  });

  test('a value without any extent is shown by its key', () => {
    expect(at(problem('jobs:\n  a:\n    run: x\n    timeout:\n    grace: 1s\n'))).toEqual([4, 5, 7]);
    expect(at(problem('jobs:\n  a:\n'))).toEqual([2, 3, 1]);
  });

  test('what comes through an alias or a merge key is shown where it is written', () => {
    expect(
      at(problem('jobs:\n  a: &base\n    run: x\n    every: 5\n  b:\n    <<: *base\n    every: 6m\n')),
    ).toEqual([4, 12, 1]);
    const [first, second] = broken(
      'jobs:\n  a: { run: x, retry: &r { attempts: 0 } }\n  b: { run: x, retry: *r }\n',
    );
    expect(first).toMatchObject({ path: 'jobs.a.retry.attempts', place: { line: 2, column: 38 } });
    expect(second).toMatchObject({ path: 'jobs.b.retry.attempts', place: { line: 2, column: 38 } });
    expect(at(problem('jobs:\n  a: &a { run: x, every: 5m }\n  b: { <<: [*a, { timeout: 1 }] }\n'))).toEqual([
      3, 28, 1,
    ]);
  });

  test('CRLF, a byte order mark and characters of two units', () => {
    expect(problem('\uFEFFtimezone: X/Y\r\n').place).toEqual({
      line: 1,
      column: 11,
      length: 3,
      source: 'timezone: X/Y',
      sourceColumn: 1,
    });
    expect(at(problem('jobs:\r\n  a:\r\n    run: x\r\n    every: 0s\r\n'))).toEqual([4, 12, 2]);
    expect(at(problem('jobs: { "🦊": { run: x, every: 0s } }'))).toEqual([1, 32, 2]);
  });

  test('of a very long line only the part around it is shown', () => {
    const { place } = problem(
      `jobs: { a: { run: ${'x'.repeat(10_000)}, every: 0s, cwd: ${'y'.repeat(10_000)} } }`,
    );
    expect(place).toMatchObject({ line: 1, column: 10_028, length: 2, sourceColumn: 9_968 });
    expect(place?.source).toHaveLength(160);
    expect(place?.source.slice(60, 62)).toBe('0s');
  });

  test('problems come in the order of the file, and after fifty there are only "more"', () => {
    const text = Array.from({ length: 80 }, (_, index) => `  j${index}: { run: x, every: 0s }`).join('\n');
    const problems = broken(`jobs:\n${text}\n`);
    expect(problems).toHaveLength(51);
    expect(problems.slice(0, 50).map((one) => one.place?.line)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 2),
    );
    expect(problems.at(-1)?.message).toBe('There are more problems than these.');
  });
});

describe('what a problem says', () => {
  test.each([
    ['shedule: "@daily"', '"shedule" is not a key of jobs.a. Did you mean "schedule"?', 'schedule'],
    ['keepAlive: true', '"keepAlive" is not a key of jobs.a. Did you mean "keep_alive"?', 'keep_alive'],
    [
      'overlap: sikp',
      'jobs.a.overlap is "sikp"; expected "skip", "queue", "replace" or "parallel", { queue: 10 } or { parallel: 2 }. Did you mean "skip"?',
      'skip',
    ],
    ['orphans: kep', 'jobs.a.orphans is "kep"; expected "end" or "keep". Did you mean "keep"?', 'keep'],
    [
      'keep_alive: { restart: onfailure }',
      'jobs.a.keep_alive.restart is "onfailure"; expected "always" or "on-failure". Did you mean "on-failure"?',
      'on-failure',
    ],
    [
      'after: backpu',
      'jobs.a.after is "backpu"; expected the name of a job in this file. Did you mean "backup"?',
      'backup',
    ],
    [
      'timezone: Europe/Berlni',
      'jobs.a.timezone is "Europe/Berlni"; expected a time zone such as Europe/Berlin or UTC. Did you mean "Europe/Berlin"?',
      'Europe/Berlin',
    ],
    ['missed: { al: 3 }', '"al" is not a key of jobs.a.missed. Did you mean "all"?', 'all'],
    [
      'timeout: 90',
      'jobs.a.timeout is 90; expected a duration from 100ms to 3650d, such as 90s, 15m or 1h30m, or "none".',
      undefined,
    ],
    [
      'schedule: "* *"',
      'jobs.a.schedule is "* *"; expected a schedule such as "0 3 * * *" or "@daily" (it has too few fields).',
      undefined,
    ],
    ['stdin: {}', '"file" is missing in jobs.a.stdin; expected a path.', undefined],
    [
      'success_codes: []',
      'jobs.a.success_codes is an empty list; expected an exit code from 0 to 255, or a list of them, not an empty list.',
      undefined,
    ],
    [
      'retry: [1]',
      'jobs.a.retry is a list; expected the number of attempts, { attempts: 3, backoff: 30s..10m } or "none".',
      undefined,
    ],
    [
      'output: { limit: small }',
      'jobs.a.output.limit is "small"; expected a size such as 50MB or 1GB, at least 1kB.',
      undefined,
    ],
    [
      'output: { keep: { run: 5 } }',
      '"run" is not a key of jobs.a.output.keep. Did you mean "runs"?',
      'runs',
    ],
    [
      'schedule: "@daily"\n    keep_alive: true',
      'jobs.a.schedule: a job with "keep_alive" always runs, so it cannot have "schedule".',
      undefined,
    ],
  ])('%s', (line, message, likely) => {
    const found = broken(`jobs:\n  backup: { run: x }\n  a:\n    run: x\n    ${line}\n`).find(
      (one) => one.message === message,
    );
    expect(
      found?.message ??
        broken(`jobs:\n  backup: { run: x }\n  a:\n    run: x\n    ${line}\n`).map((one) => one.message),
    ).toBe(message);
    expect(found?.likely).toBe(likely);
  });

  test('a long value is cut, control characters are escaped', () => {
    const { message } = problem(`jobs: { a: { run: x, every: "\\u001b[31m${'z'.repeat(500)}" } }`);
    expect(message).toContain('"\\u001b[31mzzz');
    expect(message.length).toBeLessThan(250);
  });
});

describe('circles of jobs', () => {
  test.each([
    ['jobs: { a: { run: x, after: a } }', 'a after a'],
    ['jobs: { a: { run: x, after: b }, b: { run: x, after: a } }', 'a after b after a'],
    [
      'jobs: { z: { run: x, after: a }, a: { run: x, after: [b] }, b: { run: x, after: c }, c: { run: x, after: a } }',
      'a after b after c after a',
    ],
  ])('%s', (text, circle) => {
    expect(problem(text).message).toContain(`in a circle: ${circle}.`);
  });

  test('two ways to one job are no circle', () => {
    const text =
      'jobs: { a: { run: x }, b: { run: x, after: a }, c: { run: x, after: a }, d: { run: x, after: [b, c] } }';
    expect(load(text).ok).toBe(true);
  });

  test('a chain of two thousand jobs', () => {
    const chain = Array.from(
      { length: 2_000 },
      (_, index) => `  j${index}:\n    run: x\n    after: j${index + 1}\n`,
    ).join('');
    expect(load(`jobs:\n${chain}  j2000:\n    run: x\n`).ok).toBe(true);
    expect(problem(`jobs:\n${chain}  j2000:\n    run: x\n    after: j0\n`).message).toContain(
      'circle: j0 after j1',
    );
  });
});

describe('warnings', () => {
  test.each([
    ['a: { run: x, missed: once }', 'missed'],
    ['a: { run: x, watch: /a, missed: all }', 'missed'],
    ['a: { run: x, every: 5m, missed_grace: 1h }', 'missed_grace'],
    ['a: { run: x, after: b }\n  b: { run: x, enabled: false }', 'after'],
  ])('%s', (jobs, key) => {
    const result = load(`jobs:\n  ${jobs}\n`);
    expect(result).toMatchObject({ ok: true, warnings: [{ path: `jobs.a.${key}`, place: { line: 2 } }] });
  });

  test.each(['every: 5m, missed: once, missed_grace: 1h', 'missed_grace: none', 'every: 5m, missed: skip'])(
    '%s is fine',
    (lines) => {
      expect(load(`jobs: { a: { run: x, ${lines} } }`)).toMatchObject({ ok: true, warnings: [] });
    },
  );
});

describe('on a terminal', () => {
  test('position, sentence, line and caret', () => {
    expect(renderProblem(problem('jobs:\n  a:\n    run: x\n    every: 0s # often\n'))).toBe(
      [
        'soloist.yaml:4:12: jobs.a.every is "0s"; expected a duration from 1s to 3650d, such as 90s, 15m or 1h30m.',
        ' 4 |     every: 0s # often',
        '   |            ^^',
      ].join('\n'),
    );
  });

  test('the caret stands below wide, combining and control characters', () => {
    const caret = (text: string) => renderProblem(problem(text)).split('\n')[2];
    expect(caret('jobs: { 日本: { run: x, every: 0s } }')).toBe(`   | ${' '.repeat(31)}^^`);
    expect(caret('jobs: { e\u0301: { run: x, every: 0s } }')).toBe(`   | ${' '.repeat(28)}^^`);
    const colours = renderProblem(problem('jobs: { a: { run: "\u001b[31m\u202e", every: 0s } }'));
    expect(colours).not.toContain('\u001b');
    expect(colours).not.toContain('\u202e');
  });

  test('a problem without a place is one line', () => {
    const [huge] = broken('#'.repeat(4_000_001));
    expect(huge === undefined ? '' : renderProblem(huge)).toBe(
      'soloist.yaml: The file has 4 MB; the largest that is read has 4 MB.',
    );
  });

  test('the error for those who show one sentence', () => {
    const error = configurationError(broken('jobs:\n  a: {}\nx: 1\n'));
    expect(error.code).toBe('configuration-invalid');
    expect(error.message).toMatch(/^soloist\.yaml:2:3: "run" is missing in jobs\.a; .* \(and 1 more\)$/);
    expect(error.hint).toContain('soloist config check');
  });
});
