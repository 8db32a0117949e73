import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
  unmount,
  unmountSilent,
} from './support.ts';

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
