import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { endQuestion } from '../../../main/cli/doctor-text.ts';
import { repair } from '../../../main/daemon/health/doctor/repair.ts';
import { processDetails } from '../../../main/daemon/process/details.ts';
import { processPlatform } from '../../../main/daemon/process/platform.ts';
import { isRunning, ownerOf, run, soloist } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { brokenHomes } from './broken-homes.ts';
import {
  canMount,
  configure,
  crash,
  differences,
  doctor,
  mountSilent,
  must,
  snapshot,
  soundHome,
  surroundings,
  unmount,
  unmountSilent,
} from './doctor-support.ts';

let home = '';
let cleanup: (() => void | Promise<void>) | undefined;
afterEach(async () => {
  await cleanup?.();
  cleanup = undefined;
  if (existsSync(join(home, 'daemon.lock'))) await soloist(home, ['down', '--timeout', '2s']);
});

const counts = { diagnosed: 0, fixed: 0 };
afterAll(() => {
  console.log(
    `${counts.diagnosed} broken homes diagnosed in words, ${counts.fixed} of them fixed, nothing else touched`,
  );
});

// Several at a time: some of them only wait, for what never answers.
describe.concurrent('broken homes', () => {
  test('are at least twenty', () => expect(brokenHomes.length).toBeGreaterThanOrEqual(20));

  const named = brokenHomes.map((broken) => [broken.name, broken] as const);
  test.for(named)('%s', async ([, broken], { onTestFinished }) => {
    const home = await soundHome();
    const made = await broken.make(home);
    onTestFinished(async () => {
      await made?.cleanup?.();
      if (existsSync(join(home, 'daemon.lock'))) await soloist(home, ['down', '--timeout', '2s']);
    });
    const environment = made?.environment ?? {};
    const up = async (): Promise<boolean> =>
      (await soloist(home, ['up'], { environment: surroundings(environment) })).exitCode === 0;
    const before = snapshot(home);

    const seen = await doctor(home, [], environment);
    for (const [name, verdict, sentence] of broken.finds) {
      expect(seen.findings).toContainEqual(
        expect.objectContaining({ name, verdict, sentence: expect.stringMatching(sentence) }),
      );
    }
    for (const { verdict, meaning, advice } of seen.findings) {
      expect(meaning).toMatch(/\S/);
      if (verdict !== 'ok') expect(advice).toMatch(/\S/);
    }
    const isWrong = broken.finds.some(([, verdict]) => verdict === 'error');
    expect(seen.exitCode, JSON.stringify(seen.findings, null, 2)).toBe(isWrong ? 1 : 0);
    expect(differences(before, snapshot(home)), 'looking changes nothing').toEqual([]);
    counts.diagnosed += 1;

    if (broken.ups === 'after') {
      expect(await up(), 'up works before it is fixed').toBe(false);
    }
    const unfixed = snapshot(home);
    const fixed = await doctor(home, ['--fix', '--yes'], environment);
    const changed = differences(unfixed, snapshot(home));
    expect(changed.filter((name) => !broken.fix.some((allowed) => allowed.test(name)))).toEqual([]);
    expect(fixed.exitCode, JSON.stringify(fixed, null, 2)).toBe(broken.isWellAfter ? 0 : 1);
    expect(fixed.repaired.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
    if (broken.fix.length > 0) {
      expect(fixed.repaired.length).toBeGreaterThan(0);
      expect(changed.length).toBeGreaterThan(0);
      counts.fixed += 1;
    } else {
      expect(fixed.repaired).toEqual([]);
    }
    if (broken.ups !== 'not-tried') expect(await up(), 'up after it was fixed').toBe(broken.ups !== 'never');
  });
});

const sentencesOf = (seen: Awaited<ReturnType<typeof doctor>>, verdict: string): readonly string[] =>
  seen.findings.flatMap((finding) =>
    finding.verdict === verdict ? `${finding.name}: ${finding.sentence}` : [],
  );

describe('homes that are in order', () => {
  test('running: all is well, and the daemon is not disturbed', async () => {
    home = await soundHome();
    await must(home, ['up']);
    const { pid } = ownerOf(home) ?? {};
    const seen = await doctor(home);
    expect(sentencesOf(seen, 'error')).toEqual([]);
    expect(sentencesOf(seen, 'warning')).toEqual([]);
    expect(seen).toMatchObject({ exitCode: 0, verdict: 'ok' });
    expect(seen.findings[0]?.sentence).toMatch(new RegExp(`^The daemon runs with PID ${pid} .* and answers`));
    expect((await doctor(home, ['--fix', '--yes'])).repaired).toEqual([]);
    expect(ownerOf(home)?.pid).toBe(pid);
    expect((await soloist(home, ['status'])).exitCode).toBe(0);
  });

  test('stopped: all is well, and nothing is changed or started', async () => {
    home = await soundHome();
    const before = snapshot(home);
    const seen = await doctor(home, ['--fix', '--yes']);
    expect(seen).toMatchObject({ exitCode: 0, verdict: 'ok', repaired: [] });
    expect(seen.findings[0]?.sentence).toBe('No daemon runs.');
    expect(differences(before, snapshot(home))).toEqual([]);
  });

  test('none: said, and none is made', async () => {
    home = join(temporaryFolder(), 'home');
    const seen = await doctor(home, ['--fix', '--yes']);
    expect(seen.exitCode).toBe(0);
    expect(seen.findings).toContainEqual(
      expect.objectContaining({ name: 'home', sentence: `There is no home ${home} yet.` }),
    );
    expect(existsSync(home)).toBe(false);
  });

  test('a file, a file above it: said in words', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'x');
    home = file;
    expect(sentencesOf(await doctor(file), 'error')).toContain(`home: The home ${file} is not a folder.`);
    expect(sentencesOf(await doctor(join(file, 'below')), 'error')).toContain(
      `home: ${join(file, 'below')} cannot be used: a part of its path is not a folder.`,
    );
    expect(readFileSync(file, 'utf8')).toBe('x');
  });
});

test('for a person: each line with what it means and what to do', async () => {
  home = await soundHome();
  await must(home, ['up']);
  await crash(home);
  const { stdout, exitCode } = await soloist(home, ['doctor'], { environment: surroundings() });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(
    /^error {4}record: The last daemon, PID \d+ .* is dead and had not released the home\.\n {9}It means: .*\n {9}To do: .*'soloist up'.*\n {9}'soloist doctor --fix' would: Clear what/m,
  );
  expect(stdout).toMatch(/\d errors and 1 warning\. 'soloist doctor --fix' does what is safe about it\.\n$/);
  const fixed = await soloist(home, ['doctor', '--fix'], { environment: surroundings() });
  expect(fixed.stdout).toMatch(/^What the dead daemon with PID \d+ left was cleared\.\n/);
  expect(fixed.stdout).toMatch(/All is well\.\n$/);
});

/** Nothing here stops a daemon. */
const hands = { stopDaemon: async () => {}, clearCrash: async () => {} };

test('no process is ended that nobody confirmed', async () => {
  home = await soundHome();
  await must(home, ['up']);
  const pid = ownerOf(home)?.pid ?? 0;
  process.kill(pid, 'SIGSTOP');
  const seen = await doctor(home, ['--fix']);
  expect(seen.exitCode).toBe(1);
  expect(seen.repaired).toEqual([expect.objectContaining({ outcome: 'refused' })]);
  expect(await isRunning(pid)).toBe(true);
  process.kill(pid, 'SIGCONT');
});

test('a daemon that takes the home meanwhile keeps all its files', async () => {
  home = await soundHome();
  writeFileSync(join(home, 'daemon.pid'), '999999\n');
  await must(home, ['up']);
  const fix = { kind: 'remove', path: join(home, 'daemon.pid') } as const;
  await expect(repair(home, fix, hands, new Date())).rejects.toThrow(/A daemon holds .* by now/);
  expect(readFileSync(join(home, 'daemon.pid'), 'utf8')).toBe(`${ownerOf(home)?.pid}\n`);
});

test('processes are ended that were shown, with their PID, age and command', async () => {
  home = await soundHome();
  const stray = spawn('sleep', ['600']);
  try {
    const entries = (await processPlatform().list()).filter(({ pid }) => pid === stray.pid);
    const processes = await processDetails(entries);
    const fix = { kind: 'end-processes', processes } as const;
    expect(endQuestion(fix, Date.now())).toMatch(
      new RegExp(`^End process ${stray.pid}\\.\n  PID ${stray.pid}, .* old: sleep 600\nEnd it`),
    );
    expect(await repair(home, fix, hands, new Date())).toBe('One process was ended.');
    expect(await isRunning(stray.pid ?? 0)).toBe(false);
  } finally {
    stray.kill('SIGKILL');
  }
});

describe('what hangs', () => {
  test('a pipe in the place of the record or the configuration holds nobody up', async () => {
    home = await soundHome();
    for (const name of ['daemon.owner.json', 'soloist.yaml']) {
      unlinkSync(join(home, name));
      execFileSync('mkfifo', ['-m', '600', join(home, name)]);
    }
    const seen = await doctor(home);
    expect(sentencesOf(seen, 'error')).toEqual([
      expect.stringMatching(/record: .* is not a file/),
      expect.stringMatching(/configuration: .* cannot be read: it is not a file/),
    ]);
    expect(seen.exitCode).toBe(1);
    for (const name of ['daemon.owner.json', 'soloist.yaml']) unlinkSync(join(home, name));
    configure(home, 'jobs: {}\n');
  });

  test.skipIf(!canMount())('(needs to mount) a folder of a job, and the home itself', async () => {
    home = await soundHome();
    const folder = temporaryFolder();
    cleanup = () => unmountSilent(folder);
    expect(mountSilent(folder)).toBe(true);
    configure(home, `jobs:\n  a: { run: "true", watch: { path: ${folder}/inbox }, cwd: / }\n`);
    expect(sentencesOf(await doctor(home), 'error')).toEqual([
      `environment: The folder ${folder}/inbox, which a names, does not answer.`,
    ]);
    const seen = await doctor(join(folder, 'home'));
    expect(sentencesOf(seen, 'error')).toContain(`home: The home ${join(folder, 'home')} does not answer.`);
  });
});

test.skipIf(!canMount())(
  '(needs to mount) a read-only file system: said, and nothing can be fixed',
  async () => {
    const sound = await soundHome();
    const folder = join(temporaryFolder(), 'home');
    mkdirSync(folder, { mode: 0o700 });
    execFileSync('mount', ['--bind', sound, folder]);
    cleanup = () => unmount(folder);
    execFileSync('mount', ['-o', 'remount,bind,ro', folder]);
    const seen = await doctor(folder);
    expect(sentencesOf(seen, 'error')).toContain(
      `permissions: You may not write to ${folder}: its file system is read-only.`,
    );
    expect(seen.exitCode).toBe(1);
  },
);

test.skipIf(!canMount())('(needs to mount) a full disk: said', async () => {
  home = join(temporaryFolder(), 'home');
  mkdirSync(home);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', home]);
  const mounted = home;
  cleanup = () => unmount(mounted);
  expect(sentencesOf(await doctor(home), 'error')).toEqual(['disk: The disk of the home is full.']);
});

describe('--report', () => {
  test('writes one file for this user only, without secrets, and never over another', async () => {
    home = await soundHome();
    const folder = temporaryFolder();
    configure(
      home,
      'jobs:\n  a:\n    run: "echo hello"\n    env: { WORD: HUNTER2, LONG: "HUNTER2 HUNTER2" }\n    cwd: /\n  b: { run: "curl -u me:HUNTER2 x", cwd: / }\n',
    );
    const line = { level: 50, time: Date.now(), msg: 'token=HUNTER2, and HUNTER2 HUNTER2' };
    writeFileSync(join(home, 'logs', 'stderr.log'), `${JSON.stringify(line)}\n`);
    const words = ['doctor', '--report'];
    const said = await soloist(home, words, { cwd: folder, environment: surroundings() });
    expect(said).toMatchObject({ exitCode: 0, stderr: '' });
    const file = /The report is in (\S+)\. /.exec(said.stdout)?.[1] ?? '';
    expect(file).toMatch(/soloist-report-\d{4}-\d\d-\d\d\.txt$/);
    expect(said.stdout).toContain('Read it before you attach it anywhere.');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const report = readFileSync(file, 'utf8');
    expect(report).not.toContain('HUNTER2');
    for (const part of ['== Findings ==', '"generation": 1', 'echo hello', 'history.sqlite', 'PATH', 'Node '])
      expect(report).toContain(part);
    const again = await soloist(home, words, { cwd: folder, environment: surroundings() });
    expect(again).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('there is something already'),
    });
    expect(readFileSync(file, 'utf8')).toBe(report);
  });

  test('of a home that is crashed, hung or not there', async () => {
    home = await soundHome();
    await must(home, ['up']);
    const folder = temporaryFolder();
    process.kill(ownerOf(home)?.pid ?? 0, 'SIGSTOP');
    expect(await doctor(home, ['--report', join(folder, 'hung')])).toMatchObject({ exitCode: 1 });
    await crash(home);
    expect(await doctor(home, ['--report', join(folder, 'crashed')])).toMatchObject({ exitCode: 1 });
    expect(await doctor(`${home}-gone`, ['--report', join(folder, 'gone')])).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(folder, 'hung'), 'utf8')).toContain('is suspended');
    expect(readFileSync(join(folder, 'crashed'), 'utf8')).toContain('is dead');
    expect(readFileSync(join(folder, 'gone'), 'utf8')).toContain('There is no home');
  });
});

test('its sources find the same as what was built', async () => {
  home = await soundHome();
  const sources = join(import.meta.dirname, '../../../main/cli.ts');
  const environment = { ...surroundings(), SOLOIST_HOME: home, SOLOIST_CONFIG: '' };
  const { stdout, exitCode } = await run(process.execPath, [sources, 'doctor'], { environment });
  expect({ exitCode, last: stdout.trim().split('\n').at(-1) }).toEqual({ exitCode: 0, last: 'All is well.' });
});
