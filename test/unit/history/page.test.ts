import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History } from '../../../main/daemon/history/history.ts';
import { closeDatabase, openDatabase } from '../../../main/daemon/history/open.ts';
import {
  type PageFilter,
  parseCursor,
  SEARCH_LIMIT,
  windowQuery,
} from '../../../main/daemon/history/page.ts';
import {
  failedOutcomes,
  type Outcome,
  outcomeKinds,
  type Run,
  type Trigger,
} from '../../../main/daemon/history/run.ts';
import { bindings, claimed, NOON, options, SUCCESS, temporaryFolder, temporaryHistory } from './support.ts';

const JOBS = ['backup', 'Sync', 'übersicht'];

const OUTCOMES: readonly (Outcome | undefined)[] = [
  undefined,
  SUCCESS,
  { kind: 'failed', cause: { kind: 'exit', code: 1 } },
  { kind: 'failed', cause: { kind: 'not-started', reason: 'No such file' } },
  { kind: 'timed-out' },
  { kind: 'cancelled', reason: 'Replaced' },
  { kind: 'skipped', reason: 'Still running' },
  { kind: 'lost' },
];

const record = fc.record({
  job: fc.constantFrom(...JOBS),
  // Few different times, so that many runs share one; the clock also goes back.
  at: fc.integer({ min: NOON, max: NOON + 12 }),
  outcome: fc.constantFrom(...OUTCOMES),
  files: fc.option(fc.constantFrom(['a "quoted" file'], ['Ärger\\Über.TXT', 'x']), { nil: undefined }),
});

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const filter: fc.Arbitrary<PageFilter> = fc.record({
  job: optional(fc.constantFrom(...JOBS, 'nobody')),
  outcomes: optional(fc.array(fc.constantFrom(...outcomeKinds), { maxLength: 4 })),
  since: optional(fc.integer({ min: NOON - 1, max: NOON + 13 })),
  until: optional(fc.integer({ min: NOON - 1, max: NOON + 13 })),
  text: optional(fc.constantFrom('', 'SYNC', 'ÜBER', 'running', '"quoted"', '\\', 'absent')),
});

/** The filter again, in the plainest form. */
function isWanted(run: Run, { job, outcomes, since, until, text }: PageFilter): boolean {
  if (job !== undefined && run.job !== job) return false;
  if (outcomes !== undefined && !(run.state === 'ended' && outcomes.includes(run.outcome.kind))) return false;
  if (since !== undefined && run.queuedAt < since) return false;
  if (until !== undefined && run.queuedAt >= until) return false;
  return text === undefined || words(run).some((word) => word.toLowerCase().includes(text.toLowerCase()));
}

function words(run: Run): string[] {
  const found = [run.job];
  if (run.trigger.kind === 'watch') found.push(...run.trigger.files);
  if (run.state !== 'ended') return found;
  const { outcome } = run;
  if (outcome.kind === 'cancelled' || outcome.kind === 'skipped') found.push(outcome.reason);
  if (outcome.kind === 'failed' && outcome.cause.kind === 'not-started') found.push(outcome.cause.reason);
  return found;
}

function allPages(history: History, filter: PageFilter, limit: number): Run[] {
  const runs: Run[] = [];
  let cursor: string | undefined;
  do {
    const page = history.page(filter, cursor, limit);
    expect(page.runs.length).toBeLessThanOrEqual(limit);
    runs.push(...page.runs);
    if (runs.length > 10_000) throw new Error('the pages do not come to an end');
    cursor = page.next;
  } while (cursor !== undefined);
  return runs;
}

describe.each(bindings)('pages, read with $name', (sqlite) => {
  it('give every wanted run once, newest first, whatever the filter and the size', () => {
    let wanted = 0;
    const history = temporaryHistory({ sqlite });
    const known: Run[] = [];
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 4 }),
        filter,
        fc.integer({ min: 1, max: 9 }),
        (records, filter, limit) => {
          for (const { job, at, outcome, files } of records) {
            const trigger: Trigger = files === undefined ? { kind: 'person' } : { kind: 'watch', files };
            const { id } = claimed(history, { job, at, trigger });
            if (outcome !== undefined) history.ended(id, { at: at + 1, outcome });
            const run = history.find(id);
            if (run !== undefined) known.push(run);
          }
          const expected = known
            .filter((run) => isWanted(run, filter))
            .toSorted((one, other) => other.queuedAt - one.queuedAt || (other.id > one.id ? 1 : -1));
          wanted += expected.length;
          expect(allPages(history, filter, limit)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
    console.log(
      `pages with ${sqlite.name}: 300 filters over up to ${known.length} runs, ${wanted} runs wanted`,
    );
    expect(wanted).toBeGreaterThan(100);
  });
});

describe('a page', () => {
  it('says that nothing follows when it ends with the last run', () => {
    const history = temporaryHistory();
    for (let index = 0; index < 4; index++) claimed(history, { at: NOON + index });
    const first = history.page({}, undefined, 2);
    expect(first.next).toBeDefined();
    expect(history.page({}, first.next, 2).next).toBeUndefined();
    expect(history.page({}, undefined, 4).next).toBeUndefined();
    expect(history.page({}, undefined, 5).next).toBeUndefined();
  });

  it('does not shift when runs are added while a person pages', () => {
    const history = temporaryHistory();
    const ids = Array.from(
      { length: 6 },
      (_, index) => claimed(history, { at: NOON + index }).id,
    ).toReversed();
    const first = history.page({}, undefined, 3);
    claimed(history, { at: NOON + 99 });
    const second = history.page({}, first.next, 3);
    expect([...first.runs, ...second.runs].map(({ id }) => id)).toEqual(ids);
  });

  it('of a search may be empty and go on, until the one run that has the text', () => {
    const history = temporaryHistory();
    claimed(history, { job: 'needle', at: NOON - 1 });
    history.together(() => {
      for (let index = 0; index < SEARCH_LIMIT + 10; index++) claimed(history, { at: NOON + index });
    });
    const first = history.page({ text: 'needle' }, undefined, 5);
    expect(first).toMatchObject({ runs: [], next: expect.any(String) });
    expect(history.page({ text: 'needle' }, first.next, 5)).toMatchObject({
      runs: [{ job: 'needle' }],
      next: undefined,
    });
  });

  it.each(['', '1', 'a.b', '1.', '1.-2', '1.99999999999999999', "1.2'; DROP TABLE runs"])(
    'does not start at the cursor %j',
    (cursor) => {
      expect(() => parseCursor(cursor)).toThrow(expect.objectContaining({ code: 'invalid-cursor' }));
    },
  );

  it.each([0, -1, 1.5, Number.NaN])('does not have %d runs', (limit) => {
    expect(() => temporaryHistory().page({}, undefined, limit)).toThrow(RangeError);
  });

  it('is read from an index for every filter, without reading or sorting more than it returns', () => {
    const { database } = openDatabase(`${temporaryFolder()}/history.db`, options);
    const bounds = [
      [],
      ['since'],
      ['until'],
      ['since', 'until'],
      ['queued_at', 'id'],
      ['since', 'queued_at', 'id'],
    ];
    let plans = 0;
    for (const job of [[], ['job']]) {
      for (const bound of bounds) {
        for (const outcomes of [undefined, 1, failedOutcomes.length]) {
          const names = ['limit', ...job, ...bound];
          const values = Object.fromEntries(names.map((name) => [name, 1]));
          for (let index = 0; index < (outcomes ?? 0); index++) values[`outcome${index}`] = 1;
          const sql = `EXPLAIN QUERY PLAN ${windowQuery(new Set(names), outcomes)}`;
          const steps = database.all(sql, values).map((row) => String(row.detail));
          const reads = steps.filter((step) => /^(SCAN|SEARCH) runs/.test(step));
          // One look into an index per outcome, and one of the rows by their ids.
          expect(reads).toHaveLength(1 + (outcomes ?? 1));
          expect(reads.filter((step) => step.includes('USING INTEGER PRIMARY KEY (rowid=?)'))).toHaveLength(
            1,
          );
          const bounded = job.length + bound.length > 0 || outcomes !== undefined;
          for (const step of reads)
            expect(step).toMatch(bounded ? /^SEARCH/ : /^(SEARCH|SCAN runs USING COVERING INDEX)/);
          expect(steps.filter((step) => step.includes('TEMP B-TREE'))).toHaveLength(1);
          plans++;
        }
      }
    }
    closeDatabase(database);
    expect(plans).toBe(36);
  });
});

describe('the latest runs of many jobs', () => {
  it('are the last of each, newest first, without jobs that have none', () => {
    const history = temporaryHistory();
    for (let index = 0; index < 30; index++) claimed(history, { job: `job ${index % 3}`, at: NOON + index });
    history.pause('no run yet', 'Ada', NOON);
    const latest = history.latest(['job 0', 'job 2', 'no run yet', 'unheard of'], 2);
    expect([...latest].map(([job, runs]) => [job, runs.map(({ queuedAt }) => queuedAt - NOON)])).toEqual([
      ['job 0', [27, 24]],
      ['job 2', [29, 26]],
    ]);
  });

  it('can be those that ended, and are in the order of claims when the clock was wrong', () => {
    const history = temporaryHistory();
    for (const at of [NOON, NOON + 1e12, NOON + 1, NOON + 2]) {
      const { id } = claimed(history, { at });
      if (at !== NOON + 2) history.ended(id, { at, outcome: SUCCESS });
    }
    const times = (which: 'all' | 'ended') =>
      history
        .latest(['backup'], 2, which)
        .get('backup')
        ?.map(({ queuedAt }) => queuedAt - NOON);
    expect(times('all')).toEqual([2, 1]);
    expect(times('ended')).toEqual([1, 1e12]);
  });
});
