import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HealthReport } from '../../../main/daemon/health/report.ts';
import { eventually, killOwner, soloist } from '../../support/command-line.ts';
import { Copies } from '../../support/copies.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/*
 * The failure that Soloist exists for: fourteen copies of a daemon script ran, and nobody counted them.
 */

let home: string;
let copies: Copies;
beforeEach(() => {
  home = join(temporaryFolder(), 'home');
  mkdirSync(home, { mode: 0o700 });
  copies = new Copies();
});
afterEach(async () => {
  await soloist(home, ['down', '--timeout', '2s']);
  killOwner(home);
});

const guardCheck = async (): Promise<HealthReport['checks'][number] | undefined> => {
  const { stdout } = await soloist(home, ['--json', 'health']);
  const report: HealthReport = JSON.parse(stdout).data;
  return report.checks.find(({ name }) => name === 'guard');
};

test.for(['oldest', 'newest'] as const)(
  'fourteen copies are counted, told, and ended but for the %s',
  async (keep) => {
    writeFileSync(
      join(home, 'soloist.yaml'),
      `guards:\n  notes-daemon: { match: "${copies.match}", max: 1, keep: ${keep} }\n`,
    );
    await soloist(home, ['up']);
    await eventually('the guard is in force', async () => (await guardCheck())?.verdict === 'ok');
    const pids = await copies.startMany(Array.from({ length: 14 }, () => []));
    const kept = keep === 'oldest' ? pids[0] : pids.at(-1);

    await eventually('they are counted', async () => (await guardCheck())?.verdict === 'error');
    const told = await guardCheck();
    expect(told).toMatchObject({
      subject: 'notes-daemon',
      sentence: expect.stringContaining('14 copies of notes-daemon run, and 1 may'),
      remedy: { kind: 'end-guarded', command: 'soloist guard end notes-daemon' },
    });
    const alerts = await soloist(home, ['alerts']);
    expect(alerts.stdout).toContain('14 copies of notes-daemon run, and 1 may.');

    const refused = await soloist(home, ['guard', 'end', 'notes-daemon']);
    expect(refused.exitCode).toBe(1);
    expect((await copies.living()).length).toBe(14);

    const ended = await soloist(home, ['guard', 'end', 'notes-daemon', '--yes']);
    expect([ended.exitCode, ended.stderr]).toEqual([0, '']);
    expect((await copies.living()).map(({ pid }) => pid)).toEqual([kept]);
    expect((await guardCheck())?.verdict).toBe('ok');
    expect((await soloist(home, ['alerts'])).stdout).toContain('No alerts');
  },
);
