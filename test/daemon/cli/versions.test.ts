import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { contractVersion, version } from '../../../main/version.ts';
import { killOwner, ownerOf, soloist } from '../../support/command-line.ts';
import { newHome } from '../../support/homes.ts';
import { OtherVersion } from '../../support/other-version.ts';

let home = '';
afterEach(() => killOwner(home));

test.each([
  [0, 'older', "'soloist down' and 'soloist up' start it as this version"],
  [2, 'newer', 'Use the command line of the newer version'],
])(
  'a daemon that speaks contract %i is %s: said plainly, and it can be looked at and stopped',
  async (contract, word, hint) => {
    home = newHome();
    mkdirSync(home, { mode: 0o700 });
    writeFileSync(join(home, 'soloist.yaml'), 'jobs: { hello: { run: echo hello } }\n');
    const other = await OtherVersion.build(contract);
    expect(await other.run(home, 'up')).toMatchObject({ exitCode: 0 });
    const pid = ownerOf(home)?.pid;
    const sentence = `The daemon (PID ${pid}, Soloist ${version}, contract ${contract}) is ${word} than the command line (Soloist ${version}, contract ${contractVersion})`;

    const status = await soloist(home, ['status']);
    expect(status.exitCode).toBe(0);
    expect(status.stdout).toContain(sentence);
    expect(status.stdout).toContain(hint);
    expect(JSON.parse((await soloist(home, ['status', '--json'])).stdout).data).toMatchObject({ contract });
    for (const words of [
      ['jobs'],
      ['runs'],
      ['run', 'x'],
      ['logs', 'x'],
      ['alerts'],
      ['guard'],
      ['links', 'list'],
    ]) {
      const refused = await soloist(home, words);
      expect(refused, words.join(' ')).toMatchObject({ exitCode: 1, stdout: '' });
      expect(refused.stderr, words.join(' ')).toContain(sentence);
      expect(refused.stderr, words.join(' ')).toContain(hint);
      expect(refused.stderr, words.join(' ')).not.toMatch(/\n {4}at /);
    }
    expect((await soloist(home, ['up'])).stderr).toContain(`already running with PID ${pid}`);
    expect(await soloist(home, ['down'])).toMatchObject({ exitCode: 0 });

    // The same versions say nothing of it.
    await other.run(home, 'up');
    const own = await other.run(home, 'status');
    expect(own.stdout).not.toContain('contract');
    expect(await other.run(home, 'jobs')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await other.run(home, 'down')).toMatchObject({ exitCode: 0 });
  },
);

test('a newer daemon that tells of itself in another way is looked at and stopped all the same', async () => {
  home = newHome();
  const other = await OtherVersion.build(2, { isStrange: true });
  await other.run(home, 'up');
  const pid = ownerOf(home)?.pid;
  const status = await soloist(home, ['status']);
  expect(status).toMatchObject({ exitCode: 0, stderr: '' });
  expect(status.stdout).toContain(`PID            ${pid} (headless`);
  expect(status.stdout).toContain('contract 2) is newer than the command line');
  for (const words of [['jobs'], ['health'], ['next'], ['logs', 'daemon']])
    expect((await soloist(home, words)).stderr, words.join(' ')).not.toMatch(/\n {4}at /);
  expect((await soloist(home, ['doctor'])).stdout).toContain(`${pid}`);
  expect((await soloist(home, ['up'])).stderr).toContain(`already running with PID ${pid}`);
  expect(await soloist(home, ['down'])).toMatchObject({ exitCode: 0 });
});
