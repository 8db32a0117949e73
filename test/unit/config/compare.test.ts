import { describe, expect, test } from 'vitest';
import { compareConfigurations } from '../../../main/daemon/config/compare.ts';
import { valid } from './loading.ts';

const changes = (before: string, after: string) => compareConfigurations(valid(before), valid(after));
const nothing = { added: [], changed: [], removed: [], unchanged: [] };

describe('what changed between two configurations', () => {
  const before = 'jobs:\n  a: { run: x, every: 5m }\n  b: { run: y, schedule: "@daily" }\n  c: { run: z }\n';

  test('nothing, whatever the layout, the order and the way it is written', () => {
    const after =
      '# now in another order\njobs:\n  c:\n    run: "z"\n  b: { schedule: ["@daily"], run: y }\n  a:\n    every: 300s\n    run: x\n';
    expect(changes(before, after)).toEqual({ ...nothing, unchanged: ['c', 'b', 'a'] });
  });

  test('added, changed and removed', () => {
    const after = 'jobs:\n  a: { run: x, every: 6m }\n  c: { run: z }\n  d: { run: z }\n';
    expect(changes(before, after)).toEqual({
      added: ['d'],
      changed: ['a'],
      removed: ['b'],
      unchanged: ['c'],
    });
  });

  test('a default and the time zone change the jobs that they apply to', () => {
    expect(changes(before, `timezone: UTC\n${before}`)).toMatchObject({
      changed: ['b'],
      unchanged: ['a', 'c'],
    });
    expect(changes(before, `defaults: { timeout: 1h }\n${before}`)).toMatchObject({
      changed: ['a', 'b', 'c'],
    });
    const own = 'jobs: { a: { run: x, timeout: 5m } }';
    expect(changes(own, `defaults: { timeout: 1h }\n${own}`)).toMatchObject({ unchanged: ['a'] });
    expect(changes(before, `max_concurrent: 3\nlog: { level: debug }\n${before}`)).toMatchObject({
      unchanged: ['a', 'b', 'c'],
    });
  });

  test('a job that becomes a service', () => {
    expect(changes('jobs: { a: { run: x } }', 'jobs: { a: { run: x, keep_alive: true } }')).toMatchObject({
      changed: ['a'],
    });
  });
});
