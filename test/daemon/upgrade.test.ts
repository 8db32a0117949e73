import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { DoctorData } from '../../main/cli/doctor.ts';
import { ask, type InputArgument, type ValueCall } from '../../main/control/client.ts';
import type { JobView, RunView } from '../../main/daemon/jobs/views.ts';
import type { FormerHome } from '../fixtures/homes/former-home.ts';
import { CLI, eventually, killOwner, ownerOf, run, soloist } from '../support/command-line.ts';
import { copyFormerHome, formerHomes } from '../support/former-homes.ts';

/*
 * Homes that former versions wrote (test/fixtures/homes), opened by this one in another place: nothing of them is lost.
 */

let home = '';
afterEach(async () => {
  if (home === '') return;
  await soloist(home, ['down', '--timeout', '5s']);
  killOwner(home);
});

async function cli(...words: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await soloist(home, words);
  if (exitCode !== 0)
    throw new Error(`soloist ${words.join(' ')} exited with ${exitCode}: ${stdout}${stderr}`);
  return stdout;
}
const dataOf = async <T>(...words: string[]): Promise<T> => JSON.parse(await cli(...words, '--json')).data;
const call = <Name extends ValueCall>(name: Name, ...input: InputArgument<Name>) =>
  ask(join(home, 'daemon.sock'), name, 10_000, ...input);

async function allRuns(): Promise<RunView[]> {
  const found: RunView[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: { runs: readonly RunView[]; next: string | null } = await call('runs', {
      limit: 1_000,
      ...(cursor === null ? {} : { cursor }),
    });
    found.push(...page.runs);
    if (page.next === null) return found;
    cursor = page.next;
  }
}

/** A run as this version shows it, its output in this home. */
function moved(run: RunView, expected: FormerHome): RunView {
  if (run.output === null) return run;
  return { ...run, output: { ...run.output, file: run.output.file.replace(expected.home, home) } };
}

/** What the configuration says of a job, and whether a person paused it. Paths are those of this home. */
const standing = (job: JobView, former: string) => {
  const { name, kind, enabled, description, tags, paused } = job;
  // A start keeps a service running again that had been given up.
  const schedule = job.schedule.replace(former, home).replace(/ \(down: .*\)$/, '');
  return { name, kind, enabled, description, tags, schedule, paused };
};

/** These homes grow older, and what is over is removed after three months. */
const isKept = (iso: string): boolean => Date.now() - Date.parse(iso) < 80 * 24 * 3_600_000;

async function compare(expected: FormerHome): Promise<void> {
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
    until: new Date().toISOString(),
  });
  for (const absence of expected.absences ?? [])
    if (isKept(absence.until)) expect(absences).toContainEqual(absence);

  const { alerts } = await call('alerts', { all: true });
  for (const former of expected.alerts ?? []) {
    const { id, kind, job, run, message, first } = former;
    const now = alerts.find((alert) => alert.id === id);
    const isOver = former.state === 'resolved' || former.state === 'archived';
    if (isOver && now === undefined && !isKept(former.last)) continue;
    expect(now, message).toMatchObject({ id, kind, job, run, message, first });
    // A service that was given up is kept again by a start, and its alert is over. What is over is archived in time.
    if (isOver) expect(['resolved', 'archived'], message).toContain(now?.state);
    else if (kind !== 'given-up') expect(now?.state, message).toBe(former.state);
  }
  if (expected.links === undefined) return;
  const { links } = await call('links', { limit: 1_000 });
  expect(links).toEqual(expected.links);
  for (const [path, hash] of Object.entries(expected.vault ?? {}))
    expect(
      createHash('sha256')
        .update(readFileSync(join(home, 'vault', path)))
        .digest('hex'),
      path,
    ).toBe(hash);
}

async function compareOutputs(expected: FormerHome): Promise<void> {
  for (const [id, former] of Object.entries(expected.outputs)) {
    if (former.stdout + former.stderr === '') continue;
    const { stdout, stderr } = await run(
      '/bin/sh',
      ['-c', '"$0" "$@" >"$OUT.1" 2>"$OUT.2"', process.execPath, CLI, 'logs', id],
      {
        environment: { SOLOIST_HOME: home, SOLOIST_CONFIG: '', OUT: `${home}.out` },
      },
    );
    expect(stdout + stderr).toBe('');
    expect(readFileSync(`${home}.out.1`, 'base64'), `output of ${id}`).toBe(former.stdout);
    expect(readFileSync(`${home}.out.2`, 'base64'), `errors of ${id}`).toBe(former.stderr);
  }
  for (const [id, files] of Object.entries(expected.files))
    expect((await dataOf<{ run: RunView }>('show', id)).run.files).toEqual(files);
}

/** What the jobs of these homes were made for, and nothing else, is what the doctor may complain of. */
const MADE_FOR =
  /no-such-program-anywhere|which watch-nowhere names|daemon's log has|The last daemon crashed/;

async function isWell(): Promise<void> {
  const { stdout } = await soloist(home, ['doctor', '--json']);
  const { findings }: DoctorData = JSON.parse(stdout).data;
  expect(findings.filter(({ verdict, sentence }) => verdict !== 'ok' && !MADE_FOR.test(sentence))).toEqual(
    [],
  );
}

test.for(formerHomes)('%s: nothing is lost, and life goes on', { timeout: 120_000 }, async (name) => {
  const copy = copyFormerHome(name);
  home = copy.home;
  const { expected } = copy;
  const former = ownerOf(home);
  expect((await soloist(home, ['status'])).exitCode).toBe(expected.end === 'crashed' ? 1 : 3);

  await cli('up');
  await compare(expected);
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
  await compare(expected);
  await isWell();
  await cli('down');
  expect(existsSync(join(home, 'daemon.pid'))).toBe(false);
});
