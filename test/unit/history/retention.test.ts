import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History } from '../../../main/daemon/history/history.ts';
import type { RetentionPolicy } from '../../../main/daemon/history/retention.ts';
import { claimed, NOON, processes, SUCCESS, temporaryHistory } from './support.ts';

/** One ended run a minute, the first at noon, each with 10 bytes of output. */
function fill(history: History, count: number, job = 'backup'): string[] {
  return history.together(() =>
    Array.from({ length: count }, (_, index) => {
      const at = NOON + index * 60_000;
      const { id } = claimed(history, { job, at, trigger: { kind: 'cron', due: at } });
      history.started(id, { at, processes, outputFile: `${job}/${index}.log` });
      history.ended(id, { at: at + 1, outcome: SUCCESS, outputBytes: 10 });
      return id;
    }),
  );
}

function kept(history: History, job = 'backup'): number[] {
  const { runs } = history.page({ job }, undefined, 1_000);
  return runs.map(({ queuedAt }) => (queuedAt - NOON) / 60_000).toReversed();
}

function pruneWholly(history: History, policy: RetentionPolicy, now: number): string[] {
  const files: string[] = [];
  for (;;) {
    const pruned = history.prune('backup', policy, now);
    files.push(...pruned.outputFiles);
    if (!pruned.more) return files;
  }
}

describe('retention', () => {
  it('by count keeps the newest, and returns the outputs of the others', () => {
    const history = temporaryHistory();
    fill(history, 5);
    fill(history, 3, 'another');
    claimed(history, { at: NOON + 5 * 60_000 });
    const pruned = history.prune('backup', { runs: 4 }, NOON);
    expect(pruned).toEqual({ runs: 2, outputFiles: ['backup/0.log', 'backup/1.log'], more: false });
    expect(kept(history)).toEqual([2, 3, 4, 5]);
    expect(kept(history, 'another')).toEqual([0, 1, 2]);
  });

  it('by age removes runs queued before, to the millisecond', () => {
    const history = temporaryHistory();
    fill(history, 5);
    history.prune('backup', { ageMs: 60_000 }, NOON + 3 * 60_000);
    expect(kept(history)).toEqual([2, 3, 4]);
    history.prune('backup', { ageMs: 60_000 }, NOON + 3 * 60_000 + 1);
    expect(kept(history)).toEqual([3, 4]);
  });

  it('by size lets go of the oldest outputs and keeps their runs', () => {
    const history = temporaryHistory();
    const ids = fill(history, 5);
    const pruned = history.prune('backup', { outputBytes: 29 }, NOON);
    expect(pruned).toEqual({
      runs: 0,
      outputFiles: expect.arrayContaining(['backup/0.log', 'backup/1.log', 'backup/2.log']),
      more: false,
    });
    expect(kept(history)).toEqual([0, 1, 2, 3, 4]);
    expect(ids.map((id) => outputKind(history, id))).toEqual([
      'deleted',
      'deleted',
      'deleted',
      'kept',
      'kept',
    ]);
    expect(history.prune('backup', { outputBytes: 29 }, NOON).outputFiles).toEqual([]);
  });

  it('always keeps the newest ended run with its output, and what has not ended', () => {
    const history = temporaryHistory();
    const waiting = claimed(history, { at: NOON - 1 });
    const [, , newest] = fill(history, 3);
    expect(newest).toBeDefined();
    history.prune('backup', { runs: 0, ageMs: 0, outputBytes: 0 }, NOON + 1e9);
    expect(history.page({}, undefined, 10).runs.map(({ id }) => id)).toEqual([newest, waiting.id]);
    expect(outputKind(history, newest ?? '')).toBe('kept');
  });

  it('takes several calls for many runs, oldest first, and says so', () => {
    const history = temporaryHistory();
    fill(history, 450);
    expect(history.prune('backup', { runs: 10 }, NOON)).toMatchObject({ runs: 200, more: true });
    expect(kept(history)[0]).toBe(200);
    pruneWholly(history, { runs: 10 }, NOON);
    expect(kept(history)).toEqual(Array.from({ length: 10 }, (_, index) => 440 + index));
  });

  it('holds count and age together, whichever cuts more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 12 }), (runs, minutes) => {
        const history = temporaryHistory();
        fill(history, 10);
        const now = NOON + 10 * 60_000;
        const files = pruneWholly(history, { runs, ageMs: minutes * 60_000 }, now);
        const expected = Array.from({ length: 10 }, (_, index) => index).filter(
          (index) => index === 9 || (index >= 10 - runs && index >= 10 - minutes),
        );
        expect(kept(history)).toEqual(expected);
        expect(files).toHaveLength(10 - expected.length);
      }),
      { numRuns: 30 },
    );
  });

  it('does not let a due time run again whose run it removed', () => {
    const history = temporaryHistory();
    fill(history, 5);
    history.prune('backup', { runs: 2 }, NOON + 300_000);
    const again = (minute: number, attempt: number) =>
      history.claim({
        job: 'backup',
        trigger: { kind: 'cron', due: NOON + minute * 60_000 },
        attempt,
        at: NOON + 3_600_000,
      }).kind;
    expect(again(0, 1)).toBe('already-claimed');
    expect(again(2, 1)).toBe('already-claimed');
    expect(again(4, 1)).toBe('already-claimed');
    expect(again(5, 1)).toBe('claimed');
    // A retry belongs to an attempt that was seen to fail, however soon its run was removed.
    expect(again(2, 2)).toBe('claimed');
  });

  it.each(['after each run', 'at the end'])(
    'pruned %s does not keep a job from running because the clock was once years ahead',
    (when) => {
      const history = temporaryHistory();
      const ahead = NOON + 1e12;
      for (const at of [ahead, ahead + 1, NOON, NOON + 1, NOON + 2]) {
        const { id } = claimed(history, { at, trigger: { kind: 'cron', due: at } });
        history.ended(id, { at, outcome: SUCCESS });
        if (when === 'after each run') history.prune('backup', { runs: 1 }, at);
      }
      history.prune('backup', { runs: 1 }, NOON + 3);
      expect(history.page({}, undefined, 10).runs.map(({ queuedAt }) => queuedAt)).toEqual([NOON + 2]);
      const again = {
        job: 'backup',
        trigger: { kind: 'cron', due: NOON },
        attempt: 1,
        at: NOON + 9,
      } as const;
      expect(history.claim(again).kind).toBe('already-claimed');
    },
  );

  it('lists outputs to delete until they are reported deleted', () => {
    const history = temporaryHistory();
    fill(history, 4);
    history.prune('backup', { runs: 1 }, NOON);
    expect(history.releasedOutputs()).toEqual(['backup/0.log', 'backup/1.log', 'backup/2.log']);
    history.outputsDeleted(['backup/0.log', 'backup/2.log', 'unheard of']);
    expect(history.releasedOutputs()).toEqual(['backup/1.log']);
  });

  it('of a job that is not known does nothing', () => {
    expect(temporaryHistory().prune('unheard of', { runs: 0 }, NOON)).toEqual({
      runs: 0,
      outputFiles: [],
      more: false,
    });
  });
});

function outputKind(history: History, id: string): string | undefined {
  const run = history.find(id);
  return run?.state === 'ended' ? run.execution?.output?.kind : undefined;
}
