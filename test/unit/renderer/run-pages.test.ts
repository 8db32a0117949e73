import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { PAGE, RunPages } from '../../../renderer/history/run-pages.ts';
import { historyOf, runAt } from './run-view.ts';

const START = Date.UTC(2026, 0, 1);
const many = (count: number) => Array.from({ length: count }, (_, index) => runAt(START + index * 60_000));

describe('pages of runs', () => {
  test('load as far as is seen, and tell when the oldest is reached', async () => {
    const { load } = historyOf(many(PAGE + 50));
    const pages = new RunPages(load, () => {});
    pages.see(0, 20);
    await setImmediate();
    expect(pages.count).toBe(PAGE);
    expect(pages.isComplete).toBe(false);
    pages.see(PAGE - 10, PAGE);
    await setImmediate();
    expect(pages.count).toBe(PAGE + 50);
    expect(pages.isComplete).toBe(true);
    expect(pages.at(PAGE + 49)?.queuedAt).toBe(new Date(START).toISOString());
  });

  test('hold only what is around the rows seen, and load the rest again', async () => {
    const runs = many(PAGE * 30);
    const { load } = historyOf(runs);
    const pages = new RunPages(load, () => {});
    for (let row = 0; row < PAGE * 30; row += PAGE / 2) {
      pages.see(row, row + 20);
      await setImmediate();
    }
    expect(pages.count).toBe(PAGE * 30);
    expect(pages.held).toBeLessThan(PAGE * 13);
    expect(pages.at(0)).toBeUndefined();
    pages.see(0, 20);
    await setImmediate();
    expect(pages.at(0)?.id).toBe(runs.at(-1)?.id);
    expect(pages.at(PAGE - 1)?.id).toBe(runs.at(-PAGE)?.id);
    expect(pages.count).toBe(PAGE * 30);
  });

  test('put new runs on top and change known ones in place', async () => {
    const runs = many(30);
    const pages = new RunPages(historyOf(runs).load, () => {});
    pages.see(0, 20);
    await setImmediate();
    const second = runs.at(-2);
    const added = runAt(START + 40 * 60_000, { state: 'running', endedAt: null, outcome: null });
    expect(pages.take(added)).toBe(0);
    expect(pages.take({ ...added, state: 'ended' })).toBeUndefined();
    expect(pages.at(0)?.state).toBe('ended');
    expect(pages.take({ ...runAt(0), ...second, attempt: 7 })).toBeUndefined();
    expect(pages.at(2)?.attempt).toBe(7);
    expect(pages.count).toBe(31);
  });

  test('put a run that matches only now at its place by time', async () => {
    const runs = many(30);
    const missing = runs.splice(20, 1)[0] ?? runAt(0);
    const pages = new RunPages(historyOf(runs).load, () => {});
    pages.see(0, 20);
    await setImmediate();
    expect(pages.take(missing)).toBe(9);
    expect(pages.at(9)?.id).toBe(missing.id);
    expect(pages.at(10)?.id).toBe(runs[19]?.id);
  });

  test('show no run twice when a page comes again after new ones have come', async () => {
    const history = historyOf(many(PAGE * 20));
    const pages = new RunPages(history.load, () => {});
    for (let row = 0; row < PAGE * 20; row += PAGE / 2) {
      pages.see(row, row + 20);
      await setImmediate();
    }
    const added = runAt(START + PAGE * 20 * 60_000);
    history.runs.push(added);
    pages.take(added);
    pages.see(0, 20);
    await setImmediate();
    const ids = Array.from({ length: PAGE }, (_, row) => pages.at(row)?.id);
    expect(new Set(ids).size).toBe(PAGE);
    expect(ids[0]).toBe(added.id);
  });

  test('go on over the empty steps of a search', async () => {
    let step = 0;
    const load = async () => {
      step++;
      return step < 4 ? { runs: [], next: `${step}` } : { runs: [runAt(START)], next: null };
    };
    const pages: RunPages = new RunPages(load, () => pages.see(0, 20));
    pages.see(0, 20);
    for (let turn = 0; turn < 5; turn++) await setImmediate();
    expect(pages.count).toBe(1);
    expect(pages.isComplete).toBe(true);
  });

  test('say why a page did not come, and ask again only when told to', async () => {
    let isBroken = true;
    let asked = 0;
    const load = async () => {
      asked++;
      if (isBroken) throw new Error('The daemon does not answer.');
      return { runs: [runAt(START)], next: null };
    };
    const pages: RunPages = new RunPages(load, () => pages.see(0, 20));
    pages.see(0, 20);
    await setImmediate();
    expect(pages.error?.message).toBe('The daemon does not answer.');
    expect(asked).toBe(1);
    isBroken = false;
    pages.retry();
    await setImmediate();
    expect(pages.error).toBeUndefined();
    expect(pages.count).toBe(1);
  });
});
