import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StarterReport } from '../fixtures/starter.ts';
import { Starter, spawnStarters } from '../support/starters.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { Tally, type TortureResult } from './result.ts';

/** The starters of a round do not all come at exactly one instant: within 0, 2 or 10 ms, by turns. */
const JITTERS = [0, 2, 10] as const;

/** Far enough ahead that every starter has its order before the instant comes. */
const LEAD_NS = 40_000_000n;

const random = (below: number): number => Math.floor(Math.random() * below);

function startAll(starters: readonly Starter[], home: string, jitter: number, markers?: string) {
  const at = process.hrtime.bigint() + LEAD_NS;
  return starters.map((starter) => starter.start(home, at + BigInt(random(jitter * 1e6 + 1)), markers));
}

/** What must hold of a round in which exactly one may win: one owner, and a clear refusal for everybody else. */
function judge(
  tally: Tally,
  starters: readonly Starter[],
  reports: readonly StarterReport[],
): Starter | undefined {
  const owners = starters.filter((_, index) => reports[index]?.kind === 'owner');
  tally.expect(owners.length === 1, `${owners.length} owners`);
  const [owner] = owners;
  for (const report of reports) {
    tally.count(report.kind === 'owner' ? 'owners' : report.kind === 'refused' ? 'refusals' : 'errors');
    if (report.kind === 'owner')
      tally.expect(report.others === 0, `${report.others} more owners left a marker`);
    else if (report.kind === 'refused') {
      if (report.ownerPid === null) tally.count('of them before the owner had said who it is');
      else
        tally.expect(
          report.ownerPid === owner?.pid,
          `refused naming ${report.ownerPid}, the owner is ${owner?.pid}`,
        );
    } else tally.expect(false, `${report.kind}: ${JSON.stringify(report)}`);
  }
  return owner;
}

export type RaceKind = 'clean home' | 'after a SIGKILL' | 'after a SIGKILL, with random SIGSTOPs';

/** Many starters at one instant, again and again: exactly one becomes owner and all others are refused. */
export async function raceStarters(kind: RaceKind, count: number, rounds: number): Promise<TortureResult> {
  const tally = new Tally(`${count} starters at once, ${kind}`);
  const folder = temporaryFolder();
  const starters = await spawnStarters(count);
  let home = join(folder, 'home');
  try {
    for (let index = 0; index < rounds; index++) {
      tally.round();
      if (kind === 'clean home') home = join(folder, `home-${index}`);
      const markers = join(folder, 'markers', String(index));
      mkdirSync(markers, { recursive: true });
      const pending = startAll(starters, home, JITTERS[index % JITTERS.length] ?? 0, markers);
      if (kind.endsWith('SIGSTOPs')) await suspendSome(starters);
      const owner = judge(tally, starters, await Promise.all(pending));
      if (owner === undefined) continue;
      if (kind === 'clean home') {
        await owner.release();
        rmSync(home, { recursive: true, force: true });
      } else {
        await owner.kill();
        starters[starters.indexOf(owner)] = await Starter.spawn();
      }
      rmSync(markers, { recursive: true, force: true });
    }
  } finally {
    await Promise.all(starters.map((starter) => starter.kill()));
  }
  return tally.result();
}

async function suspendSome(starters: readonly Starter[]): Promise<void> {
  await sleep(Number(LEAD_NS) / 1e6 - 2);
  for (let index = 0; index < 10; index++) {
    const starter = starters[random(starters.length)];
    starter?.signal('SIGSTOP');
    setTimeout(() => starter?.signal('SIGCONT'), 5 + random(120));
    await sleep(random(8));
  }
  await sleep(150);
  // One that was stopped twice is resumed by the first SIGCONT; this one is for all.
  for (const starter of starters) starter.signal('SIGCONT');
}

/** Two race, and when one of them owns, a third comes that did not race: it must be refused too. */
export async function raceTwoThenThird(rounds: number): Promise<TortureResult> {
  const tally = new Tally('2 starters, then a third that did not race');
  const folder = temporaryFolder();
  const [one, two, third] = await spawnStarters(3);
  if (one === undefined || two === undefined || third === undefined) throw new Error('no starters');
  try {
    for (let index = 0; index < rounds; index++) {
      tally.round();
      const home = join(folder, `home-${index}`);
      const reports = await Promise.all(startAll([one, two], home, JITTERS[index % JITTERS.length] ?? 0));
      const late = await third.start(home);
      const owner = judge(tally, [one, two, third], [...reports, late]);
      await owner?.release();
      rmSync(home, { recursive: true, force: true });
      rmSync(`${home}.markers`, { recursive: true, force: true });
    }
  } finally {
    await Promise.all([one, two, third].map((starter) => starter.kill()));
  }
  return tally.result();
}

/** Many starters against an owner that lives: never is the lock stolen. */
export async function raceAgainstOwner(count: number, rounds: number): Promise<TortureResult> {
  const tally = new Tally(`${count} starters against a live owner`);
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  const [owner, ...starters] = await spawnStarters(count + 1);
  if (owner === undefined) throw new Error('no starters');
  try {
    const first = await owner.start(home);
    for (let index = 0; index < rounds; index++) {
      tally.round();
      const reports = await Promise.all(startAll(starters, home, JITTERS[index % JITTERS.length] ?? 0));
      judge(tally, [owner, ...starters], [first, ...reports]);
    }
    await owner.release();
  } finally {
    await Promise.all([owner, ...starters].map((starter) => starter.kill()));
  }
  return tally.result();
}
