import { spawn, spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { controlPart } from '../../../main/control/control-part.ts';
import type { Daemon } from '../../../main/daemon/daemon.ts';
import { CLI, type CommandOutput, eventually, soloist } from '../../support/command-line.ts';
import { daemonIn } from '../../support/daemons.ts';
import { newHome } from '../../support/homes.ts';
import { GARDEN, Vault } from '../actions/links-support.ts';

let home = '';
let daemon: Daemon;
let vault: Vault;

beforeEach(async () => {
  home = newHome();
  vault = new Vault();
  await vault.run();
  daemon = daemonIn(home, {
    standing: [controlPart({ stop: (daemon) => void daemon.stop(), links: () => vault.links })],
  });
  await daemon.start();
});
afterEach(async () => {
  await vault.links.close();
  await daemon.stop();
});

const cli = (...words: string[]): Promise<CommandOutput> => soloist(home, ['links', ...words]);

test('links are listed, accepted, dismissed and taken back', async () => {
  const { stdout } = await cli('list');
  expect(stdout).toMatch(/^LINK +NOTE +TO +SURE +WHY\n/);
  expect(stdout).toMatch(/Tomatoes\.md +Greenhouse +\d+ % +\w/);
  const { data } = JSON.parse((await cli('list', '--json', '--job', 'suggest-links', '--limit', '1')).stdout);
  expect(data).toEqual({ links: (await vault.waiting()).slice(0, 1), total: (await vault.waiting()).length });
  const { id } = await vault.suggestion('Tomatoes.md', 'Greenhouse.md');
  expect((await cli('accept', id)).stdout).toBe("Added the link to 'Greenhouse' to Tomatoes.md.\n");
  expect(vault.read('Tomatoes.md')).toContain('## Related\n\n- [[Greenhouse]]\n');
  expect((await cli('undo', id)).exitCode).toBe(0);
  expect(vault.read('Tomatoes.md')).toBe(GARDEN['Tomatoes.md']);
  const dismissed = JSON.parse((await cli('dismiss', id, '--json')).stdout);
  expect(dismissed).toMatchObject({
    ok: true,
    command: 'links dismiss',
    data: { link: { id, state: 'dismissed' } },
  });
});

test('what is refused is a sentence, and a failure', async () => {
  const { exitCode, stderr } = await cli('accept', 'nothing');
  expect(exitCode).toBe(1);
  expect(stderr).toContain("There is no suggested link 'nothing'.");
  const review = await cli('review');
  expect(review.exitCode).toBe(1);
  expect(review.stderr).toContain('There is no terminal');
});

const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;
test.skipIf(!hasTerminal)('they are reviewed in a terminal, a key each', async () => {
  const [first, second] = await vault.waiting();
  const command = `'${process.execPath}' '${CLI}' links review --home '${home}'`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { env: { ...process.env, TERM: 'xterm' } });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    shown += text;
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const press = async (key: string, then: string): Promise<void> => {
    child.stdin.write(key);
    await eventually(then, () => shown.includes(then));
  };
  await eventually('it shows a link', () => shown.includes('Q quit'));
  await press('a', 'Added the link');
  await press('d', 'Dismissed');
  await press('u', 'Taken back');
  await press('q', '1 accepted, 0 dismissed');
  child.stdin.end();
  await ended;
  expect((await vault.links.details(first?.id ?? '')).suggestion.state).toBe('accepted');
  expect(vault.read(first?.note.path ?? '')).toContain(`[[${first?.target.title}]]`);
  // The other one, or the same pair the other way round, which is gone then.
  expect((await vault.waiting()).some(({ id }) => id === first?.id)).toBe(false);
  expect(second).toBeDefined();
});
