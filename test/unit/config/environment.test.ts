import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parseEnvFile } from '../../../main/daemon/config/env-file.ts';
import { composeEnvironment, type RunFacts, runVariables } from '../../../main/daemon/config/environment.ts';
import { variablesBetween } from '../../../main/daemon/config/login-environment.ts';

const RUN: RunFacts = {
  job: 'backup',
  runId: 'r1',
  trigger: 'watch',
  files: ['/a b', '/c'],
  scheduledAt: Date.UTC(2026, 2, 29, 1, 30),
  attempt: 2,
};

describe('the environment of a run', () => {
  test('what Soloist says about the run', () => {
    expect(runVariables(RUN)).toEqual({
      SOLOIST_JOB: 'backup',
      SOLOIST_RUN_ID: 'r1',
      SOLOIST_TRIGGER: 'watch',
      SOLOIST_FILES: '/a b\n/c',
      SOLOIST_SCHEDULED_AT: '2026-03-29T01:30:00.000Z',
      SOLOIST_ATTEMPT: '2',
    });
    expect(runVariables({ ...RUN, files: [] }).SOLOIST_FILES).toBe('');
  });

  const layers = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, names.at(-1) ?? '']));

  test('the later layer wins', () => {
    const composed = composeEnvironment({
      login: layers(['A', 'B', 'C', 'D', 'E', 'SOLOIST_JOB', 'login']),
      job: {
        defaults: layers(['B', 'C', 'D', 'E', 'defaults']),
        files: ['/1', '/2'],
        own: layers(['E', 'own']),
      },
      files: [layers(['C', 'D', 'E', 'first']), layers(['D', 'E', 'SOLOIST_JOB', 'second'])],
      run: RUN,
      platform: 'linux',
    });
    expect(composed).toMatchObject({
      A: 'login',
      B: 'defaults',
      C: 'first',
      D: 'second',
      E: 'own',
      SOLOIST_JOB: 'backup',
    });
  });

  test('on Windows names differ by more than case', () => {
    const base = {
      job: { defaults: {}, files: [], own: { PATH: 'mine' } },
      files: [],
      run: RUN,
      login: { Path: 'theirs' },
    };
    expect(composeEnvironment({ ...base, platform: 'win32' })).not.toHaveProperty('Path');
    expect(composeEnvironment({ ...base, platform: 'win32' })).toHaveProperty('PATH', 'mine');
    expect(composeEnvironment({ ...base, platform: 'linux' })).toMatchObject({
      Path: 'theirs',
      PATH: 'mine',
    });
  });

  test('a variable may have any name', () => {
    const login = Object.fromEntries([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    const composed = composeEnvironment({
      login,
      job: { defaults: {}, files: [], own: {} },
      files: [],
      run: RUN,
      platform: 'linux',
    });
    expect(Object.entries(composed)).toEqual(
      expect.arrayContaining([
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ]),
    );
  });
});

describe('files of variables', () => {
  const variables = (text: string): Record<string, string> => {
    const result = parseEnvFile(text);
    if (!result.ok) throw new Error(`line ${result.fault.line}: ${result.fault.reason}`);
    return { ...result.variables };
  };

  test.each<[string, Record<string, string>]>([
    ['', {}],
    ['A=1', { A: '1' }],
    ['A=1\nB=2\n', { A: '1', B: '2' }],
    ['\uFEFFA=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['# comment\n\n  \t\n  # another\nA=1', { A: '1' }],
    ['export A=1\n  export   B = 2', { A: '1', B: '2' }],
    ['A=  a b  \nB=', { A: 'a b', B: '' }],
    ['A=b # comment\nB=a#b\nC= # comment', { A: 'b', B: 'a#b', C: '' }],
    ["A='a # b' # comment\nB='$X \\n'", { A: 'a # b', B: '$X \\n' }],
    ['A="a # b" # comment\nB="1\\n2\\t\\"3\\" \\\\ \\$X \\q"', { A: 'a # b', B: '1\n2\t"3" \\ $X \\q' }],
    ['A="one\ntwo"\nB=\'three\r\nfour\'', { A: 'one\ntwo', B: 'three\nfour' }],
    ['A=a=b=c', { A: 'a=b=c' }],
    ['A=1\nA=2', { A: '2' }],
    ['A=$B$(x)`y`', { A: '$B$(x)`y`' }],
    ['A=it\'s\nB=say "hi"', { A: "it's", B: 'say "hi"' }],
    ['a.b-c=1', { 'a.b-c': '1' }],
    [`A="${'x'.repeat(200_000)}"`, { A: 'x'.repeat(200_000) }],
  ])('%j', (text, expected) => {
    expect(variables(text)).toEqual(expected);
  });

  test.each([
    ['A', 1, 'expected NAME=value'],
    ['A=1\n\nnonsense here\n', 3, 'expected NAME=value'],
    ['=1', 1, 'expected NAME=value'],
    ['A B=1', 1, 'expected NAME=value'],
    ['A=1\nB="two\nthree\n', 2, 'the quote " is not closed'],
    ["A='", 1, "the quote ' is not closed"],
    ['A="b" c', 1, 'something after the closing quote'],
    ['A="x\ny" z', 1, 'something after the closing quote'],
    ['A="1\n2"\nB="1\n2"\nC', 5, 'expected NAME=value'],
    ['A=1\nB=\0', 2, 'NUL'],
    ['A="\n\0"', 1, 'NUL'],
  ])('%j is wrong in line %d', (text, line, reason) => {
    const result = parseEnvFile(text);
    expect(result).toMatchObject({ ok: false, fault: { line } });
    expect(result.ok ? '' : result.fault.reason).toContain(reason);
  });

  test('reads ordinary files as Node does', () => {
    const text = '# c\nA=1\nexport B=two words\nC="x\ny"\nD=\'z # w\'\nE=\nF="a\\nb"\nG=v # c\n';
    expect(variables(text)).toEqual({ ...parseEnv(text) });
  });
});

describe('what a login shell prints', () => {
  const marks = { begin: '<begin>', end: '<end>' };

  test.each([
    [
      'noise A=0\n<begin>A=1\0B=two\nlines\0C==\0D=\0<end>more noise',
      { A: '1', B: 'two\nlines', C: '=', D: '' },
    ],
    ['<begin>A=1\nB=two\nlines\nC=3\n<end>', { A: '1', B: 'two\nlines', C: '3' }],
    ['<begin>_=<begin>\0PWD=/x\0OLDPWD=/y\0SHLVL=3\0A=1\0<end>', { A: '1' }],
    ['<begin>BASH_FUNC_f%%=() { :; }\0A=1\0<end>', { 'BASH_FUNC_f%%': '() { :; }', A: '1' }],
    ['<begin><end>', {}],
  ])('%j', (output, expected) => {
    expect(variablesBetween(output, marks)).toEqual(expected);
  });

  test.each(['', '<begin>A=1\0', 'A=1\0<end>', '<end><begin>'])('%j is no answer', (output) => {
    expect(variablesBetween(output, marks)).toBeUndefined();
  });
});
