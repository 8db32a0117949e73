import { describe, expect, test } from 'vitest';
import { validateFile } from '../../../main/daemon/config/validate.ts';
import { broken, load, problem, valid } from './loading.ts';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('what a file is made of', () => {
  test.each([
    ['a byte order mark', bytes([0xef, 0xbb, 0xbf], 'jobs: { a: { run: x } }')],
    ['CRLF', bytes('jobs:\r\n  a:\r\n    run: |\r\n      echo 1\r\n      echo 2\r\n')],
    ['no line break at the end', bytes('jobs:\n  a:\n    run: x')],
    ['a document start', bytes('%YAML 1.2\n---\njobs: { a: { run: x } }\n...\n')],
  ])('%s', (_, content) => {
    expect(load(content)).toMatchObject({ ok: true, warnings: [] });
  });

  test('CRLF does not get into values', () => {
    expect(
      valid('jobs:\r\n  a:\r\n    run: |\r\n      echo 1\r\n      echo 2\r\n').jobs.get('a')?.command,
    ).toMatchObject({
      text: 'echo 1\necho 2\n',
    });
    expect(valid('jobs:\r\n  a:\r\n    run: echo 1   \r\n').jobs.get('a')?.command).toMatchObject({
      text: 'echo 1',
    });
  });

  test('bytes that are not UTF-8, with their place', () => {
    const latin1 = problem(bytes('jobs:\n  a:\n    run: "', [0xe4], '"\n'));
    expect(latin1).toMatchObject({ kind: 'file', place: { line: 3, column: 11 } });
    expect(latin1.message).toContain('not UTF-8');
    // A replacement character that is written in the file is not what is wrong with it.
    expect(problem(bytes('# \uFFFD\njobs:\n  - ', [0xff])).place).toMatchObject({ line: 3, column: 5 });
    expect(problem(bytes([0xc3])).place).toMatchObject({ line: 1, column: 1 });
  });

  test('UTF-16', () => {
    expect(problem(Buffer.from('\uFEFFjobs: {}', 'utf16le')).message).toContain('UTF-16');
  });

  test('a NUL character, with its place', () => {
    expect(problem('jobs:\n  a: \0').place).toMatchObject({ line: 2, column: 6 });
  });

  test('a file that is too large', () => {
    expect(problem(new Uint8Array(5_000_000)).message).toBe(
      'The file has 5 MB; the largest that is read has 4 MB.',
    );
    expect(load(`# ${'x'.repeat(3_999_000)}`).ok).toBe(true);
  });
});

describe('what is not valid YAML', () => {
  test.each([
    ['a tab', 'jobs:\n\ta:\n', 2, 'a tab is used as indentation'],
    [
      'a star without quotes',
      'jobs:\n  a:\n    run: x\n    schedule: */5 * * * *\n',
      4,
      'must be in quotes: schedule: "*/5 * * * *"',
    ],
    ['stars without quotes', 'jobs:\n  a:\n    run: x\n    schedule: * * * * *\n', 4, 'must be in quotes'],
    [
      'an at sign without quotes',
      'jobs:\n  a:\n    run: x\n    schedule: @daily\n',
      4,
      'Put the value in quotes',
    ],
    ['a colon without quotes', 'jobs:\n  a:\n    run: echo a: b\n', 3, 'must be in quotes'],
    ['a quote that is not closed', 'jobs:\n  a:\n    run: "x\n', 4, 'a quote is not closed'],
    ['a bracket that is not closed', 'jobs:\n  a:\n    run: [a, b\n', 4, 'a bracket is not closed'],
    ['keys in different columns', 'jobs:\n  a:\n    run: x\n   every: 5m\n', 4, 'in the same column'],
    ['two documents', 'jobs: {}\n---\njobs: {}\n', 2, 'more than one document'],
    ['an unknown escape', 'jobs: { a: { run: "\\d" } }', 1, 'backslash'],
    ['a tag', 'jobs: { a: { run: !secret x } }', 1, 'have no meaning here'],
    ['a key that is a list', '? [a]\n: b\n', 1, 'a key is not a text'],
    ['an alias without an anchor', 'jobs: *all', 1, '"&all" that does not come before it'],
    ['an anchor inside itself', 'jobs: &a { b: *a }', 1, '"&a" that does not come before it'],
    ['a merge key with a text', 'jobs: { a: { <<: x, run: x } }', 1, 'takes over a mapping'],
  ])('%s', (_, text, line, words) => {
    const [first] = broken(text);
    expect(first).toMatchObject({ kind: 'syntax', place: { line } });
    expect(first?.message).toContain(words);
  });

  test('a key that is there twice, at any level', () => {
    expect(problem('jobs: {}\nlog: {}\njobs: {}\n')).toMatchObject({
      kind: 'duplicate-key',
      path: 'jobs',
      place: { line: 3, column: 1 },
    });
    expect(problem('jobs:\n  a:\n    run: x\n  a:\n    run: y\n')).toMatchObject({
      path: 'jobs.a',
      place: { line: 4 },
    });
    expect(problem('jobs:\n  a:\n    run: x\n    "run": y\n')).toMatchObject({
      path: 'jobs.a.run',
      place: { line: 4 },
    });
    expect(problem('jobs: { a: { run: x, env: { A: 1, A: 1 } } }')).toMatchObject({ path: 'jobs.a.env.A' });
  });
});

describe('anchors', () => {
  test('aliases and merge keys', () => {
    const { jobs } = valid(`
jobs:
  a: &nightly
    run: a
    schedule: &at_three "0 3 * * *"
    retry: { attempts: 2 }
  b:
    <<: *nightly
    run: b
  c: { <<: [{ run: c }, *nightly], timeout: 5m }
  d: { run: d, schedule: *at_three }
`);
    expect(jobs.get('b')).toMatchObject({
      command: { text: 'b' },
      retry: { attempts: 2 },
      triggers: [{ patterns: ['0 3 * * *'] }],
    });
    expect(jobs.get('c')).toMatchObject({
      command: { text: 'c' },
      retry: { attempts: 2 },
      timeout: 300_000,
    });
    expect(jobs.get('d')).toMatchObject({ triggers: [{ patterns: ['0 3 * * *'] }] });
  });

  test('a thousand jobs may share one anchor', () => {
    const others = Array.from({ length: 1_000 }, (_, index) => `  j${index}: { <<: *base }\n`).join('');
    expect(valid(`jobs:\n  base: &base { run: x, every: 5m }\n${others}`).jobs.size).toBe(1_001);
  });

  test('aliases of aliases of aliases end in an error, soon', () => {
    const levels = 'abcdefghijklmnopqrstuvwxyz'.split('');
    const bomb = levels.map((name, index) => {
      const before = levels[index - 1];
      return `${name}: &${name} [${before === undefined ? 'x' : Array(9).fill(`*${before}`).join(',')}]`;
    });
    for (const use of [
      'jobs: *z',
      'jobs: { a: { run: *z } }',
      'timezone: *z',
      'jobs: { a: { run: x, tags: *z } }',
      'log: { level: *z }',
    ]) {
      expect(broken(`${bomb.join('\n')}\n${use}\n`).length).toBeGreaterThan(1);
    }
    const merges = levels.map((name, index) => {
      const before = levels[index - 1];
      return `${name}: &${name} {${before === undefined ? 'k: 1' : `<<: [${Array(9).fill(`*${before}`).join(',')}]`}}`;
    });
    expect(broken(`${merges.join('\n')}\n`).length).toBeGreaterThan(0);
  });

  test('too many keys taken over', () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `k${index}: 1`).join(', ');
    const text = `a: &a { ${many} }\nb:\n${'  - { <<: *a }\n'.repeat(200)}`;
    expect(problem(text).message).toContain('keys are taken over');
  });
});

describe('files that nobody would write', () => {
  const size = 20_000;
  test.each([
    ['[', '['],
    ['{', '{'],
    ['{a: ', '{a: '],
    ['- ', '- '],
    ['? ', '? '],
    ['&a ', '&a '],
    ['!a ', '!a '],
    ['a:\n ', 'a:\n '],
    ['"', '"'],
    ["'", "'"],
    [', ', '['],
    ['#\n', '#\n'],
    ['%a\n', '%a\n'],
    ['---\n', '---\n'],
    ['\\', '"\\'],
    ['spaces', `jobs: { a: { run: "${' '.repeat(size)}" } }`],
    ['spaces in the middle', `jobs:\n  a:\n    run: x${' '.repeat(size)}x: y`],
    ['a deep column', `${' '.repeat(size)}a: b`],
  ])('%s again and again', (_, part) => {
    const content = part.length > 100 ? part : part.repeat(size / part.length);
    const result = load(content);
    expect(result.ok || result.problems.length > 0).toBe(true);
  });

  test('nested deeper than any valid file', () => {
    const steps = Array.from({ length: 150 }, (_, index) => `${' '.repeat(index)}a:`).join('\n');
    expect(problem(steps).message).toContain('nested more than 100 levels');
    expect(broken('['.repeat(50_000))[0]?.message).toContain('nested too deeply');
  });

  test('more problems than a stack has room for', () => {
    const env = Object.fromEntries(Array.from({ length: 150_000 }, (_, index) => [`k${index}`, []]));
    const validated = validateFile({ jobs: { a: { run: 'x', env } } }, 50);
    expect(validated).toMatchObject({
      ok: false,
      findings: [{ path: ['jobs', 'a'], reason: 'there are more problems in here than can be listed' }],
    });
  });
});
