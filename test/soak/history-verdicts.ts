import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Run } from '../../main/daemon/history/run.ts';
import {
  accountFor,
  byJob,
  claimedBy,
  configurationFrom,
  type FirstSeen,
  readFirstSeen,
  readRuns,
  type Stretch,
} from './account.ts';
import { grouped } from './growth.ts';
import { vaultFolder, witnessFolder } from './jobs.ts';
import type { Person } from './person.ts';
import type { Touching } from './touching.ts';
import { none, type Verdict } from './verdicts.ts';

/** What is due in the last second may be told of by a process that was just asked to end. */
const LAST_MS = 1_000;
/** A job's runs are looked through after so many ends. */
const ENDS_BETWEEN_PRUNES = 50;

/** What the history of an app that has ended says, beside what the jobs and the soak itself have written down. */
export async function historyVerdicts(
  person: Person,
  touching: Touching,
  stretch: Stretch,
): Promise<readonly Verdict[]> {
  const runs = await readRuns(person.home);
  const content = readFileSync(person.configurationFile, 'utf8');
  const { jobs } = configurationFrom(content, person.configurationFile, person.user);
  const firstSeen = readFirstSeen(person.home);
  const minutes = (stretch.until - stretch.after) / 60_000;
  const kinds = grouped(runs, (run) => (run.state === 'ended' ? run.outcome.kind : run.state));
  const counts = [...kinds].map(([kind, some]) => `${some.length} ${kind}`).join(', ');
  console.log(
    `${runs.length} runs of ${byJob(runs).size} jobs, ${(runs.length / minutes).toFixed(0)} a minute: ${counts}`,
  );
  return [
    dueTimes(jobs, firstSeen, runs, stretch),
    ...claims(runs),
    ...witnesses(person, runs),
    chain(runs, 'quick-2', 'after-quick'),
    ...retention(person, runs),
    ...files(touching, runs),
    pictures(person, touching),
  ];
}

function dueTimes(
  jobs: ReturnType<typeof configurationFrom>['jobs'],
  firstSeen: FirstSeen,
  runs: readonly Run[],
  stretch: Stretch,
): Verdict {
  const runsOf = byJob(runs);
  const wrong: string[] = [];
  let due = 0;
  for (const job of jobs.values()) {
    if (job.kind !== 'triggered') continue;
    const some = runsOf.get(job.name) ?? [];
    // What retention has removed is not there to be asked.
    const isPruned = job.output.keep.runs < ENDS_BETWEEN_PRUNES * 2;
    const oldest = Math.min(...some.flatMap(({ trigger }) => ('due' in trigger ? trigger.due : [])));
    const after = isPruned && Number.isFinite(oldest) ? oldest - 1 : 0;
    const account = accountFor(job, firstSeen, some.flatMap(claimedBy), {
      after,
      until: stretch.until - LAST_MS - job.jitter,
    });
    due += account.due;
    wrong.push(
      ...account.missing.map((at) => `${job.name} at ${new Date(at).toISOString()}`),
      ...account.unasked.map((at) => `${job.name} unasked at ${new Date(at).toISOString()}`),
    );
  }
  return none('each due time is a run, a skip or a missed one', wrong, `${due} due times`);
}

function claims(runs: readonly Run[]): readonly Verdict[] {
  const claims = runs.flatMap(({ job, trigger, attempt }) =>
    'due' in trigger ? [`${job} ${trigger.due} ${attempt}`] : [],
  );
  const unfinished = runs.filter(({ state }) => state !== 'ended').map(({ id, job }) => `${job} ${id}`);
  const lost = runs.filter((run) => run.state === 'ended' && run.outcome.kind === 'lost');
  const quick = runs.filter(
    (run) => run.job.startsWith('quick') && run.state === 'ended' && /failed|timed/.test(run.outcome.kind),
  );
  const named = (some: readonly Run[]) =>
    some.map((run) => `${run.job} ${run.id} ${JSON.stringify(run.state === 'ended' && run.outcome)}`);
  return [
    none('every run has an outcome', unfinished, `${runs.length} runs`),
    none('no run is lost', named(lost), `${runs.length} runs`),
    none('no run of a job that is well has failed', named(quick), `${runs.length} runs`),
    none('ids are unique', repeated(runs.map(({ id }) => id)), `${runs.length} ids`),
    none('no due time was claimed twice', repeated(claims), `${claims.length} claims`),
  ];
}

/** The jobs' own lines beside the history. */
function witnesses(person: Person, runs: readonly Run[]): readonly Verdict[] {
  const known = new Map(runs.map((run) => [run.id, run]));
  const folder = witnessFolder(person);
  const names = readdirSync(folder);
  const lines = names.flatMap((job) =>
    readFileSync(join(folder, job), 'utf8')
      .trim()
      .split('\n')
      .map((line) => ({ job, run: line.split(' ')[0] ?? '', attempt: Number(line.split(' ')[1]) })),
  );
  const strangers = lines.filter(({ job, run, attempt }) => {
    const one = known.get(run);
    return (
      one?.job !== job || one.attempt !== attempt || one.state !== 'ended' || one.execution === undefined
    );
  });
  const written = new Set(lines.map(({ run }) => run));
  const silent = runs.filter(
    ({ id, job, ...run }) =>
      names.includes(job) && run.state === 'ended' && run.outcome.kind === 'succeeded' && !written.has(id),
  );
  return [
    none(
      'what the jobs did is in the history',
      strangers.map(({ job, run }) => `${job} ${run}`),
      `${lines.length} lines`,
    ),
    none('no run did its work twice', repeated(lines.map(({ run }) => run)), `${lines.length} lines`),
    none(
      'what the history says succeeded was done',
      silent.map(({ job, id }) => `${job} ${id}`),
      `${written.size} runs`,
    ),
  ];
}

/** Each success of a job makes the one after it due, once. */
function chain(runs: readonly Run[], first: string, second: string): Verdict {
  const followers = new Map<string, number>();
  for (const { job, trigger } of runs)
    if (job === second && trigger.kind === 'after')
      followers.set(trigger.run, (followers.get(trigger.run) ?? 0) + 1);
  const succeeded = runs.filter(
    (run) => run.job === first && run.state === 'ended' && run.outcome.kind === 'succeeded',
  );
  // The last may have succeeded while the app already ended.
  const wrong = succeeded.slice(0, -1).filter(({ id }) => followers.get(id) !== 1);
  return none(
    `each success of ${first} is followed by one run of ${second}`,
    wrong.map(({ id }) => `${id} by ${followers.get(id) ?? 0}`),
    succeeded.length,
  );
}

function retention(person: Person, runs: readonly Run[]): readonly Verdict[] {
  const kept = runs.filter(({ job }) => job === 'quick-7').length;
  const outputs = new Set(
    runs.flatMap((run) => {
      const output = run.state === 'queued' ? undefined : run.execution?.output;
      return output?.kind === 'kept' ? [basename(output.file, '.log')] : [];
    }),
  );
  const folder = join(person.home, 'runs');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes('.log'),
  );
  const stray = files.filter((name) => !outputs.has(basename(name).replace(/\.log.*$/, '')));
  const most = 60 + ENDS_BETWEEN_PRUNES;
  return [
    {
      promise: 'of a job that keeps 60 runs no more are kept',
      found: `${kept}, pruned every fifty`,
      holds: kept <= most,
    },
    none('each file of output belongs to a run', stray, `${files.length} files`),
  ];
}

/** Each file that was touched is told of by a run that was queued later than that. */
function files({ touched, ignored }: Touching, runs: readonly Run[]): readonly Verdict[] {
  const told = new Map<string, number>();
  let tellings = 0;
  for (const { job, trigger, queuedAt } of runs) {
    if (trigger.kind !== 'watch') continue;
    for (const file of trigger.files) {
      told.set(`${job} ${file}`, Math.max(queuedAt, told.get(`${job} ${file}`) ?? 0));
      tellings += 1;
    }
  }
  const wrong: string[] = [];
  let count = 0;
  for (const [job, some] of touched)
    for (const [file, at] of some) {
      count += 1;
      if ((told.get(`${job} ${file}`) ?? 0) < at) wrong.push(`${job} ${file}`);
    }
  const isTold = new Set([...told.keys()].map((key) => key.slice(key.indexOf(' ') + 1)));
  return [
    none('each touched file is told of', wrong, `${count} files, told of ${tellings} times`),
    none(
      'no other file is told of',
      ignored.filter((file) => isTold.has(file)),
      `${ignored.length} files`,
    ),
  ];
}

function pictures(person: Person, touching: Touching): Verdict {
  const folder = join(vaultFolder(person), 'Media/Screenshots');
  const brought = existsSync(folder) ? readdirSync(folder).length : 0;
  return {
    promise: 'each picture was brought into the vault',
    found: `${brought} of ${touching.pictures}`,
    holds: brought === touching.pictures,
  };
}

function repeated(all: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return all.filter((one) => seen.size === seen.add(one).size);
}
