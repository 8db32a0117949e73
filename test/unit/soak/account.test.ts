import { expect, test } from 'vitest';
import { accountFor, configurationFrom } from '../../soak/account.ts';

const content = 'timezone: UTC\njobs:\n  both: { run: "true", schedule: "*/10 * * * *", every: 15m }\n';
const job = configurationFrom(content, '/home/someone/soloist.yaml', '/home/someone').jobs.get('both');
if (job?.kind !== 'triggered') throw new Error('the job of this test is none');
const hour = Date.UTC(2026, 0, 1, 12);
const at = (minute: number): number => hour + minute * 60_000;
const firstSeen = {
  both: Object.fromEntries(job.triggers.map((trigger) => [JSON.stringify(trigger), hour])),
};
const ran = (minute: number) => ({ due: at(minute), reason: undefined });
const stretch = { after: hour, until: at(45) };

test('a due time without a run is missing, and a run without one is unasked', () => {
  const minutes = [10, 15, 20, 30, 40];
  expect(accountFor(job, firstSeen, [...minutes, 45].map(ran), stretch)).toEqual({
    due: 6,
    missing: [],
    unasked: [],
  });
  const account = accountFor(job, firstSeen, [...minutes, 21].map(ran), stretch);
  expect(account).toEqual({ due: 6, missing: [at(45)], unasked: [at(21)] });
});

test('a skipped run stands for the due times that it names', () => {
  const reason = `missed runs of this job are skipped (3 due times since ${new Date(at(15)).toISOString()})`;
  const account = accountFor(job, firstSeen, [ran(10), { due: at(30), reason }, ran(40)], stretch);
  expect(account.missing).toEqual([at(45)]);
});
