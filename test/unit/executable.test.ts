import { expect, test } from 'vitest';
import { beforeMode, modeOf, modeWords } from '../../main/daemon/executable.ts';

const app = '/opt/Soloist/soloist-app';

test.each([
  [[app], { kind: 'app' }],
  [[app, '--hidden', '--home', '/h'], { kind: 'app' }],
  [[app, '--home', '/h', '--', '--cli'], { kind: 'app' }],
  [[app, '--cli', 'status'], { kind: 'cli', words: ['status'], isReady: false }],
  [[app, '--cli'], { kind: 'cli', words: ['tool', 'install'], isReady: false }],
  [[app, ...modeWords('cli', 'linux')], { kind: 'cli', words: [], isReady: true }],
  [
    [app, '--cli', 'run', 'job', '--', '--daemon'],
    { kind: 'cli', words: ['run', 'job', '--', '--daemon'], isReady: false },
  ],
  [
    [app, ...modeWords('cli', 'linux'), 'run', 'a', '--', '-v'],
    { kind: 'cli', words: ['run', 'a', '--', '-v'], isReady: true },
  ],
  [
    ['electron', '/folder', ...modeWords('daemon', 'linux'), '--home', '/h'],
    { kind: 'daemon', words: ['--home', '/h'], isReady: true },
  ],
])('%j on Linux', (argv, expected) => {
  expect(modeOf(argv, 'linux')).toEqual(expected);
});

test('only Linux needs to be told that there will be no window', () => {
  expect(modeWords('cli', 'darwin')).toEqual(['--log-level=3', '--cli', '--']);
  expect(modeOf([app, '--cli', 'status'], 'darwin')).toEqual({
    kind: 'cli',
    words: ['status'],
    isReady: true,
  });
});

test('what stands before the words of a mode is the app itself', () => {
  expect(beforeMode([app, ...modeWords('cli')], 'cli')).toEqual([app]);
  expect(beforeMode([app, ...modeWords('cli')], 'daemon')).toBeUndefined();
  expect(beforeMode(['/usr/bin/node', '/folder/cli.cjs'], 'cli')).toBeUndefined();
});
