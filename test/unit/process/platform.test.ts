import { describe, expect, it } from 'vitest';
import {
  parseLinuxStat,
  parseMacList,
  parseMacState,
  parseMacStates,
  parseWindowsBootId,
  parseWindowsList,
} from '../../../main/daemon/process/platform.ts';

/** A line of /proc/PID/stat as Linux 6 writes it, with this name and state. */
function statLine(pid: number, name: string, state: string): string {
  return (
    `${pid} (${name}) ${state} 1201 4242 4000 34816 4242 4194304 1216 2030 3 0 17 5 21 9 20 0 1 0 ` +
    '286106 2990080 456 18446744073709551615 94218 94310 140722 0 0 0 0 4096 65536 1 0 0 17 1 0 0 0 0 0 ' +
    '94325 94330 94400 140722 140730 140730 140735 0\n'
  );
}

describe('parseLinuxStat', () => {
  const expected = { parent: 1201, group: 4242, session: 4000, started: '286106' };

  it.each(['sh', 'Web Content', 'a) R 1 1 1 (b', '((sd-pam))', ') S 7 7 7', 'two\nlines', ''])(
    'reads a process called %j',
    (name) => {
      expect(parseLinuxStat(statLine(4242, name, 'S'))).toEqual({ ...expected, name });
    },
  );

  it.each(['R', 'S', 'D', 'T', 't', 'I'])('takes state %s for living', (state) => {
    expect(parseLinuxStat(statLine(4242, 'sh', state))).toEqual({ ...expected, name: 'sh' });
  });

  it.each(['Z', 'X', 'x'])('takes state %s for dead', (state) => {
    expect(parseLinuxStat(statLine(4242, 'sh', state))).toBeUndefined();
  });

  it('takes a zombie with a misleading name for dead', () => {
    expect(parseLinuxStat(statLine(4242, 'x) R 1', 'Z'))).toBeUndefined();
  });

  it.each(['', '4242', '4242 (sh', '4242 sh) S 1 2 3', '4242 (sh) S 1201 4242 4000 0'])(
    'refuses %j',
    (text) => {
      expect(parseLinuxStat(text)).toBeUndefined();
    },
  );
});

describe('macOS ps', () => {
  it.each([
    ['Ss   Tue Nov 18 09:14:02 2025    \n', 'Tue Nov 18 09:14:02 2025'],
    ['S+   Mon Jan  5 23:59:59 2026\n', 'Mon Jan 5 23:59:59 2026'],
    ['R    Sun Feb 29 00:00:00 2032\n', 'Sun Feb 29 00:00:00 2032'],
    ['?Es  Sun Feb  1 00:00:00 2026\n', 'Sun Feb 1 00:00:00 2026'],
  ])('reads the state and start time %j', (text, started) => {
    expect(parseMacState(text)).toBe(started);
  });

  it.each(['Z    Tue Nov 18 09:14:02 2025\n', 'Z+   Tue Nov 18 09:14:02 2025\n', '', '\n', 'S\n'])(
    'finds no living process in %j',
    (text) => {
      expect(parseMacState(text)).toBeUndefined();
    },
  );

  it('reads the states of several processes, without the zombies', () => {
    const text = [
      '    1 Ss   Tue Nov 18 09:12:40 2025    ',
      '  512 Z    Tue Nov 18 09:13:00 2025    ',
      '71234 S+   Tue Nov  4 10:00:00 2025    ',
      '',
    ].join('\n');
    expect([...parseMacStates(text)]).toEqual([
      [1, 'Tue Nov 18 09:12:40 2025'],
      [71234, 'Tue Nov 4 10:00:00 2025'],
    ]);
  });

  it('reads the process list', () => {
    const text = [
      '    1     0     1 Ss   Tue Nov 18 09:12:40 2025     /sbin/launchd',
      '  345     1   345 S    Tue Nov 18 09:13:01 2025     /Applications/My App.app/Contents/MacOS/My App --flag  x',
      '  346   345   345 Z    Tue Nov 18 09:13:02 2025     (My App Helper)',
      '99999   345   345 S+   Mon Jan  5 00:00:00 2026     /bin/sh -c echo Mon Jan 5 00:00:00 2026; sleep 1',
      '  400     1   400 Us   Tue Nov 18 09:13:03 2025     ',
      '  401     1   401 Us   Tue Nov 18 09:13:03 2025',
      '',
    ].join('\n');
    expect(parseMacList(text)).toEqual([
      {
        pid: 1,
        parent: 0,
        group: 1,
        started: 'Tue Nov 18 09:12:40 2025',
        command: '/sbin/launchd',
      },
      {
        pid: 345,
        parent: 1,
        group: 345,
        started: 'Tue Nov 18 09:13:01 2025',
        command: '/Applications/My App.app/Contents/MacOS/My App --flag  x',
      },
      {
        pid: 99999,
        parent: 345,
        group: 345,
        started: 'Mon Jan 5 00:00:00 2026',
        command: '/bin/sh -c echo Mon Jan 5 00:00:00 2026; sleep 1',
      },
      { pid: 400, parent: 1, group: 400, started: 'Tue Nov 18 09:13:03 2025', command: '' },
      { pid: 401, parent: 1, group: 401, started: 'Tue Nov 18 09:13:03 2025', command: '' },
    ]);
  });

  it('gives one start time for one process, whichever way it is asked for', () => {
    const fromState = parseMacState('S    Mon Jan  5 23:59:59 2026    \n');
    const [listed] = parseMacList('  7     1     7 S    Mon Jan  5 23:59:59 2026     /bin/cat\n');
    expect(listed?.started).toBe(fromState);
    expect(parseMacStates('  7 S    Mon Jan  5 23:59:59 2026\n').get(7)).toBe(fromState);
  });
});

describe('Windows', () => {
  it('reads the boot number', () => {
    const text =
      '\r\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management\\PrefetchParameters\r\n' +
      '    BootId    REG_DWORD    0x11a\r\n\r\n';
    expect(parseWindowsBootId(text)).toBe('0x11a');
  });

  it('finds no boot number where there is none', () => {
    expect(
      parseWindowsBootId('ERROR: The system was unable to find the specified registry key.'),
    ).toBeUndefined();
  });

  it('reads the process list', () => {
    const text = [
      '4\t0\t133765432100000000\t',
      '4321\t812\t133765432109876543\t"C:\\Program Files\\Soloist\\Soloist.exe" --hidden\tquoted',
      '4322\t4321\t\tcmd.exe',
      'Get-CimInstance : Access denied',
      '',
    ].join('\r\n');
    expect(parseWindowsList(text)).toEqual([
      { pid: 4, parent: 0, group: 0, started: '133765432100000000', command: '' },
      {
        pid: 4321,
        parent: 812,
        group: 0,
        started: '133765432109876543',
        command: '"C:\\Program Files\\Soloist\\Soloist.exe" --hidden\tquoted',
      },
    ]);
  });
});
