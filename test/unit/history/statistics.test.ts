import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../main/daemon/history/run.ts';
import { summarise } from '../../../main/daemon/history/statistics.ts';
import { claimed, NOON, processes, SUCCESS, temporaryHistory } from './support.ts';

describe('summarise', () => {
  it('tells nothing of nothing', () => {
    expect(summarise([])).toBeUndefined();
  });

  it('gives nearest-rank percentiles, whatever the order', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(summarise(values)).toEqual({ p50: 50, p90: 90, p99: 99, longest: 100 });
    expect(summarise([7])).toEqual({ p50: 7, p90: 7, p99: 7, longest: 7 });
  });
});

describe('statistics of a job', () => {
  it('count the last ended runs only, and time those that ended by themselves', () => {
    const history = temporaryHistory();
    const run = (index: number, outcome: Outcome, durationMs: number | undefined, job = 'backup'): void => {
      const at = NOON + index;
      const { id } = claimed(history, { at, job });
      if (durationMs !== undefined) history.started(id, { at, processes, outputFile: undefined });
      history.ended(id, { at: at + (durationMs ?? 0), outcome });
    };
    run(0, SUCCESS, 999_999); // too long ago
    run(1, SUCCESS, 100);
    run(2, { kind: 'failed', cause: { kind: 'exit', code: 1 } }, 300);
    run(3, { kind: 'failed', cause: { kind: 'not-started', reason: 'no such file' } }, undefined);
    run(4, { kind: 'timed-out' }, 5_000);
    run(5, { kind: 'skipped', reason: 'overlap' }, undefined);
    run(6, { kind: 'cancelled', reason: 'by a person' }, 7_000);
    run(7, { kind: 'lost' }, 8_000);
    run(8, SUCCESS, -50); // the clock was set back
    run(9, SUCCESS, 1, 'another job');
    claimed(history, { at: NOON + 10 }); // still queued
    expect(history.statistics('backup', 8)).toEqual({
      runs: 8,
      outcomes: { succeeded: 2, failed: 2, 'timed-out': 1, cancelled: 1, skipped: 1, lost: 1 },
      durations: { p50: 100, p90: 300, p99: 300, longest: 300 },
    });
  });

  it('of a job without runs are empty', () => {
    const { runs, durations } = temporaryHistory().statistics('unheard of', 100);
    expect({ runs, durations }).toEqual({ runs: 0, durations: undefined });
  });
});
