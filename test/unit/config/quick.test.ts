import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDocument } from '../../../main/daemon/config/document.ts';
import { readPlainFile } from '../../../main/daemon/config/quick.ts';
import { valid } from './loading.ts';

function parsed(text: string): unknown {
  const result = readDocument(text);
  return result.ok ? result.document.value : 'not valid';
}

describe('the shortcut for plain files', () => {
  test.each([
    'timezone: Europe/Berlin\njobs:\n  a:\n    run: x\n',
    'jobs:\n  a:\n    run: echo "a, b" \'c\' # no: wait\n  b:\n    run: y\n',
    'jobs:\n  a:\n    run: |\n      one\n       two  \n\n      three\n\n  b:\n    run: >-\n      x\n      y\n',
    "jobs:\n  a:\n    run: \"a\\tb\"\n    every: 'it''s'\n",
    'jobs:\n\n  # comment\n  a:\n# comment\n    run: x\n      # comment\n    every: 5m\n\n\n  b: { run: y } # comment\n',
    'jobs:\n  a:\n    retry: { attempts: 3, backoff: 30s..10m }\n    tags: [a, "b, c"]\n    env:\n      A: 1\n      B: null\n      C:\n      D: ~\n',
    'defaults:\n  timeout: 1h\n  env: {A: b}\njobs:\n    a:\n     run: x\n    b:\n        run: y\n',
    'a: 0755\nb: 1.10\nc: true\nd: True\ne: -5\nf: -0\ng: 123456789012345678\nh: 0x1F\ni: .5\nj: null\nk:\nl: ""\n',
    'jobs:\r\n  a:\r\n    run: x  \r\n    every: 5m\r\n',
    'a: b\n c\nd: "e\n  f"\ng: [h,\n i]\n',
    'jobs:\n  a:\n    run: &x y\n    every: *x\n',
    'jobs:\n  a:\n    - b\n  c: d\n',
    'a: x:y\nb: x#y\nc: http://x/y?z=1&a=b\nd: $(x) ; y | z > q\ne: a,b]c}\n',
    'a:    b   \nb.c-d: e\n',
    '# only a comment\n',
    '',
  ])('reads %j as the parser does', (text) => {
    const plain = readPlainFile(text);
    expect(plain).toBeDefined();
    // No keys at all is the one difference: a mapping without any, or nothing.
    expect(plain).toEqual(parsed(text) ?? {});
  });

  test.each([
    'jobs:\n\ta: b\n',
    '- a\n',
    '---\na: b\n',
    '%YAML 1.2\n---\na: b\n',
    'a: b\na: c\n',
    'jobs:\n  a: b\n  a: c\n',
    'jobs:\n  a: b\n   c: d\n',
    'jobs:\n    a: b\n  c: d\n',
    'jobs:\n  a:\n    run: "x\n',
    'jobs:\n  a:\n    run: [x\n',
    'jobs:\n  a: &x { run: y }\n  b: *x\n',
    'jobs:\n  a: { run: *nothing }\n',
    'jobs:\n  a: !tag b\n',
    'jobs:\n  a:\n    run: a: b\n',
    'jobs:\n  a:\n    run: x\n    run: y\n',
    '"jobs": {}\n',
    'jobs:\n  __proto__:\n    run: x\n',
    'jobs:\n  a:\n    __proto__: x\n',
    'text\n',
    'a: b\rc: d\n',
    'jobs:\n  a:\n    run: x\n    \r',
    'jobs:\n  a:\n  - b\n',
  ])('leaves %j to the parser', (text) => {
    expect(readPlainFile(text)).toBeUndefined();
  });

  test('whatever it reads, the parser reads the same', () => {
    const scalar = fc.constantFrom(
      'x',
      '5',
      '05',
      'true',
      'null',
      '~',
      '',
      '"q"',
      "'q'",
      '"a\\nb"',
      "'a''b'",
      '[a, b]',
      '{ a: b }',
      '[',
      '{}',
      '*a',
      '&a b',
      '!t c',
      '|',
      '>-',
      '- a',
      '? b',
      'a: b',
      'a #b',
      'a#b',
      '# c',
      '@d',
      '%e',
      '`f',
      'x:',
      ':x',
      '"a" b',
      'ä🦊',
      '\u2028',
      'a\u00a0',
      '<<',
      '...',
      '---',
    );
    const line = fc
      .tuple(
        fc.nat(5),
        fc.constantFrom('a', 'b', 'run', 'jobs', 'c.d', '"e"', '<<', '- f', '5', '', '#'),
        scalar,
        fc.constantFrom('', ' ', '\r', ' # g'),
      )
      .map(
        ([indent, key, value, end]) => `${' '.repeat(indent)}${key === '' ? '' : `${key}: `}${value}${end}`,
      );
    const text = fc.array(line, { maxLength: 7 }).map((lines) => `jobs:\n${lines.join('\n')}\n`);
    let quick = 0;
    const rounds = 5_000;
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          text.map((jobs) => jobs.slice(6)),
        ),
        (written) => {
          const plain = readPlainFile(written);
          if (plain === undefined) return;
          quick += 1;
          expect(plain).toEqual(parsed(written) ?? {});
        },
      ),
      { numRuns: rounds },
    );
    console.log(`${rounds} random files, of which ${quick} were read by the shortcut`);
    expect(quick).toBeGreaterThan(rounds / 50);
  });

  test('ten thousand jobs', () => {
    const jobs = Array.from(
      { length: 10_000 },
      (_, index) =>
        `  job-${index}:\n    run: echo ${index} "$SOLOIST_FILES"\n    schedule: "${index % 60} 3 * * *"\n    timeout: 5m\n    retry: { attempts: 3 }\n`,
    );
    const started = performance.now();
    const { size } = valid(`jobs:\n${jobs.join('')}`).jobs;
    console.log(`10,000 jobs loaded in ${Math.round(performance.now() - started)} ms`);
    expect(size).toBe(10_000);
  });
});
