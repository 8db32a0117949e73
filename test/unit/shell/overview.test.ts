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
      async links() {
        asked.push('links');
        return { links: [], total: 3 };
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
  for (const event of ['run', 'status', 'health']) overview.look(event);
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
  await eventually('it has asked', () => asked.includes('health'));
});

test('suggested links are counted at the start and when they or the jobs are others', async () => {
  const { overview, asked, changes } = overviewOf();
  overview.look();
  await eventually('they are counted', () => overview.waitingLinks === 3);
  await eventually('it has looked too', () => changes() === 2);
  overview.look('run');
  await eventually('it has looked', () => changes() === 3);
  expect(asked).toEqual(['links']);
  overview.look('links');
  overview.look('links');
  await eventually('they are counted again', () => changes() === 4);
  overview.look('jobs');
  await eventually('and with other jobs', () => changes() === 6);
  expect(asked).toEqual(['links', 'links', 'links']);
});

test('an older daemon that suggests no links is shown all the same', async () => {
  let isOlder = false;
  const { overview, changes } = overviewOf({
    async links() {
      if (isOlder) throw new SoloistError({ code: 'unknown-path', message: 'There is no /v1/links.' });
      return { links: [], total: 2 };
    },
  });
  overview.look();
  await eventually('they are counted', () => overview.waitingLinks === 2 && changes() === 2);
  isOlder = true;
  overview.look('links');
  await eventually('there are none', () => overview.waitingLinks === 0);
  expect(overview.jobs).toHaveLength(1);
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
  await eventually('all looks are over', () => changes() > 2);
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
