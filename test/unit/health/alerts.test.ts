import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Configuration } from '../../../main/daemon/config/configuration.ts';
import { type AlertNews, Alerts } from '../../../main/daemon/health/alerts.ts';
import type { History } from '../../../main/daemon/history/history.ts';
import type { Outcome } from '../../../main/daemon/history/run.ts';
import { NOON, temporaryFolder, temporaryHistory } from '../history/support.ts';
import {
  DAY_MS,
  ended,
  FAILURE,
  HOUR_MS,
  job,
  SUCCESS,
  service,
  state,
  strictLog,
  watched,
  watching,
} from './support.ts';

let history: History;
let alerts: Alerts;
let now = NOON;
let news: [AlertNews, string][] = [];

beforeEach(() => {
  now = NOON;
  history = temporaryHistory();
});

/** A daemon starts, after the one before has stopped or died. */
function start(configuration: Configuration, logger = strictLog): void {
  news = [];
  alerts = new Alerts({
    history,
    logger,
    isHeld: () => false,
    now: () => now,
    onChanged: () => {},
    onNews: (what, { kind, job: name, detail }) =>
      news.push([what, [kind, name, detail].filter(Boolean).join(' ')]),
  });
  alerts.begin(configuration);
  alerts.stop();
}

function end(name: string, outcome: Outcome): void {
  const one = job(name);
  alerts.ended(ended(history, name, outcome, now), one, outcome, false);
}

const standing = () =>
  alerts.standing().map(({ kind, job: name, detail }) => [kind, name, detail].filter(Boolean).join(' '));
const states = () =>
  alerts.all().map(({ resolved, archived }) => (archived ? 'archived' : resolved ? 'resolved' : 'stands'));

test('10,000 failures of one job are one alert', () => {
  start(watched([job('bad')]));
  const began = performance.now();
  for (let index = 0; index < 10_000; index++) {
    now += 1_000;
    alerts.ended('0000000a', job('bad'), FAILURE, false);
  }
  const took = performance.now() - began;
  console.log(`10,000 failures of one job: ${(took / 10_000).toFixed(3)} ms each to be counted`);
  expect(alerts.all()).toMatchObject([
    { kind: 'failing', job: 'bad', count: 10_000, first: NOON + 1_000, last: now, resolved: undefined },
  ]);
  expect(news).toEqual([['raised', 'failing bad']]);
});

test('a run that could not start has no log that could say more', () => {
  start(watched([job('bad'), job('worse')]));
  end('bad', { kind: 'failed', cause: { kind: 'not-started', reason: 'The folder /none does not exist.' } });
  end('worse', FAILURE);
  expect(alerts.all().map(({ message, hint }) => `${message} ${hint}`)).toEqual([
    'worse failed with exit code 1. Its log says more. The alert goes away when the job succeeds.',
    'bad could not start: The folder /none does not exist. Mend that. The alert goes away when the job succeeds.',
  ]);
});

describe('an alert that is over', () => {
  test('is archived after seven days, and removed ninety days after that, by a daemon that runs on', () => {
    start(watched([job('a'), job('b'), job('c')]));
    for (const name of ['a', 'b']) end(name, FAILURE);
    alerts.acknowledge(undefined);
    end('a', SUCCESS);
    now += 7 * DAY_MS - 1;
    end('c', SUCCESS);
    expect(states()).toEqual(['stands', 'resolved']);
    now += DAY_MS;
    // Any end or look will do.
    end('c', SUCCESS);
    expect(states()).toEqual(['stands', 'archived']);
    now += 90 * DAY_MS;
    alerts.gone(state('strays', undefined));
    expect(states()).toEqual(['stands', 'archived']);
    now += DAY_MS;
    alerts.gone(state('strays', undefined));
    // What lasts stays, acknowledged as it is.
    expect(alerts.all()).toMatchObject([{ job: 'b', resolved: undefined, archived: undefined }]);
    expect(alerts.all()[0]?.acknowledged).toBe(NOON);
  });

  test('is archived at once by a person, and what stands is not', () => {
    start(watched([job('a'), job('b')]));
    for (const name of ['a', 'b']) end(name, FAILURE);
    end('a', SUCCESS);
    alerts.archive();
    expect(states()).toEqual(['stands', 'archived']);
    end('a', FAILURE);
    expect(standing()).toEqual(['failing a', 'failing b']);
  });

  test('is archived at the start of a daemon', () => {
    start(watched([job('a')]));
    end('a', FAILURE);
    end('a', SUCCESS);
    now += 8 * DAY_MS;
    start(watched([job('a')]));
    expect(states()).toEqual(['archived']);
  });
});

describe('a stale alert does not come about', () => {
  test('from jobs that left while the daemon was down, were disabled, or became of another kind', () => {
    start(watched([job('removed'), job('disabled'), job('changed'), job('kept')]));
    for (const name of ['removed', 'disabled', 'changed', 'kept']) end(name, FAILURE);
    start(watched([job('disabled', { enabled: false }), service('changed'), job('kept')]));
    expect(standing()).toEqual(['failing kept']);
  });

  test('from late news of what is configured no more', () => {
    start(watched([job('job', watching('/missing')), service('service')], ['guard']));
    alerts.folder('job', '/missing', false);
    alerts.givenUp('service', undefined, 'it ended');
    alerts.met(state('guard', 'guard'));
    expect(standing().sort()).toEqual(['given-up service', 'guard guard', 'watch job /missing']);
    alerts.configured(watched([job('job', { enabled: false })]));
    expect(standing()).toEqual([]);
    alerts.folder('job', '/missing', false);
    alerts.givenUp('service', undefined, 'it ended');
    alerts.met(state('guard', 'guard'));
    alerts.met(state('slow', 'job'));
    alerts.ended('0000000a', job('job', { enabled: false }), FAILURE, false);
    expect(standing()).toEqual([]);
  });

  test('and one of a guard goes with the guard, not with the next change of the configuration', () => {
    start(watched([job('a')], ['notes']));
    alerts.met(state('guard', 'notes'));
    alerts.configured(watched([job('a'), job('b')], ['notes']));
    expect(standing()).toEqual(['guard notes']);
    alerts.configured(watched([job('a'), job('notes')]));
    expect(standing()).toEqual([]);
  });

  test('from a service that the last daemon had given up', () => {
    start(watched([service('down')]));
    alerts.givenUp('down', undefined, 'it ended ten times');
    start(watched([service('down')]));
    expect(standing()).toEqual([]);
  });

  test('from a folder that came back while no daemon ran', () => {
    const path = join(temporaryFolder(), 'inbox');
    const watcher = job('watcher', watching(path));
    start(watched([watcher]));
    alerts.folder('watcher', path, false);
    start(watched([watcher]));
    expect(standing()).toEqual([`watch watcher ${path}`]);
    mkdirSync(path);
    start(watched([watcher]));
    expect(standing()).toEqual([]);
    rmSync(path, { recursive: true });
    alerts.folder('watcher', path, false);
    mkdirSync(path);
    // Nobody tells that it is back; the daily look finds it.
    now += DAY_MS;
    alerts.tidy(now);
    expect(standing()).toEqual([]);
  });

  test('from a success after which the daemon died at once', () => {
    start(watched([job('a'), job('b')]));
    for (const name of ['a', 'b']) end(name, FAILURE);
    now += 1_000;
    ended(history, 'a', SUCCESS, now);
    now += 1_000;
    ended(history, 'a', { kind: 'cancelled', reason: 'a person' }, now);
    start(watched([job('a'), job('b')]));
    expect(standing()).toEqual(['failing b']);
  });

  test('nor is one over because an earlier run, or one of a clock that was ahead, had succeeded', () => {
    start(watched([job('a')]));
    ended(history, 'a', SUCCESS, now + 10 * DAY_MS);
    end('a', FAILURE);
    start(watched([job('a')]));
    expect(standing()).toEqual(['failing a']);
  });

  test('from a job that was given more time to be quiet', () => {
    start(watched([job('a', { quietAfter: HOUR_MS })]));
    end('a', SUCCESS);
    now += 2 * HOUR_MS;
    history.stand(state('quiet', 'a'), now);
    alerts.configured(watched([job('a', { quietAfter: 90 * 60_000 })]));
    expect(standing()).toEqual(['quiet a']);
    alerts.configured(watched([job('a', { quietAfter: 3 * HOUR_MS })]));
    expect(standing()).toEqual([]);
    alerts.stop();
  });

  test('from a state that was there when the daemon stopped, or a check that is no more', () => {
    start(watched([job('late')], ['notes']));
    for (const found of [
      state('check', undefined, 'disk'),
      state('check', undefined, 'old'),
      state('overdue', 'late'),
    ])
      alerts.met(found);
    start(watched([job('late')], ['notes']));
    expect(standing().length).toBe(3);
    alerts.met(state('check', undefined, 'disk'));
    alerts.looked(['check']);
    expect(standing()).toEqual(['overdue late', 'check disk']);
    alerts.looked(['check', 'overdue']);
    expect(standing()).toEqual([]);
  });

  test('from a disk that did not take its end: it is tried again', () => {
    const logged: string[] = [];
    start(watched([service('down')]), pino({ level: 'error' }, { write: (line) => logged.push(line) }));
    alerts.givenUp('down', undefined, 'it ended ten times');
    const full = vi.spyOn(history, 'resolve').mockImplementation(() => {
      throw new Error('the disk is full');
    });
    alerts.forgiven('down');
    now += 2 * 60_000;
    alerts.tidy(now);
    full.mockRestore();
    alerts.tidy(now);
    expect(standing()).toEqual(['given-up down']);
    now += 60_000;
    alerts.tidy(now);
    expect(standing()).toEqual([]);
    expect(logged.length).toBe(2);
  });

  test('even where no look is ever complete: what was not found for a day of looks is over', () => {
    start(watched([]));
    alerts.met(state('check', undefined, 'disk'));
    alerts.met(state('check', undefined, 'old'));
    for (let hour = 0; hour < 50; hour++) {
      now += HOUR_MS;
      alerts.met(state('check', undefined, 'disk'));
      if (hour === 22) expect(standing().length).toBe(2);
    }
    expect(standing()).toEqual(['check disk']);
    // A computer that slept for long has not looked.
    now += 5 * DAY_MS;
    alerts.tidy(now);
    now += 5 * DAY_MS;
    alerts.tidy(now);
    expect(standing()).toEqual(['check disk']);
  });
});

test('news are told once for each alert and once for its end', () => {
  start(watched([job('a')]));
  end('a', FAILURE);
  end('a', FAILURE);
  alerts.acknowledge(undefined);
  alerts.met(state('strays', undefined));
  alerts.met({ ...state('strays', undefined), message: 'Two of them.' });
  end('a', SUCCESS);
  end('a', SUCCESS);
  alerts.archive();
  alerts.gone(state('strays', undefined));
  expect(news).toEqual([
    ['raised', 'failing a'],
    ['raised', 'strays'],
    ['resolved', 'failing a'],
    ['resolved', 'strays'],
  ]);
});
