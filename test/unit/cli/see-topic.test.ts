import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve as resolvePath } from 'node:path';
import { expect, test } from 'vitest';
import { topicNames } from '../../../main/cli/help/topics.ts';
import { seeTopics, topicOfOutcome, topicsOf } from '../../../main/cli/see-topic.ts';
import { MISSED_REASONS } from '../../../main/daemon/schedule/missed.ts';
import { OVERLAP_REASONS } from '../../../main/daemon/schedule/overlap.ts';
import { resolve, root } from '../../daemon/docs/synopsis.ts';

const MAIN = resolvePath(import.meta.dirname, '../../../main');
const known: readonly string[] = [
  ...topicNames(),
  'configuration',
  ...root.commands.map((command) => command.name()),
];

const sources = readdirSync(MAIN, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(MAIN, file), 'utf8') }));

test('every topic that a message points to is there', () => {
  const pointed = Object.values(topicsOf).flatMap((topics) => Object.values(topics));
  expect(pointed.filter((name) => !topicNames().includes(name) && name !== 'configuration')).toEqual([]);
  for (const { file, text } of sources) {
    const named = [...text.matchAll(/soloist help ([a-z-]+)/g)].map(([, name = '']) => name);
    expect(
      named.filter((name) => !known.includes(name)),
      file,
    ).toEqual([]);
  }
});

test('every command that a message names in quotes is there', () => {
  for (const { file, text } of sources) {
    for (const [, command = ''] of text.matchAll(/'soloist ([a-z][^'$`\\|<]*)'/g))
      expect(() => resolve(command.trim().split(' ')), `${file}: ${command}`).not.toThrow();
  }
});

test('every error that points to a topic is one that there is', () => {
  const all = sources.map(({ text }) => text).join('\n');
  // In the table, and where it is thrown: whole, or put together from what a database is called.
  for (const code of Object.keys(topicsOf.error))
    expect(
      all.split(`'${code}'`).length + all.split(`}-${code.split('-').at(-1)}\``).length - 1,
      code,
    ).toBeGreaterThan(2);
});

test('each reason to skip a run has its topic', () => {
  const topics = (reasons: Readonly<Record<string, string>>) =>
    Object.values(reasons).map((reason) =>
      topicOfOutcome({ kind: 'skipped', reason: `${reason} (3 due times)` }),
    );
  expect(new Set(topics(MISSED_REASONS))).toEqual(new Set(['missed-runs']));
  expect(new Set(topics(OVERLAP_REASONS))).toEqual(new Set(['overlap']));
  expect(topicOfOutcome({ kind: 'succeeded', exitCode: 0 })).toBeUndefined();
  expect(topicOfOutcome({ kind: 'failed', cause: { kind: 'exit', code: 1 } })).toBeUndefined();
  expect(topicOfOutcome(null)).toBeUndefined();
});

test('topics are named once each, in a sentence', () => {
  expect(seeTopics([])).toBe('');
  expect(seeTopics([undefined, 'lock', 'lock'])).toBe("See 'soloist help lock'.");
  expect(seeTopics(['lock', 'guards'])).toBe("See 'soloist help lock' and 'soloist help guards'.");
});
