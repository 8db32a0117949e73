import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lineOfJob, withEnabled, writeEnabled } from '../../../main/daemon/config/edit-job.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const FILE = `# mine
jobs:
  # the first
  one:   # says hello
    run: "echo: one"   # quotes
    every: 1h
  two: { run: echo two, every: 1h }
  three:
      enabled:   false    # for now
      run: |
        echo three
        echo enabled: true
`;

test('a job is disabled by one line, and enabled again', () => {
  const changed = withEnabled(FILE, 'one', false);
  expect(changed).toBe(FILE.replace('    run: "echo: one"', '    enabled: false\n    run: "echo: one"'));
  expect(withEnabled(changed ?? '', 'one', true)).toBe(
    FILE.replace('    run: "echo: one"', '    enabled: true\n    run: "echo: one"'),
  );
  expect(withEnabled(FILE, 'one', true)).toBe(FILE);
});

test('one in braces, and one that says so already', () => {
  expect(withEnabled(FILE, 'two', false)).toBe(
    FILE.replace('{ run: echo two', '{ enabled: false, run: echo two'),
  );
  expect(withEnabled(FILE, 'three', true)).toBe(FILE.replace('enabled:   false', 'enabled:   true'));
  expect(withEnabled('jobs:\n  a:\n    enabled:\n    run: x\n', 'a', false)).toBe(
    'jobs:\n  a:\n    enabled: false\n    run: x\n',
  );
});

test('line ends and a byte order mark stay', () => {
  const windows = `\uFEFF${FILE.replaceAll('\n', '\r\n')}`;
  expect(withEnabled(windows, 'one', false)).toBe(
    windows.replace('    run: "echo: one"', '    enabled: false\r\n    run: "echo: one"'),
  );
});

test('a job that is not written out by itself is left alone', () => {
  const shared = 'jobs:\n  a: &a\n    run: x\n  b: *a\n  c:\n    <<: *a\n    enabled: false\n';
  expect(withEnabled(shared, 'b', false)).toBeUndefined();
  expect(withEnabled(shared, 'unknown', false)).toBeUndefined();
  expect(withEnabled(shared, 'c', true)).toBe(shared.replace('enabled: false', 'enabled: true'));
});

test('the file keeps its mode, and a link stays one', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'real.yaml');
  const link = join(folder, 'soloist.yaml');
  writeFileSync(file, FILE);
  chmodSync(file, 0o640);
  symlinkSync(file, link);
  writeEnabled(link, 'one', false);
  expect(readFileSync(file, 'utf8')).toContain('    enabled: false\n    run: "echo: one"');
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(lineOfJob(link, 'three')).toBe(9);
  expect(lineOfJob(link, 'unknown')).toBeUndefined();
  expect(() => writeEnabled(join(folder, 'none.yaml'), 'one', true)).toThrow('cannot be written');
  expect(() => writeEnabled(link, 'unknown', true)).toThrow('is not written out by itself');
});
