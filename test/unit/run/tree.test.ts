import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GUARD_NAME } from '../../../main/daemon/run/guard.ts';
import { runMark } from '../../../main/daemon/run/mark.ts';
import {
  parseLinuxMark,
  parseMacMark,
  type SeenProcess,
  shareLooks,
  systemLook,
} from '../../../main/daemon/run/processes.ts';
import { findTree, type TreeKey } from '../../../main/daemon/run/tree.ts';

const MARK = runMark('/home/someone/.soloist', '0mabc123');
const LEADER = { pid: 500, processStarted: '1000', bootId: 'boot', group: 500 };
const KEY: TreeKey = { mark: MARK, leader: LEADER, known: [] };

interface Description {
  readonly pid: number;
  readonly parent?: number;
  readonly group?: number;
  readonly session?: number;
  readonly started?: string;
  readonly mark?: string;
  readonly command?: string;
}

function seen({
  pid,
  parent = 1,
  group = pid,
  session = group,
  started = '2000',
  mark,
  command = 'x',
}: Description) {
  return {
    pid,
    parent,
    group,
    session,
    started,
    command: () => command,
    mark: () => mark,
  } satisfies SeenProcess;
}

const leader = seen({ pid: 500, parent: 40, group: 500, started: '1000', mark: MARK });
const guard = seen({
  pid: 502,
  group: 500,
  mark: MARK,
  command: `/bin/sh -c read ${GUARD_NAME} ${MARK} 0.300 x`,
});

function members(processes: readonly SeenProcess[], key = KEY, isHeld = false): number[] {
  return findTree(key, processes, isHeld).members.map((member) => member.pid);
}

describe('findTree', () => {
  it('finds the leader, its group, its session and what descends from them', () => {
    const processes = [
      seen({ pid: 510, parent: 500, group: 500, session: 500 }),
      seen({ pid: 511, parent: 1, group: 511, session: 500 }),
      seen({ pid: 512, parent: 510, group: 512 }),
      seen({ pid: 513, parent: 512, group: 513 }),
      leader,
      seen({ pid: 600, parent: 40, group: 600 }),
    ];
    expect(members(processes).toSorted()).toEqual([500, 510, 511, 512, 513]);
  });

  it('finds a process that moved away and lost its parent by its mark, and its children', () => {
    const processes = [seen({ pid: 700, mark: MARK }), seen({ pid: 701, parent: 700 })];
    expect(members(processes)).toEqual([700, 701]);
  });

  it('does not take the run of another home with the same id for its own', () => {
    expect(members([seen({ pid: 700, mark: runMark('/other/home', '0mabc123') })])).toEqual([]);
  });

  it('finds a process that moved away and cleared its environment only if it was known', () => {
    const processes = [seen({ pid: 700 })];
    const known = { pid: 700, processStarted: '2000', bootId: 'boot' };
    expect(members(processes)).toEqual([]);
    expect(members(processes, { ...KEY, known: [known] })).toEqual([700]);
    expect(members(processes, { ...KEY, known: [{ ...known, processStarted: '1999' }] })).toEqual([]);
  });

  it('leaves a stranger alone that was given the PID of the leader, and the group and session with it', () => {
    const processes = [
      seen({ pid: 500, parent: 1, started: '3000' }),
      seen({ pid: 520, parent: 500, group: 500, session: 500, started: '3001' }),
      seen({ pid: 521, parent: 1, group: 521, session: 500, started: '3002' }),
    ];
    expect(findTree(KEY, processes, false)).toEqual({ members: [], guards: [], isGroupHeld: false });
  });

  it('leaves a group alone whose leader and guard are gone, unless a member is proven to be of the run', () => {
    const unproven = seen({ pid: 530, group: 500, session: 500 });
    const proven = seen({ pid: 531, group: 500, session: 500, mark: MARK });
    expect(members([unproven])).toEqual([]);
    expect(members([unproven, proven])).toEqual([531, 530]);
    expect(members([unproven], KEY, true)).toEqual([530]);
    expect(members([unproven, guard])).toEqual([530]);
  });

  it('does not count the guard and its helpers among the members', () => {
    const helper = seen({ pid: 503, parent: 502, group: 500, command: 'sleep 0.300' });
    const tree = findTree(KEY, [leader, guard, helper], false);
    expect(tree.members).toEqual([leader]);
    expect(tree.guards).toEqual([guard, helper]);
    expect(findTree(KEY, [guard, helper], false)).toEqual({
      members: [],
      guards: [guard, helper],
      isGroupHeld: true,
    });
  });

  it('counts the leader that still waits at the gate as a member, though it is called like a guard', () => {
    const waiting = { ...leader, command: guard.command };
    expect(members([waiting])).toEqual([500]);
  });

  it('never contains this process or the first one', () => {
    const self = seen({ pid: process.pid, group: 500, session: 500, mark: MARK });
    const init = seen({ pid: 1, parent: 0, group: 500, mark: MARK });
    expect(members([leader, self, init])).toEqual([500]);
  });

  it('is the same in whatever order the processes are listed', () => {
    const processes = [
      leader,
      guard,
      seen({ pid: 510, parent: 500, group: 500, session: 500 }),
      seen({ pid: 512, parent: 510, group: 512 }),
      seen({ pid: 513, parent: 512, group: 513 }),
      seen({ pid: 514, parent: 513, group: 514 }),
      seen({ pid: 700, mark: MARK }),
      seen({ pid: 600, parent: 40 }),
    ];
    const inOrder = members(processes).toSorted();
    fc.assert(
      fc.property(fc.shuffledSubarray(processes, { minLength: processes.length }), (shuffled) => {
        expect(members(shuffled).toSorted()).toEqual(inOrder);
      }),
    );
  });
});

describe('marks', () => {
  it('differs by home and run, and none is the beginning of another', () => {
    const marks = ['/a', '/b'].flatMap((home) => ['0mabc123', '0mabc1234'].map((id) => runMark(home, id)));
    for (const one of marks)
      expect(
        marks.filter((other) => other.startsWith(one)),
        'marks that begin with this one',
      ).toEqual([one]);
    expect(runMark('/a', '0mabc123')).toBe(marks[0]);
  });

  it.each(['', 'a b', 'a.', '*'])('refuses the run id %j', (id) => {
    expect(() => runMark('/a', id)).toThrow();
  });

  it('is read from the environment of a Linux process', () => {
    expect(parseLinuxMark(`PATH=/bin\0SOLOIST_RUN_MARK=${MARK}\0HOME=/root\0`)).toBe(MARK);
    expect(parseLinuxMark(`X_SOLOIST_RUN_MARK=${MARK}\0`)).toBeUndefined();
    expect(parseLinuxMark(`TEXT=a SOLOIST_RUN_MARK=${MARK}\0`)).toBeUndefined();
    expect(parseLinuxMark('')).toBeUndefined();
  });

  it('is read from what `ps -E` prints on macOS', () => {
    const line = `/usr/local/bin/node job.js --flag PATH=/usr/bin:/bin SOLOIST_RUN_MARK=${MARK} HOME=/Users/me`;
    expect(parseMacMark(line)).toBe(MARK);
    expect(parseMacMark(`node job.js X_SOLOIST_RUN_MARK=${MARK}`)).toBeUndefined();
    expect(parseMacMark('/sbin/launchd')).toBeUndefined();
  });
});

describe('looks', () => {
  it('serve all who ask before they begin, one after the other', async () => {
    let begun = 0;
    let atOnce = 0;
    let most = 0;
    const look = shareLooks(async () => {
      begun++;
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 5));
      atOnce--;
      return [seen({ pid: begun })];
    });
    const first = [look(), look(), look()];
    expect((await Promise.all(first)).map(([one]) => one?.pid)).toEqual([1, 1, 1]);
    const second = look();
    await new Promise((resolve) => setTimeout(resolve, 3));
    // One that has begun may already have missed what is asked for now.
    const third = [look(), look()];
    expect((await second)[0]?.pid).toBe(2);
    expect((await Promise.all(third)).map(([one]) => one?.pid)).toEqual([3, 3]);
    expect(most).toBe(1);
  });

  it('go on after one that failed', async () => {
    let isBroken = true;
    const look = shareLooks(() => (isBroken ? Promise.reject(new Error('too busy')) : Promise.resolve([])));
    await expect(look()).rejects.toThrow('too busy');
    isBroken = false;
    expect(await look()).toEqual([]);
  });

  it('are refused where there are no process groups', async () => {
    await expect(systemLook('win32')()).rejects.toMatchObject({ code: 'platform_unsupported' });
  });
});
