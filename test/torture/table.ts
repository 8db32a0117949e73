import { breakLock } from './broken-lock.ts';
import { fuzzControlSocket } from './control.ts';
import { crashEverywhere, deaths } from './crashes.ts';
import { deleteWhileHeld } from './deletions.ts';
import { jumpClock, reusePid, suspendOwner } from './owners.ts';
import type { TortureResult } from './result.ts';
import { raceAgainstOwner, raceStarters, raceTwoThenThird } from './starters.ts';
import { raceUps } from './ups.ts';

/** One promise, tried short with each `npm test` and long with `npm run torture`. */
export interface Torture {
  readonly name: string;
  readonly short: () => Promise<TortureResult>;
  readonly long: () => Promise<TortureResult>;
}

const torture = <Rounds>(
  name: string,
  run: (rounds: Rounds) => Promise<TortureResult>,
  short: Rounds,
  long: Rounds,
): Torture => ({ name, short: () => run(short), long: () => run(long) });

export const tortures: readonly Torture[] = [
  torture('50 starters at once, clean home', (rounds) => raceStarters('clean home', 50, rounds), 10, 1_000),
  torture(
    '50 starters at once, after a SIGKILL',
    (rounds) => raceStarters('after a SIGKILL', 50, rounds),
    10,
    1_000,
  ),
  torture(
    '50 starters at once, after a SIGKILL, with random SIGSTOPs',
    (rounds) => raceStarters('after a SIGKILL, with random SIGSTOPs', 50, rounds),
    10,
    1_000,
  ),
  torture('2 starters, then a third that did not race', raceTwoThenThird, 30, 1_000),
  torture('50 starters against a live owner', (rounds) => raceAgainstOwner(50, rounds), 10, 200),
  torture('20 soloist up at once', (rounds) => raceUps(20, rounds), 4, 200),
  torture('14 daemons at once, each lock broken', (rounds) => breakLock(14, rounds), 3, 100),
  torture('SIGKILL at each step and at random instants, then up', crashEverywhere, deaths.length * 2, 500),
  torture('an owner suspended, with a starter each second', suspendOwner, 3, 30),
  torture('the clock an hour forward and back', jumpClock, 2, 20),
  torture('the recorded PID given to a live stranger', reusePid, 3, 30),
  torture('lock file, record or home deleted while held', deleteWhileHeld, 6, 150),
  torture('random bytes and requests to the control socket', fuzzControlSocket, 5_000, 100_000),
];
