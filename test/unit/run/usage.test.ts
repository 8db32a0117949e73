import { describe, expect, it } from 'vitest';
import { parseLinuxCpuMs, parseLinuxPeakBytes } from '../../../main/daemon/run/usage.ts';

const STAT =
  '29420 (a) b (c) Z 29400 29420 29420 0 -1 4194304 112 2030 0 0 31 2 400 17 20 0 1 0 286108 0 0 ' +
  '18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n';

describe('usage on Linux', () => {
  it('adds a process and the children it has waited for, a zombie too', () => {
    expect(parseLinuxCpuMs(STAT)).toBe(4_500);
  });

  it('does not guess from a text that is none', () => {
    expect(parseLinuxCpuMs('')).toBeUndefined();
    expect(parseLinuxCpuMs('1 (sh) S 1 2')).toBeUndefined();
  });

  it('reads the peak memory, which a process that is ending has lost', () => {
    expect(
      parseLinuxPeakBytes('Name:\tsh\nVmPeak:\t    9000 kB\nVmHWM:\t    1716 kB\nVmRSS:\t    10 kB\n'),
    ).toBe(1716 * 1024);
    expect(parseLinuxPeakBytes('Name:\tsh\nState:\tZ (zombie)\n')).toBeUndefined();
  });
});
