import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../main/daemon/process/identity.ts';
import { ownerOf, processesNaming, soloist } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { Tally, type TortureResult } from './result.ts';

const harms: [string, (home: string) => void][] = [
  ['lock file deleted', (home) => rmSync(join(home, 'daemon.lock'))],
  [
    'lock file replaced',
    (home) => {
      writeFileSync(join(home, 'other'), '');
      renameSync(join(home, 'other'), join(home, 'daemon.lock'));
    },
  ],
  ['record deleted', (home) => rmSync(join(home, 'daemon.owner.json'))],
  ['record replaced', (home) => writeFileSync(join(home, 'daemon.owner.json'), '{}')],
  ['home deleted', (home) => rmSync(home, { recursive: true, force: true })],
  ['home moved', (home) => renameSync(home, `${home}-moved-${Date.now()}`)],
];

/** The promise: within this time the owner has ended. */
const NOTICE_MS = 1_500;

/** Harms the files of a live daemon: it ends within 1.5 s, and a start at that moment is refused or follows it. */
export async function deleteWhileHeld(rounds: number): Promise<TortureResult> {
  const tally = new Tally('lock file, record or home deleted while held');
  const home = join(temporaryFolder(), 'home');
  let slowest = 0;
  for (let index = 0; index < rounds; index++) {
    tally.round();
    const [name, harm] = harms[index % harms.length] ?? harms[0] ?? ['', () => {}];
    const up = await soloist(home, ['up']);
    tally.expect(up.exitCode === 0, `up: ${up.stderr}`);
    const owner = ownerOf(home);
    if (owner === undefined) continue;
    const before = performance.now();
    harm(home);
    const second = soloist(home, ['up']);
    while ((await isAlive(owner)) && performance.now() - before < 10_000)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const took = performance.now() - before;
    slowest = Math.max(slowest, took);
    tally.expect(took < NOTICE_MS, `${name}: the owner ended after ${took} ms`);
    const { exitCode, stderr } = await second;
    tally.expect(
      exitCode === 0 || stderr.startsWith('Daemon already running'),
      `${name}: the second start said ${stderr}`,
    );
    tally.expect(
      (await processesNaming(home)).length === (exitCode === 0 ? 1 : 0),
      `${name}: ${(await processesNaming(home)).length} daemons`,
    );
    tally.count(exitCode === 0 ? 'second starts followed' : 'second starts refused');
    await soloist(home, ['down']);
  }
  tally.count('ms the slowest owner took to end', Math.round(slowest));
  return tally.result();
}
