import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { SoloistError } from '../../../main/daemon/errors.ts';
import { Overview, type OverviewOptions } from '../../../main/shell/overview.ts';
import { passOn } from '../../../main/shell/source/attached.ts';
import { eventually } from '../../support/command-line.ts';
import { alert, job, status } from './views.ts';

const overviews: Overview[] = [];
afterEach(() => {
  for (const overview of overviews.splice(0)) overview.close();
});

/** An overview of a daemon with one job and one alert, and what it asks. */
function overviewOf(more: Partial<OverviewOptions['handlers']> = {}, isHealthUnknown = false) {
  const asked: string[] = [];
  let changes = 0;
  const overview = new Overview({
    handlers: {
      jobs: async () => ({ jobs: [job('a')] }),
      alerts: async () => ({ alerts: [alert()] }),
      async health() {
        asked.push('health');
        return { verdict: 'ok', at: new Date().toISOString(), checks: [] };
      },
      ...more,
    },
    logger: pino({ level: 'silent' }),
    isHealthUnknown: () => isHealthUnknown,
    onChange: () => {
      changes++;
    },
  });
  overviews.push(overview);
  return { overview, asked, changes: () => changes };
}

test('the daemon is asked for its health when an alert tells of something, not when a run does', async () => {
  const { overview, asked, changes } = overviewOf();
  for (const event of ['run', 'jobs', 'status', 'health']) overview.look(event);
  await eventually('it has looked', () => changes() > 0);
  overview.look('run');
  await eventually('it has looked again', () => changes() > 1);
  expect(asked).toEqual([]);
  overview.look('alerts');
  overview.look('alerts');
  await eventually('it has looked and asked', () => changes() > 3);
  expect(asked).toEqual(['health']);
});

test('a daemon that runs and was never looked at is asked', async () => {
  const { overview, asked } = overviewOf({}, true);
  overview.look();
  await eventually('it has asked', () => asked.length > 0);
});

test('an older daemon that does not know the call is shown all the same', async () => {
  const { overview, changes } = overviewOf(
    {
      async health() {
        throw new SoloistError({ code: 'unknown-path', message: 'There is no /v1/health.' });
      },
    },
    true,
  );
  overview.look();
  await eventually('both looks are over', () => changes() > 1);
  expect(overview.isKnown).toBe(true);
  expect(overview.jobs).toHaveLength(1);
  expect(overview.alerts).toHaveLength(1);
});

test('the status of an older daemon, which tells nothing of its health, is taken', () => {
  const told: unknown[] = [];
  const { health: _, ...older } = status();
  expect(passOn(((_event: string, data: unknown) => told.push(data)) as never, 'status', older)).toBe(true);
  expect(told).toEqual([{ ...older, health: null }]);
});
