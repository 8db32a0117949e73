import { homedir } from 'node:os';
import { expect, test } from 'vitest';
import { homeWords } from '../../../main/home-words.ts';
import { planFor } from '../../../main/service/choose.ts';
import { execStart, unitText } from '../../../main/service/systemd-unit.ts';

test('nothing in a word is an escape, a specifier or a variable', () => {
  expect(execStart(['/opt/Soloist/soloist-app', '--cli', '--', 'up'])).toBe(
    '/opt/Soloist/soloist-app --cli -- up',
  );
  expect(execStart(['/a b', 'x"y', 'back\\slash', '100%', '$HOME', '', "it's", ';'])).toBe(
    `"/a b" "x\\"y" "back\\\\slash" 100%% $$HOME "" "it's" ";"`,
  );
});

test('the unit starts again after faults only, and lets the daemon end its runs', () => {
  const lines = unitText(['/opt/Soloist/soloist-app', 'up']).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'Type=exec',
      'Restart=on-failure',
      'RestartPreventExitStatus=2',
      'KillMode=process',
      'TimeoutStopSec=120',
      'WantedBy=default.target',
    ]),
  );
});

test.skipIf(process.platform !== 'linux')('the usual home needs no options, any other one does', () => {
  const usual = {
    home: `${homedir()}/.local/state/soloist`,
    configuration: `${homedir()}/.config/soloist/soloist.yaml`,
  };
  expect(homeWords(usual, {})).toEqual([]);
  expect(planFor(usual, ['/x'])).toMatchObject({
    suffix: null,
    command: ['/x', 'up', '--foreground', '--ensure'],
  });
  const other = { home: '/other', configuration: '/other/soloist.yaml' };
  expect(homeWords(other, {})).toEqual(['--home', '/other']);
  expect(planFor(other, ['/x']).suffix).toMatch(/^[0-9a-f]{8}$/);
  const elsewhere = { ...usual, configuration: '/etc/soloist.yaml' };
  expect(homeWords(elsewhere, {})).toEqual(['--config', '/etc/soloist.yaml']);
  // Where this terminal has another place for it, the manager has not.
  expect(homeWords({ ...usual, home: '/state/soloist' }, {})).toContain('/state/soloist');
});
