import { expect, test } from 'vitest';
import { importLaunchd } from '../../../main/import/launchd/launchd.ts';

const plist = (label: string, rest = ''): string => `<plist version="1.0"><dict>
<key>Label</key><string>${label}</string><key>Program</key><string>/bin/date</string>${rest}
</dict></plist>`;
const ROOT = '<key>UserName</key><string>root</string>';

test('launchd runs an agent as the person, whatever it says', () => {
  const imported = importLaunchd(plist('org.example.date', ROOT), {
    file: '/Users/ada/Library/LaunchAgents/org.example.date.plist',
    user: 'ada',
  });
  expect(imported.jobs[0]?.settings).toEqual({ run: ['/bin/date'] });
  expect(imported.remarks).toEqual([]);
});

test('a daemon is for an administrator, of Homebrew too', () => {
  const switchOff = (label: string): readonly string[] =>
    importLaunchd(plist(label), { file: `/Library/LaunchDaemons/${label}.plist`, user: 'ada' }).switchOff;
  expect(switchOff('homebrew.mxcl.dnsmasq')).toEqual([
    'Leave to launchd what you do not enable here: homebrew.mxcl.dnsmasq',
    'sudo brew services stop dnsmasq',
  ]);
  expect(switchOff('org.example.date')[1]).toBe('sudo launchctl bootout system/org.example.date');
});

test('a command to type has the path in quotes', () => {
  const file = "/Users/ada/Library/Application Support/it's.plist";
  expect(() => importLaunchd('bplist00', { file })).toThrow(
    expect.objectContaining({
      hint: expect.stringContaining(`'/Users/ada/Library/Application Support/it'\\''s.plist'`),
    }),
  );
});

test('an instruction of XML without a name is refused before its parser complains by itself', () => {
  expect(() => importLaunchd(`<? ?>${plist('org.example.date')}`)).toThrow(
    'it is not well-formed XML (line 1)',
  );
});

test('RunAtLoad that is neither true nor false is told', () => {
  const text = plist('org.example.date', '\n<key>RunAtLoad</key><string>true</string>');
  const { jobs, remarks } = importLaunchd(text);
  expect(jobs[0]?.settings).toEqual({ run: ['/bin/date'] });
  expect(remarks).toMatchObject([{ line: 3, what: 'RunAtLoad', kind: 'left-out' }]);
});
