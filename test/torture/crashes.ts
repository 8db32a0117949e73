import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { processesNaming, soloist } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { Tally, type TortureResult } from './result.ts';

const PROGRAM = resolve(import.meta.dirname, '../fixtures/mortal-daemon.ts');

/** Every step at which the daemon can be told to die, in the order in which it comes to them. */
export const deaths = [
  ...[
    'kernel-locked',
    'owner-checked',
    'claimed',
    'host-locked',
    'recorded',
    'locked',
    'logged',
    'part-started',
    'running',
  ].map((step) => ['start', step] as const),
  ...['part-stopped', 'release-started', 'retired', 'host-released', 'released', 'stopped'].map(
    (step) => ['stop', step] as const,
  ),
];

/**
 * A daemon dies at each step of acquire, start, stop and release in turn, and then at random instants. After each
 * death `soloist up` must start one, with no other step in between; after some, another one dies on top of it.
 */
export async function crashEverywhere(rounds: number): Promise<TortureResult> {
  const tally = new Tally('SIGKILL at each step and at random instants, then up');
  const home = join(temporaryFolder(), 'home');
  for (let index = 0; index < rounds; index++) {
    const round = tally.round();
    const death = deaths[index % (deaths.length * 2)];
    const words = death === undefined ? ['after', String(Math.floor(Math.random() * 500))] : [...death, '1'];
    const signal = await die([home, ...words]);
    if (death !== undefined) tally.expect(signal === 'SIGKILL', `${words.join(' ')} was never reached`);
    tally.count(death === undefined ? 'at random instants' : 'at a step');
    // Dying twice in a row leaves more behind than dying once.
    if (round % 3 === 0) continue;

    const { exitCode, stderr } = await soloist(home, ['up', '--wait', '60s']);
    tally.expect(exitCode === 0, `up after ${words.join(' ')}: exit code ${exitCode}: ${stderr}`);
    const status = await soloist(home, ['status']);
    tally.expect(status.exitCode === 0, `status after ${words.join(' ')}: ${status.stdout}${status.stderr}`);
    const down = await soloist(home, ['down']);
    tally.expect(down.exitCode === 0, `down after ${words.join(' ')}: ${down.stderr}`);
    const left = ['daemon.pid', 'daemon.sock', 'daemon.host.lock'].filter((name) =>
      existsSync(join(home, name)),
    );
    tally.expect(left.length === 0, `left after ${words.join(' ')}: ${left.join(', ')}`);
    tally.expect((await processesNaming(home)).length === 0, `a process is left after ${words.join(' ')}`);
    tally.count('starts');
  }
  return tally.result();
}

function die(words: readonly string[]): Promise<NodeJS.Signals | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('exit', (_, signal) => resolve(signal));
  });
}
