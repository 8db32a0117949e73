import { matchProblem } from './command-match.ts';
import type { Finding } from './finding.ts';
import { type FileValues, type JobValues, RUN_POLICY_KEYS, TRIGGER_KEYS } from './schema.ts';
import { type Path, shortened } from './syntax.ts';

/** Tells why a schedule cannot be understood, as a phrase; undefined if it can. */
export type PatternCheck = (pattern: string) => string | undefined;

interface Subject {
  readonly file: FileValues;
  readonly jobs: ReadonlyMap<string, JobValues>;
  readonly checkPattern: PatternCheck;
}

type Check = (subject: Subject) => Iterable<Finding>;

/** What a schema cannot say: how keys and jobs go together. Each check is by itself. */
const PROBLEMS: readonly Check[] = [
  actionsRunAlone,
  schedulesAreUnderstood,
  namesDifferByMoreThanCase,
  servicesHaveNoTriggers,
  servicesHaveNoRunPolicies,
  afterNamesAJob,
  afterHasNoCircle,
  guardsCanMatch,
];

/** What is allowed, and hardly what was meant. */
const WARNINGS: readonly Check[] = [missedHasDueTimes, missedGraceIsUsed, afterCanHappen];

/** Checks a file that keeps to the schema. `checkPattern` is asked once for each different schedule. */
export function crossCheck(
  file: FileValues,
  checkPattern: PatternCheck,
): { readonly problems: readonly Finding[]; readonly warnings: readonly Finding[] } {
  const subject = { file, jobs: new Map(Object.entries(file.jobs ?? {})), checkPattern };
  const run = (checks: readonly Check[]): Finding[] => checks.flatMap((check) => [...check(subject)]);
  return { problems: run(PROBLEMS), warnings: run(WARNINGS) };
}

/** Comparing a wrong name with each of ten thousand takes long, and there may be many wrong ones. */
const MOST_COMPARED = 2_000;

const isService = (job: JobValues): boolean => job.keep_alive !== undefined && job.keep_alive !== false;

/** The values of a key that takes one or a list, with their paths. */
function* each<Item>(written: Item | readonly Item[] | undefined, path: Path): Iterable<[Item, Path]> {
  if (written === undefined) return;
  if (!isList(written)) yield [written, path];
  else for (const [index, item] of written.entries()) yield [item, [...path, index]];
}

function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}

/** The keys that have no meaning for an action. */
const COMMAND_KEYS = ['run', 'shell', 'stdin', 'keep_alive'] as const;

function* actionsRunAlone({ jobs }: Subject): Iterable<Finding> {
  for (const [name, job] of jobs) {
    if (job.use === undefined) {
      if (job.with === undefined) continue;
      const reason = '"with" has no meaning without "use", which names an action';
      yield {
        kind: 'conflict',
        path: ['jobs', name, 'with'],
        reason,
        expected: '"use: screenshots" or "use: links"',
      };
      continue;
    }
    for (const key of COMMAND_KEYS) {
      if (job[key] === undefined || job[key] === false) continue;
      const reason = `a job with "use" runs a built-in action, so it cannot have "${key}"`;
      yield { kind: 'conflict', path: ['jobs', name, key], reason, expected: `"use" or "${key}", not both` };
    }
    if (job.orphans === 'keep') {
      const reason = 'an action ends with the daemon, so it cannot have "orphans: keep"';
      yield { kind: 'conflict', path: ['jobs', name, 'orphans'], reason, expected: '"orphans: end"' };
    }
  }
}

function* schedulesAreUnderstood({ jobs, checkPattern }: Subject): Iterable<Finding> {
  const known = new Map<string, string | undefined>();
  for (const [name, job] of jobs) {
    for (const [pattern, path] of each(job.schedule, ['jobs', name, 'schedule'])) {
      if (!known.has(pattern)) known.set(pattern, checkPattern(pattern));
      const reason = known.get(pattern);
      if (reason !== undefined) {
        const expected = `a schedule such as "0 3 * * *" or "@daily" (${reason})`;
        yield { kind: 'value', path, expected, candidates: [] };
      }
    }
  }
}

/** Output and state of jobs lie in files, and most computers cannot tell `Backup` from `backup` there. */
function* namesDifferByMoreThanCase({ jobs }: Subject): Iterable<Finding> {
  const seen = new Map<string, string>();
  for (const name of jobs.keys()) {
    const folded = name.normalize('NFC').toLowerCase();
    const earlier = seen.get(folded);
    if (earlier !== undefined) {
      const reason = `this name differs from "${earlier}" in case only`;
      yield { kind: 'conflict', path: ['jobs', name], reason, expected: 'a name of its own' };
    }
    seen.set(folded, name);
  }
}

function* servicesHaveNoTriggers({ jobs }: Subject): Iterable<Finding> {
  for (const [name, job] of jobs) {
    if (!isService(job)) continue;
    for (const key of TRIGGER_KEYS) {
      if (job[key] === undefined || job[key] === false) continue;
      const reason = `a job with "keep_alive" always runs, so it cannot have "${key}"`;
      yield {
        kind: 'conflict',
        path: ['jobs', name, key],
        reason,
        expected: `"keep_alive" or "${key}", not both`,
      };
    }
  }
}

function* servicesHaveNoRunPolicies({ jobs }: Subject): Iterable<Finding> {
  for (const [name, job] of jobs) {
    if (!isService(job)) continue;
    for (const key of RUN_POLICY_KEYS) {
      if (job[key] === undefined) continue;
      const reason = `"${key}" has no meaning for a job with "keep_alive", which always runs`;
      yield {
        kind: 'conflict',
        path: ['jobs', name, key],
        reason,
        expected: `"keep_alive" or "${key}", not both`,
      };
    }
  }
}

function* afterNamesAJob({ jobs }: Subject): Iterable<Finding> {
  for (const [name, job] of jobs) {
    for (const [other, path] of each(job.after, ['jobs', name, 'after'])) {
      const found = jobs.get(other);
      if (found === undefined) {
        yield {
          kind: 'value',
          path,
          expected: 'the name of a job in this file',
          candidates: () => [...jobs.keys()].slice(0, MOST_COMPARED),
        };
      } else if (isService(found)) {
        yield {
          kind: 'conflict',
          path,
          reason: `"${other}" is a service ("keep_alive"), which is never done`,
          expected: 'a job that ends',
        };
      }
    }
  }
}

function* afterHasNoCircle({ jobs }: Subject): Iterable<Finding> {
  const finished = new Set<string>();
  for (const start of jobs.keys()) {
    const circle = circleFrom(start, jobs, finished);
    if (circle === undefined) continue;
    const [first = start] = circle;
    const reason = `these jobs wait for each other in a circle: ${shownCircle([...circle, first])}`;
    yield { kind: 'conflict', path: ['jobs', first, 'after'], reason, expected: 'jobs that begin somewhere' };
  }
}

function shownCircle(names: readonly string[]): string {
  const shown = names.length <= 8 ? names : [...names.slice(0, 6), '…', ...names.slice(-1)];
  return shown.map((name) => shortened(name)).join(' after ');
}

/** Walks depth first without recursion: a chain may be as long as a file has jobs. */
function circleFrom(
  start: string,
  jobs: ReadonlyMap<string, JobValues>,
  finished: Set<string>,
): readonly string[] | undefined {
  const before = (name: string): string[] => [...each(jobs.get(name)?.after, [])].map(([other]) => other);
  if (finished.has(start)) return undefined;
  const trail = [{ name: start, waiting: before(start) }];
  const onTrail = new Set([start]);
  let circle: readonly string[] | undefined;
  for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
    const next = top.waiting.pop();
    if (next === undefined) {
      trail.pop();
      onTrail.delete(top.name);
      finished.add(top.name);
    } else if (onTrail.has(next)) {
      const names = trail.map(({ name }) => name);
      circle ??= names.slice(names.indexOf(next));
    } else if (jobs.has(next) && !finished.has(next)) {
      trail.push({ name: next, waiting: before(next) });
      onTrail.add(next);
    }
  }
  return circle;
}

function* guardsCanMatch({ file }: Subject): Iterable<Finding> {
  for (const [name, { match }] of Object.entries(file.guards ?? {})) {
    const reason = matchProblem(match);
    if (reason === undefined) continue;
    const expected = `a part of a command line, or a regular expression between slashes (${reason})`;
    yield { kind: 'value', path: ['guards', name, 'match'], expected, candidates: [] };
  }
}

function* missedHasDueTimes({ jobs }: Subject): Iterable<Finding> {
  for (const [name, job] of jobs) {
    if (job.missed === undefined || isService(job)) continue;
    if (job.schedule !== undefined || job.every !== undefined || job.at !== undefined) continue;
    const reason = '"missed" has no effect without "schedule", "every" or "at"';
    yield { kind: 'conflict', path: ['jobs', name, 'missed'], reason, expected: 'a job with due times' };
  }
}

function* missedGraceIsUsed({ file, jobs }: Subject): Iterable<Finding> {
  for (const [name, job] of jobs) {
    const missed = job.missed ?? file.defaults?.missed ?? 'skip';
    if (job.missed_grace === undefined || job.missed_grace === 'none' || missed !== 'skip') continue;
    const reason = '"missed_grace" has no effect while missed runs are skipped; add "missed: once"';
    yield { kind: 'conflict', path: ['jobs', name, 'missed_grace'], reason, expected: '"missed: once"' };
  }
}

function* afterCanHappen({ jobs }: Subject): Iterable<Finding> {
  for (const [name, job] of jobs) {
    for (const [other, path] of each(job.after, ['jobs', name, 'after'])) {
      if (jobs.get(other)?.enabled !== false) continue;
      const reason = `"${other}" is not enabled, so this job only runs when "${other}" is run by hand`;
      yield { kind: 'conflict', path, reason, expected: 'a job that is enabled' };
    }
  }
}
