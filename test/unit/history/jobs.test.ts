import { describe, expect, it } from 'vitest';
import { claimed, NOON, temporaryHistory } from './support.ts';

describe('the last due time of a job', () => {
  it('follows its claims, in whatever order they are made', () => {
    const history = temporaryHistory();
    for (const due of [NOON, NOON + 60, NOON + 30]) {
      claimed(history, { trigger: { kind: 'cron', due }, at: NOON + 90 });
    }
    claimed(history, { job: 'by hand' });
    expect(history.lastDue()).toEqual(new Map([['backup', NOON + 60]]));
  });

  it('can be set for many jobs, also back', () => {
    const history = temporaryHistory();
    claimed(history, { trigger: { kind: 'cron', due: NOON } });
    history.setLastDue(
      new Map([
        ['backup', NOON - 5],
        ['new', NOON],
      ]),
    );
    expect(history.lastDue()).toEqual(
      new Map([
        ['backup', NOON - 5],
        ['new', NOON],
      ]),
    );
  });

  it('comes back from a time ahead, which a wrong clock has left', () => {
    const history = temporaryHistory();
    const ahead = NOON + 1e12;
    claimed(history, { trigger: { kind: 'cron', due: ahead }, at: ahead });
    claimed(history, { trigger: { kind: 'cron', due: NOON }, at: NOON });
    expect(history.lastDue()).toEqual(new Map([['backup', NOON]]));
    // A clock that is set back a little is no wrong clock.
    claimed(history, { trigger: { kind: 'cron', due: NOON - 3_600_000 }, at: NOON - 3_600_000 });
    expect(history.lastDue()).toEqual(new Map([['backup', NOON]]));
  });

  it('does not move for a due time that was claimed before', () => {
    const history = temporaryHistory();
    const trigger = { kind: 'cron', due: NOON } as const;
    claimed(history, { trigger });
    history.setLastDue(new Map([['backup', NOON - 5]]));
    history.claim({ job: 'backup', trigger, attempt: 1, at: NOON });
    expect(history.lastDue()).toEqual(new Map([['backup', NOON - 5]]));
  });
});

describe('a paused job', () => {
  it('keeps who paused it first and since when, until it is resumed', () => {
    const history = temporaryHistory();
    expect(history.pause('backup', 'Ada', NOON)).toBe(true);
    expect(history.pause('backup', 'Bob', NOON + 5)).toBe(false);
    history.pause('another', 'Bob', NOON + 5);
    expect(history.paused()).toEqual([
      { job: 'another', by: 'Bob', since: NOON + 5 },
      { job: 'backup', by: 'Ada', since: NOON },
    ]);
    expect(history.resume('backup')).toBe(true);
    expect(history.resume('backup')).toBe(false);
    expect(history.resume('unheard of')).toBe(false);
    expect(history.paused().map(({ job }) => job)).toEqual(['another']);
  });
});
