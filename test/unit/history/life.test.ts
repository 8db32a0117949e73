import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome, Run, RunProcess, Trigger } from '../../../main/daemon/history/run.ts';
import { bindings, claimed, NOON, process, processes, SUCCESS, temporaryHistory } from './support.ts';

const time = fc.integer({ min: 0, max: 8_640_000_000_000 });
// Any characters, also quotes, NUL and emoji; lone surrogates are no text that UTF-8 could hold.
const text = fc.string({ unit: 'grapheme' });
const exitCode = fc.integer({ min: 0, max: 0xffff_ffff });

const trigger: fc.Arbitrary<Trigger> = fc.oneof(
  fc.record({ kind: fc.constantFrom('cron' as const, 'every' as const, 'at' as const), due: time }),
  fc.record({ kind: fc.constant('watch' as const), files: fc.array(text) }),
  fc.record({ kind: fc.constant('after' as const), run: fc.constantFrom('mi3v9k2a', '00000000') }),
  fc.record({ kind: fc.constantFrom('start' as const, 'person' as const, 'service' as const) }),
);

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ kind: fc.constant('succeeded' as const), exitCode }),
  fc.record({
    kind: fc.constant('failed' as const),
    cause: fc.oneof(
      fc.record({ kind: fc.constant('exit' as const), code: exitCode }),
      fc.record({ kind: fc.constant('signal' as const), signal: fc.constantFrom('SIGKILL', 'SIGSEGV') }),
      fc.record({ kind: fc.constant('not-started' as const), reason: text }),
    ),
  }),
  fc.record({ kind: fc.constantFrom('timed-out' as const, 'lost' as const) }),
  fc.record({ kind: fc.constantFrom('cancelled' as const, 'skipped' as const), reason: text }),
);

const someProcess: fc.Arbitrary<RunProcess> = fc.record({
  pid: fc.integer({ min: 1, max: 0xffff_ffff }),
  processStarted: text,
  bootId: fc.constant('3f0c1f6e-6a0e-4f8e-9a57-1d2b8c9e0a11'),
  group: fc.nat(),
});

const someProcesses = fc.oneof(
  fc.record({ shell: someProcess, child: fc.option(someProcess, { nil: undefined }) }),
  fc.record({ shell: fc.constant(undefined), child: someProcess }),
);

const start = fc.record({
  at: time,
  processes: someProcesses,
  outputFile: fc.option(text, { nil: undefined }),
});

const usage = fc.record({
  cpuMs: fc.option(fc.nat(), { nil: undefined }),
  peakMemoryBytes: fc.option(fc.maxSafeNat(), { nil: undefined }),
});

describe.each(bindings)('a run, kept with $name', (sqlite) => {
  it('comes back as it was recorded, in each of its states', () => {
    const history = temporaryHistory({ sqlite });
    const seen = new Set<string>();
    const life = fc.record({
      trigger,
      at: time,
      start: fc.option(start, { nil: undefined }),
      end: fc.option(fc.record({ at: time, outcome, outputBytes: fc.maxSafeNat(), usage }), {
        nil: undefined,
      }),
    });
    let job = 0;
    fc.assert(
      fc.property(life, ({ trigger, at, start, end }) => {
        const run = claimed(history, { job: `job ${job++}`, trigger, at, attempt: 3 });
        if (start !== undefined) history.started(run.id, start);
        if (end !== undefined) expect(history.ended(run.id, end)).toBe(true);

        const { state: _, ...facts } = run;
        const file = start?.outputFile;
        const output = file === undefined ? undefined : { kind: 'kept', file, bytes: end?.outputBytes ?? 0 };
        const execution = start && { startedAt: start.at, processes: start.processes, output };
        const expected =
          end !== undefined
            ? {
                ...facts,
                state: 'ended',
                endedAt: end.at,
                outcome: end.outcome,
                execution: execution && {
                  ...execution,
                  // A size is recorded at the end even for an output that was kept nowhere.
                  output: output ?? { kind: 'deleted', bytes: end.outputBytes },
                  usage: end.usage,
                },
              }
            : execution !== undefined
              ? { ...facts, state: 'running', execution }
              : { ...facts, state: 'queued' };
        const found = history.find(run.id);
        expect(found).toEqual(expected);
        seen.add(`${found?.state} ${found?.state === 'ended' ? found.outcome.kind : ''}`);
      }),
      { numRuns: 1_000 },
    );
    expect(seen.size).toBe(8);
  });

  it('is claimed once per due time and attempt, and the claim says whose it is', () => {
    const history = temporaryHistory({ sqlite });
    const trigger: Trigger = { kind: 'cron', due: NOON };
    const first = claimed(history, { trigger });
    expect(history.claim({ job: 'backup', trigger, attempt: 1, at: NOON + 5 })).toEqual({
      kind: 'already-claimed',
      existing: first.id,
    });
    // Another kind of trigger of the job that is due at the same time is the same due time.
    const every: Trigger = { kind: 'every', due: NOON };
    expect(history.claim({ job: 'backup', trigger: every, attempt: 1, at: NOON })).toMatchObject({
      kind: 'already-claimed',
    });
    claimed(history, { trigger, attempt: 2 });
    claimed(history, { trigger, job: 'another' });
    claimed(history, { trigger: { kind: 'cron', due: NOON + 1 } });
    claimed(history, {});
    claimed(history, {});
  });

  it('is claimed together with others in one transaction, in the order given', () => {
    const history = temporaryHistory({ sqlite });
    claimed(history, { job: 'job 7', trigger: { kind: 'cron', due: NOON } });
    const results = history.claimAll(
      Array.from({ length: 200 }, (_, index) => ({
        job: `job ${index}`,
        trigger: { kind: 'cron' as const, due: NOON },
        attempt: 1,
        at: NOON,
      })),
    );
    expect(results.map((result) => (result.kind === 'claimed' ? result.run.job : result.kind))).toEqual(
      Array.from({ length: 200 }, (_, index) => (index === 7 ? 'already-claimed' : `job ${index}`)),
    );
    const ids = results.flatMap((result) => (result.kind === 'claimed' ? [result.run.id] : []));
    expect(ids).toEqual([...new Set(ids)].toSorted());
    expect(history.claimAll([])).toEqual([]);
  });

  it('has the id that was reserved for it, and nobody else gets that meanwhile', () => {
    const history = temporaryHistory({ sqlite });
    const [first, second] = [history.reserve(NOON), history.reserve(NOON)];
    const other = claimed(history, { job: 'another' });
    expect(claimed(history, { trigger: { kind: 'cron', due: NOON }, id: second }).id).toBe(second);
    expect([first, second, other.id]).toEqual([...new Set([first, second, other.id])].toSorted());
    // What is reserved and never claimed leaves nothing, and one that somebody has taken is no obstacle.
    const late: Trigger = { kind: 'cron', due: NOON + 1 };
    const { id } = claimed(history, { trigger: late, id: second });
    expect([first, second, other.id]).not.toContain(id);
    expect(history.claim({ job: 'backup', trigger: late, attempt: 1, at: NOON, id: second })).toEqual({
      kind: 'already-claimed',
      existing: id,
    });
    expect(history.page({}, undefined, 10).runs.length).toBe(3);
  });
});

describe('the states of a run', () => {
  it('go from queued to running to ended, never back and never twice', () => {
    const history = temporaryHistory();
    const { id } = claimed(history);
    const start = { at: NOON, processes, outputFile: undefined };
    expect(() => history.identified(id, processes)).toThrow('not running');
    history.started(id, start);
    expect(() => history.started(id, start)).toThrow('not queued');
    expect(history.ended(id, { at: NOON + 9, outcome: SUCCESS })).toBe(true);
    expect(history.ended(id, { at: NOON + 10, outcome: { kind: 'timed-out' } })).toBe(false);
    expect(history.find(id)).toMatchObject({ state: 'ended', endedAt: NOON + 9, outcome: SUCCESS });
    expect(() => history.started(id, start)).toThrow('not queued');
    expect(() => history.identified(id, processes)).toThrow('not running');
  });

  it('take the child in once it is known', () => {
    const history = temporaryHistory();
    const { id } = claimed(history);
    history.started(id, { at: NOON, processes, outputFile: undefined });
    const both = { shell: process(4242), child: { ...process(4243), group: 4242 } };
    history.identified(id, both);
    expect((history.find(id) as Run & { state: 'running' }).execution.processes).toEqual(both);
  });

  it('refuse a start without any process, or with processes of two boots', () => {
    const history = temporaryHistory();
    const { id } = claimed(history);
    const start = { at: NOON, outputFile: undefined };
    const nobody = { shell: undefined, child: undefined };
    expect(() => history.started(id, { ...start, processes: nobody })).toThrow('a shell, a child or both');
    const mixed = { shell: process(1), child: { ...process(2), bootId: 'another' } };
    expect(() => history.started(id, { ...start, processes: mixed })).toThrow('different boots');
    expect(history.find(id)?.state).toBe('queued');
  });

  it('refuse what is no id', () => {
    const history = temporaryHistory();
    expect(() => history.ended('backup', { at: NOON, outcome: SUCCESS })).toThrow('not the id of a run');
    expect(history.find('backup')).toBeUndefined();
    expect(history.find('zzzzzzzz')).toBeUndefined();
  });
});

describe('a skipped due time', () => {
  it('is one ended run with its reason, and cannot run any more', () => {
    const history = temporaryHistory();
    const claim = { job: 'backup', trigger: { kind: 'cron', due: NOON }, attempt: 1, at: NOON } as const;
    expect(history.skipped(claim, 'still running')).toMatchObject({ kind: 'claimed' });
    expect(history.claim(claim)).toMatchObject({ kind: 'already-claimed' });
    expect(history.skipped(claim, 'again')).toMatchObject({ kind: 'already-claimed' });
    expect(history.page({}, undefined, 10).runs).toMatchObject([
      { state: 'ended', outcome: { kind: 'skipped', reason: 'still running' }, execution: undefined },
    ]);
  });
});

describe('what a daemon that died left', () => {
  it('is unfinished until it is marked lost, and what had ended stays as it ended', () => {
    const history = temporaryHistory();
    const running = claimed(history, { at: NOON });
    const ended = claimed(history, { at: NOON + 1 });
    const queued = claimed(history, { at: NOON + 2 });
    history.started(running.id, { at: NOON, processes, outputFile: 'output/1.log' });
    history.ended(ended.id, { at: NOON, outcome: SUCCESS });
    expect(history.unfinished().map(({ id, state }) => [id, state])).toEqual([
      [running.id, 'running'],
      [queued.id, 'queued'],
    ]);
    expect(history.markLost([running.id, ended.id, queued.id], NOON + 60)).toBe(2);
    expect(history.unfinished()).toEqual([]);
    expect(history.find(running.id)).toMatchObject({ outcome: { kind: 'lost' }, endedAt: NOON + 60 });
    expect(history.find(ended.id)).toMatchObject({ outcome: SUCCESS });
  });
});

describe('calls made together', () => {
  it('hold all or not at all', () => {
    const history = temporaryHistory();
    expect(() =>
      history.together(() => {
        claimed(history, { job: 'new here' });
        history.pause('new here', 'Ada', NOON);
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(history.jobs()).toEqual([]);
    expect(history.page({}, undefined, 10).runs).toEqual([]);
    // What was learned inside is not remembered either.
    claimed(history, { job: 'new here' });
    expect(history.jobs()).toEqual(['new here']);
  });

  it('are refused when they would go on after the transaction', () => {
    const history = temporaryHistory();
    expect(() => history.together(async () => claimed(history))).toThrow('cannot wait');
    expect(history.page({}, undefined, 10).runs).toEqual([]);
  });

  it('do not hold in part when one of them failed and its error was caught', () => {
    const history = temporaryHistory();
    expect(() =>
      history.together(() => {
        claimed(history);
        try {
          claimed(history, { at: 0.5 });
        } catch {
          // Caught, as a careless caller might.
        }
        claimed(history);
      }),
    ).toThrow();
    expect(history.page({}, undefined, 10).runs).toEqual([]);
    claimed(history);
  });
});
