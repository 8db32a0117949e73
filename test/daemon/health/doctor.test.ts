import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { ownerOf, soloist } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { brokenHomes } from './broken-homes.ts';
import {
  canMount,
  configure,
  differences,
  doctor,
  mountSilent,
  must,
  snapshot,
  soundHome,
  surroundings,
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

describe('broken homes', () => {
  test('are at least twenty', () => expect(brokenHomes.length).toBeGreaterThanOrEqual(20));

  test.for(brokenHomes.map((broken) => [broken.name, broken] as const))('%s', async ([, broken]) => {
    home = await soundHome();
    const made = await broken.make(home);
    cleanup = made?.cleanup;
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

describe('a home in order', () => {
  test('is well with its daemon running, and without, and no daemon is started', async () => {
    home = await soundHome();
    const before = snapshot(home);
    const stopped = await doctor(home);
    expect(stopped.findings.filter(({ verdict }) => verdict === 'error')).toEqual([]);
    expect([stopped.exitCode, stopped.verdict]).toEqual([0, 'ok']);
    expect(differences(before, snapshot(home))).toEqual([]);
    expect(ownerOf(home)?.endedAt).not.toBe(null);
    await must(home, ['up']);
    const running = await doctor(home);
    expect([running.exitCode, running.verdict]).toEqual([0, 'ok']);
    expect((await soloist(home, ['down'])).exitCode).toBe(0);
  });

  test('is told in words, each with what it means', async () => {
    home = await soundHome();
    const { stdout, exitCode } = await soloist(home, ['doctor'], { environment: surroundings() });
    expect(exitCode).toBe(0);
    for (const word of ['home', 'lock', 'record', 'socket', 'history', 'configuration', 'versions'])
      expect(stdout).toContain(word);
  });
});

test('a folder whose disk does not answer holds nothing up', async ({ skip }) => {
  if (!canMount()) return skip('this user cannot mount file systems');
  home = await soundHome();
  const folder = temporaryFolder();
  if (!mountSilent(folder)) return skip('this system has no FUSE');
  cleanup = () => unmountSilent(folder);
  configure(home, `jobs:\n  there: { run: "true", cwd: ${folder}, watch: ${folder} }\n`);
  const seen = await doctor(home);
  expect(seen.findings.length).toBeGreaterThan(5);
});

describe('a report', () => {
  test('is one file for this user alone, without secrets, and overwrites nothing', async () => {
    home = await soundHome();
    configure(
      home,
      'jobs:\n  hello: { run: "curl -H \'Authorization: Bearer abc123SECRET\' https://ada:PASSWORD1@example.com", env: { TOKEN: "VALUE-OF-TOKEN" } }\n',
    );
    const file = join(temporaryFolder(), 'report.txt');
    const said = await soloist(home, ['doctor', '--report', file], { environment: surroundings() });
    expect(said.exitCode).toBe(0);
    expect(said.stdout).toContain(file);
    const text = readFileSync(file, 'utf8');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const secret of ['abc123SECRET', 'PASSWORD1', 'VALUE-OF-TOKEN']) expect(text).not.toContain(secret);
    expect(text).toContain('hello');
    writeFileSync(file, 'mine');
    const again = await soloist(home, ['doctor', '--report', file], { environment: surroundings() });
    expect([again.exitCode, again.stderr]).toEqual([
      1,
      expect.stringContaining('there is something already'),
    ]);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});
