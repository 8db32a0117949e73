import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export interface Topic {
  readonly name: string;
  readonly title: string;
  /** All of it, title included. */
  readonly markdown: string;
}

/** The topic that stands in no file: it is made from the schema. */
export const CONFIGURATION = {
  name: 'configuration',
  title: 'Configuration: every key of soloist.yaml',
} as const;

/** The folder of the topics: beside the built programs, or among the sources. */
function topicsFolder(): string {
  const places = ['help', '../help', '../../help'];
  const found = places
    .map((place) => resolve(import.meta.dirname, place))
    .find((path) => existsSync(resolve(path, 'jobs.md')));
  if (found === undefined) throw new Error('the topics of the help are not where this program is');
  return found;
}

/** The names of all topics that stand in a file, in the order of the alphabet. */
export function topicNames(): readonly string[] {
  return readdirSync(topicsFolder())
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.slice(0, -'.md'.length))
    .sort();
}

/** The topic of this name; undefined if there is none. */
export function topic(name: string): Topic | undefined {
  if (!topicNames().includes(name)) return undefined;
  const markdown = readFileSync(resolve(topicsFolder(), `${name}.md`), 'utf8');
  return { name, title: /^# (.+)$/m.exec(markdown)?.[1] ?? name, markdown };
}
