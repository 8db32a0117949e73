import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jobNames } from '../../../main/import/job-name.ts';
import { valid } from '../config/loading.ts';

test('a name stays as it is where it can', () => {
  const name = jobNames();
  expect(['backup', 'sync photos', 'Größe', 'a.b_c-d'].map(name)).toEqual([
    'backup',
    'sync photos',
    'Größe',
    'a.b_c-d',
  ]);
});

test('names differ by more than case', () => {
  const name = jobNames();
  expect(['web', 'web', 'Web', 'web-2'].map(name)).toEqual(['web', 'web-2', 'Web-3', 'web-2-2']);
});

test('what would be refused is changed', () => {
  const name = jobNames();
  expect(
    ['/usr/bin/x', '--flag', '.hidden', 'daemon', '42', '', ' \n ', '__proto__', '<<'].map(name),
  ).toEqual([
    'usr-bin-x',
    'flag',
    'hidden',
    'job-daemon',
    'job-42',
    'job',
    'job-2',
    'job-__proto__',
    'job-<<',
  ]);
});

test('any names are valid together', () => {
  const anyName = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 80, maxLength: 300 }));
  fc.assert(
    fc.property(fc.array(anyName, { minLength: 1, maxLength: 8 }), (wanted) => {
      const names = wanted.map(jobNames());
      const jobs = Object.fromEntries(names.map((name) => [name, { run: 'true' }]));
      expect([...valid(JSON.stringify({ jobs })).jobs.keys()].sort()).toEqual([...names].sort());
    }),
  );
});
