import { spawn } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { eventually, ownerOf, soloist } from '../support/command-line.ts';
import { homeWith, ROOT } from './support.ts';

const atEnd: (() => void)[] = [];
afterEach(() => {
  for (const end of atEnd.splice(0)) end();
});

/** `npm start` in a terminal. */
function npmStart(home: string) {
  const child = spawn('script', ['-qefc', `npm start --silent -- --home ${home} --hidden`, '/dev/null'], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, SOLOIST_CONFIG: '' },
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  atEnd.push(() => child.kill('SIGKILL'));
  return { type: (text: string) => child.stdin.write(text), said: () => said, ended };
}

test.runIf(process.platform === 'linux')('npm start opens the app, and Ctrl-C ends it', async () => {
  const slowToEnd = 'trap "sleep 1; exit" TERM; echo begun; while :; do sleep 0.1; done';
  const home = homeWith({ slow: { run: slowToEnd, on_start: true } });
  const started = npmStart(home);
  await eventually('its job runs', async () =>
    (await soloist(home, ['logs', 'slow'])).stdout.includes('begun'),
  );
  expect(ownerOf(home)).toMatchObject({ kind: 'app' });
  expect(started.said()).toContain('Soloist is in the menu bar.');
  started.type('\x03');
  await started.ended;
  expect(ownerOf(home)?.endedAt).not.toBeNull();
  // Its run was ended, not left to the next daemon to be found.
  await soloist(home, ['up']);
  expect((await soloist(home, ['runs'])).stdout).toMatch(/cancelled/);
  expect((await soloist(home, ['runs'])).stdout).not.toMatch(/lost/);
});
