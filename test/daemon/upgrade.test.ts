import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { DoctorData } from '../../main/cli/doctor.ts';
import { ask, type InputArgument, type ValueCall } from '../../main/control/client.ts';
import type { AlertView, JobView, RunView } from '../../main/daemon/jobs/views.ts';
import type { FormerHome } from '../fixtures/homes/former-home.ts';
import { CLI, eventually, killOwner, ownerOf, run as runProgram, soloist } from '../support/command-line.ts';
import { copyFormerHome, type FormerCopy, formerHomes } from '../support/former-homes.ts';

/*
 * Homes that former versions wrote (test/fixtures/homes), opened by this one in another place: nothing of them is lost.
 */

let home = '';
let environment: NodeJS.ProcessEnv = {};
afterEach(async () => {
  if (home === '') return;
  await soloist(home, ['down', '--timeout', '5s']);
  killOwner(home);
});

const run = (...words: string[]) => soloist(home, words, { environment });

async function cli(...words: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(...words);
  if (exitCode !== 0)
    throw new Error(`soloist ${words.join(' ')} exited with ${exitCode}: ${stdout}${stderr}`);
  return stdout;
}
const dataOf = async <T>(...words: string[]): Promise<T> => JSON.parse(await cli(...words, '--json')).data;
const call = <Name extends ValueCall>(name: Name, ...input: InputArgument<Name>) =>
  ask(join(home, 'daemon.sock'), name, 10_000, ...input);

const allRuns = async (): Promise<readonly RunView[]> =>
  (await dataOf<{ runs: RunView[] }>('runs', '--limit', '1000')).runs;

/** A run as this version shows it, its output in this home. */
function moved(run: RunView, expected: FormerHome): RunView {
  if (run.output === null) return run;
  return { ...run, output: { ...run.output, file: run.output.file.replace(expected.home, home) } };
}

/** What the configuration says of a job, and whether a person paused it. Paths are those of this home. */
const standing = (job: JobView, former: string) => {
  const { name, kind, enabled, description, tags, paused } = job;
  // A service that had been given up is tried again by a start.
  const schedule = job.schedule.replace(former, home).replace(/ \((down|starts again).*\)$/, '');
  return { name, kind, enabled, description, tags, schedule, paused };
};

async function compare({ expected, left }: FormerCopy): Promise<void> {
  const runs = new Map((await allRuns()).map((run) => [run.id, run]));
  for (const former of expected.runs) {
    const now = runs.get(former.id);
    if (former.state === 'ended') {
      expect(now, `run ${former.id} of ${former.job}`).toEqual(moved(former, expected));
      continue;
    }
    // It went on when this was written down, and its daemon has ended since.
    const { id, job, trigger, due, attempt, queuedAt, startedAt } = former;
    expect(now).toMatchObject({ id, job, trigger, due, attempt, queuedAt, startedAt, state: 'ended' });
    expect(now?.outcome?.kind, `${former.state} run of ${job}`).toBe(
      expected.end === 'crashed' ? 'lost' : 'cancelled',
    );
  }
  const { jobs } = await dataOf<{ jobs: JobView[] }>('jobs');
  expect(jobs.map((job) => standing(job, expected.home))).toEqual(
    expected.jobs.map((job) => standing(job, expected.home)),
  );

  const { absences } = await call('absences', {
    from: '2020-01-01T00:00:00.000Z',
    until: '2100-01-01T00:00:00.000Z',
  });
  for (const absence of expected.absences ?? []) expect(absences).toContainEqual(absence);
  // Since it was left; the first version kept no sign of life.
  if (expected.absences !== undefined)
    expect(absences.some(({ kind, from }) => kind === 'down' && Date.parse(from) >= left)).toBe(true);

  const { alerts } = await dataOf<{ alerts: AlertView[] }>('alerts', '--all');
  for (const former of expected.alerts ?? []) {
    const { id, kind, job, subject, run, message, first, state } = former;
    const now = alerts.find((alert) => alert.id === id);
    expect(now, message).toMatchObject({ id, kind, job, run, first, ...(subject && { subject }) });
    // What this daemon looks at anew: a service that was given up is kept again, and checks go by how it is now.
    if (kind !== 'given-up' && kind !== 'check') expect(now, message).toMatchObject({ message, state });
  }
  if (expected.links === undefined) return;
  // The command line lists only those that wait.
  const { links } = await call('links', { limit: 1_000 });
  expect(links).toEqual(expected.links);
  expect(notesOf(home)).toMatchObject(expected.vault ?? {});
}

/** The SHA-256 of each file of the vault of a home, by path. */
function notesOf(home: string): Readonly<Record<string, string>> {
  const vault = join(home, 'vault');
  const files = readdirSync(vault, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(vault, path)).isFile(),
  );
  const hash = (path: string): string =>
    createHash('sha256')
      .update(readFileSync(join(vault, path)))
      .digest('hex');
  return Object.fromEntries(files.map((path) => [path, hash(path)]));
}

async function compareOutputs(expected: FormerHome): Promise<void> {
  for (const [id, former] of Object.entries(expected.outputs)) {
    if (former.stdout + former.stderr === '') continue;
    const { stdout, stderr } = await runProgram(
      '/bin/sh',
      ['-c', '"$0" "$@" >"$OUT.1" 2>"$OUT.2"', process.execPath, CLI, 'logs', id],
      { environment: { ...environment, SOLOIST_HOME: home, SOLOIST_CONFIG: '', OUT: `${home}.out` } },
    );
    expect(stdout + stderr).toBe('');
    expect(readFileSync(`${home}.out.1`, 'base64'), `output of ${id}`).toBe(former.stdout);
    expect(readFileSync(`${home}.out.2`, 'base64'), `errors of ${id}`).toBe(former.stderr);
  }
  for (const [id, files] of Object.entries(expected.files))
    expect((await dataOf<{ run: RunView }>('show', id)).run.files).toEqual(files);
}

/** The actions go on from what they had kept: nothing is decided about or brought in twice, and what is new is brought in. */
async function goOnWithNotes(expected: FormerHome): Promise<void> {
  await cli('run', 'links', '--wait');
  // It watches the folder, too, and never runs twice at once.
  await eventually('it has run', async () => (await run('run', 'shots', '--wait')).exitCode === 0);
  const { links } = await call('links', { limit: 1_000 });
  const decided = (expected.links ?? []).filter(({ state }) => state !== 'waiting');
  expect(decided).not.toEqual([]);
  // What waits is reckoned anew, since deciding has changed notes.
  expect(links).toEqual(expect.arrayContaining(decided));
  expect(notesOf(home)).toEqual(expected.vault);

  const picture = readFileSync(join(home, 'shots', 'Screenshot_20261101_091400_Maps.png'));
  // The same again, and one byte more: a picture of its own.
  writeFileSync(join(home, 'shots', 'Screenshot_20261103_120000_Again.png'), picture);
  writeFileSync(
    join(home, 'shots', 'Screenshot_20261104_120000_New.png'),
    Buffer.concat([picture, Buffer.of(0)]),
  );
  await eventually('it has run', async () => (await run('run', 'shots', '--wait')).exitCode === 0);
  await eventually('the new picture is in the vault', () => 'Daily/2026-11-04.md' in notesOf(home));
  expect(Object.keys(notesOf(home))).not.toContain('Daily/2026-11-03.md');
}

/** What the jobs of these homes were made for, and nothing else, is what the doctor may complain of. */
const MADE_FOR =
  /no-such-program-anywhere|which watch-nowhere names|daemon's log has|The last daemon crashed/;

async function isWell(): Promise<void> {
  const { stdout } = await run('doctor', '--json');
  const { findings }: DoctorData = JSON.parse(stdout).data;
  expect(findings.filter(({ verdict, sentence }) => verdict !== 'ok' && !MADE_FOR.test(sentence))).toEqual(
    [],
  );
}

test.for(formerHomes)('%s: nothing is lost, and life goes on', { timeout: 120_000 }, async (name) => {
  const copy = copyFormerHome(name);
  ({ home, environment } = copy);
  const { expected } = copy;
  const former = ownerOf(home);
  expect((await run('status')).exitCode).toBe(expected.end === 'crashed' ? 1 : 3);

  await cli('up');
  await compare(copy);
  await compareOutputs(expected);
  await isWell();
  const now = ownerOf(home);
  expect(now?.generation).toBe((former?.generation ?? 0) + 1);
  expect(now?.lastCrash?.pid ?? null).toBe(
    expected.end === 'crashed' ? former?.pid : (former?.lastCrash?.pid ?? null),
  );

  // Ids go on, and what is paused is not made up for.
  const before = new Set(expected.runs.map(({ id }) => id));
  const { run: first } = await dataOf<{ run: RunView }>('run', 'succeeds');
  expect(before.has(first.id)).toBe(false);
  expect([...before].every((id) => id < first.id)).toBe(true);
  await eventually('what follows it has ended', async () =>
    (await allRuns()).some(({ job, state, id }) => job === 'follows' && state === 'ended' && !before.has(id)),
  );
  expect(await cli('logs', first.id)).toBe('hello from succeeds: Grüße \n');
  const missed = (await allRuns()).filter(({ job, id }) => job.startsWith('missed-') && !before.has(id));
  expect(missed.filter(({ outcome }) => outcome?.kind !== 'skipped')).toEqual([]);

  // And again, by what this version wrote.
  await cli('down');
  await cli('up');
  await compare(copy);
  await isWell();
  if (expected.links !== undefined) await goOnWithNotes(expected);
  await cli('down');
  expect(existsSync(join(home, 'daemon.pid'))).toBe(false);
});
