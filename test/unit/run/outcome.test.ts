import { describe, expect, it } from 'vitest';
import { SoloistError } from '../../../main/daemon/errors.ts';
import { judge } from '../../../main/daemon/run/outcome.ts';
import { notStarted } from '../../../main/daemon/run/run.ts';

describe('judge', () => {
  it('takes the codes of the job for success, and 0 only if it is among them', () => {
    expect(judge(undefined, { kind: 'exit', code: 0 }, [0])).toEqual({ kind: 'succeeded', exitCode: 0 });
    expect(judge(undefined, { kind: 'exit', code: 24 }, [0, 24])).toEqual({
      kind: 'succeeded',
      exitCode: 24,
    });
    expect(judge(undefined, { kind: 'exit', code: 0 }, [24])).toEqual({
      kind: 'failed',
      cause: { kind: 'exit', code: 0 },
    });
  });

  it('tells a signal from an exit code', () => {
    expect(judge(undefined, { kind: 'signal', signal: 'SIGTERM' }, [0, 143])).toEqual({
      kind: 'failed',
      cause: { kind: 'signal', signal: 'SIGTERM' },
    });
    expect(judge(undefined, { kind: 'exit', code: 143 }, [0])).toEqual({
      kind: 'failed',
      cause: { kind: 'exit', code: 143 },
    });
  });

  it('names what the daemon ended a run for, however the process then ended', () => {
    expect(judge({ kind: 'timed-out' }, { kind: 'exit', code: 0 }, [0])).toEqual({ kind: 'timed-out' });
    expect(judge({ kind: 'cancelled', reason: 'a person' }, undefined, [0])).toEqual({
      kind: 'cancelled',
      reason: 'a person',
    });
  });

  it('has an outcome for a command that could not start', () => {
    expect(notStarted(new SoloistError({ code: 'program_missing', message: 'There is none.' }))).toEqual({
      kind: 'failed',
      cause: { kind: 'not-started', reason: 'There is none.' },
    });
  });
});
