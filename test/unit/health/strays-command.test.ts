import { describe, expect, test } from 'vitest';
import { modeWords } from '../../../main/daemon/executable.ts';
import {
  readDaemonCommand,
  readEnvironment,
  splitAtNul,
  splitMacCommand,
  splitWindowsCommand,
} from '../../../main/daemon/health/strays/command.ts';

const nul = (...words: readonly string[]): string => words.map((word) => `${word}\0`).join('');

describe('a command line of Linux', () => {
  const up = ['--no-memory-reducer', '--expose-gc'];
  test.each([
    [
      'headless, as soloist up starts it',
      ['/usr/bin/node', ...up, '/opt/my soloist/out/headless.cjs', '--home', '/home/a b/state', '--report'],
      { form: 'headless', program: '/opt/my soloist/out/headless.cjs', home: '/home/a b/state' },
    ],
    [
      'headless from the sources, with a module before it',
      ['node24', '--import', '/x/hooks.ts', 'main/headless.ts', '--home=/h'],
      { form: 'headless', program: 'main/headless.ts', home: '/h' },
    ],
    [
      'headless, by the runtime of Electron',
      ['/opt/Soloist/electron', '/opt/Soloist/headless.cjs', '--home', '/h'],
      { form: 'headless', program: '/opt/Soloist/headless.cjs', home: '/h' },
    ],
    [
      'foreground, options before and behind',
      ['node', '/usr/bin/soloist', '--home', '/a b', 'up', '--ensure', '--foreground'],
      { form: 'foreground', program: '/usr/bin/soloist', home: '/a b' },
    ],
    [
      'foreground, home by the environment',
      ['/usr/bin/node', 'out/cli.cjs', 'up', '--foreground'],
      { form: 'foreground', program: 'out/cli.cjs', home: undefined },
    ],
    [
      'foreground, packaged',
      ['soloist', 'up', '--foreground', '--home', '/a'],
      { form: 'foreground', program: 'soloist', home: '/a' },
    ],
    [
      'the app from its folder',
      ['/x/electron', '/work space/soloist', '--no-sandbox', '--home', '/h'],
      { form: 'app', program: '/work space/soloist', home: '/h' },
    ],
    [
      'the packaged app',
      ['/opt/Soloist/soloist', '--hidden'],
      { form: 'app', program: '/opt/Soloist/soloist', home: undefined },
    ],
    [
      'headless, by the packaged executable',
      ['/opt/Soloist/soloist-app', ...modeWords('daemon', 'linux'), '--home', '/a b', '--report'],
      { form: 'headless', program: '/opt/Soloist/soloist-app', home: '/a b' },
    ],
    [
      'headless, by the executable of development',
      ['/x/electron', '/work space/soloist', ...modeWords('daemon', 'linux'), '--home', '/h'],
      { form: 'headless', program: '/work space/soloist', home: '/h' },
    ],
    [
      'foreground, by the packaged executable',
      ['/opt/Soloist/soloist-app', ...modeWords('cli', 'linux'), 'up', '--foreground', '--home', '/a'],
      { form: 'foreground', program: '/opt/Soloist/soloist-app', home: '/a' },
    ],
  ])('%s', (_, words, expected) => {
    expect(readDaemonCommand(splitAtNul(nul(...words)))).toEqual(expected);
  });

  test.each([
    ['another command', ['node', 'out/cli.cjs', 'status']],
    ['up in the background', ['node', 'out/cli.cjs', 'up', '--home', '/h']],
    ['words of a job', ['node', 'out/cli.cjs', 'run', 'job', '--', 'up', '--foreground']],
    ['a job of that name', ['node', 'out/cli.cjs', 'run', 'up', '--foreground']],
    ['a packaged command', ['soloist', '--home', '/h', 'status']],
    ['a command of the packaged executable', ['/opt/Soloist/soloist-app', '--cli', '--', 'status']],
    ['a command typed behind it', ['/opt/Soloist/soloist-app', '--cli', 'status', '--json']],
    ['a command of the executable of development', ['/x/electron', '/soloist', '--cli', '--', 'jobs']],
    ['an editor', ['vim', 'main/headless.ts', '--home', '/h']],
    ['a shell', ['sh', '-c', 'node headless.cjs --home /h']],
    ['a search', ['grep', '-r', 'headless.cjs', '--home']],
    ['a script with a daemon as its word', ['node', 'watch.js', 'headless.cjs', '--home', '/h']],
    ['a headless without a home', ['node', 'headless.cjs']],
    ['a helper of Electron', ['/x/electron', '--type=renderer', '--app-path=/soloist', '/soloist']],
    ['a helper that rewrote its line', ['/x/electron --type=zygote --no-sandbox']],
    ['a helper of the package', ['/opt/Soloist/soloist', '--type=gpu-process', '--home', '/h']],
    ['Node with nothing to run', ['node']],
    ['nothing', []],
  ])('%s is none', (_, words) => {
    expect(readDaemonCommand(splitAtNul(nul(...words)))).toBeUndefined();
  });

  test('an environment may hold anything behind its names', () => {
    const environment = readEnvironment(
      splitAtNul(nul('SOLOIST_HOME=/a b=c', 'EMPTY=', 'broken', 'LINES=1\n2')),
    );
    expect(environment).toEqual({ SOLOIST_HOME: '/a b=c', EMPTY: '', LINES: '1\n2' });
  });
});

describe('a command line of macOS', () => {
  const environment =
    'PATH=/usr/bin:/bin SOLOIST_HOME=/Users/a b/Home TERM_PROGRAM=Apple Terminal HOME=/Users/a b';
  test.each([
    [
      '/opt/homebrew/bin/node --no-memory-reducer --expose-gc /Users/a b/soloist/out/headless.cjs --home /Users/a b/Library/Application Support/Soloist --config /Users/a b/soloist.yaml --started-by soloist up --report',
      {
        form: 'headless',
        program: '/Users/a b/soloist/out/headless.cjs',
        home: '/Users/a b/Library/Application Support/Soloist',
      },
    ],
    [
      '/Applications/My Soloist.app/Contents/MacOS/Soloist --log-level=3 --daemon -- --home /Users/a b/Home --report',
      {
        form: 'headless',
        program: '/Applications/My Soloist.app/Contents/MacOS/Soloist',
        home: '/Users/a b/Home',
      },
    ],
    ['node /a b/cli.cjs up --foreground', { form: 'foreground', program: '/a b/cli.cjs', home: undefined }],
    [
      'node /usr/local/bin/soloist --home /a b up --foreground',
      { form: 'foreground', program: '/usr/local/bin/soloist', home: '/a b' },
    ],
    [
      '/usr/local/bin/node out/cli.cjs up --foreground --home /a b',
      { form: 'foreground', program: 'out/cli.cjs', home: '/a b' },
    ],
    [
      '/a b/Electron.app/Contents/MacOS/Electron /Users/a b/soloist',
      { form: 'app', program: '/Users/a b/soloist', home: undefined },
    ],
    [
      '/Applications/Soloist.app/Contents/MacOS/Soloist',
      { form: 'app', program: '/Applications/Soloist.app/Contents/MacOS/Soloist', home: undefined },
    ],
    [
      '/a/Electron Helper (Renderer).app/Contents/MacOS/Electron Helper (Renderer) --type=renderer /a',
      undefined,
    ],
    ['/Applications/Soloist.app/Contents/Frameworks/Soloist Helper (GPU) --type=gpu-process', undefined],
    ['node /a b/cli.cjs status', undefined],
    ['/bin/sh -c node /a b/headless.cjs --home /h', undefined],
    ['vim /a/headless.ts --home', undefined],
  ])('%s', (command, expected) => {
    for (const line of [command, `${command} ${environment}`])
      expect(readDaemonCommand(splitMacCommand(line).words)).toEqual(expected);
    expect(splitMacCommand(`${command} ${environment}`).environment.SOLOIST_HOME).toBe('/Users/a b/Home');
  });
});

test('a command line of Windows', () => {
  const line =
    '"C:\\Program Files\\nodejs\\node.exe" --expose-gc "C:\\My Soloist\\headless.cjs" --home "C:\\a b"';
  expect(readDaemonCommand(splitWindowsCommand(line))).toEqual({
    form: 'headless',
    program: 'C:\\My Soloist\\headless.cjs',
    home: 'C:\\a b',
  });
});
