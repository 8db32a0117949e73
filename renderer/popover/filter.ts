import type { JobView } from '../../main/control/views.ts';

/** The jobs in whose name, description or tags every word of the text is found, upper or lower case. */
export function filterJobs(jobs: readonly JobView[], text: string): readonly JobView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return jobs;
  return jobs.filter(({ name, description, tags }) => {
    const all = [name, description ?? '', ...tags].join('\n').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** Where the choice goes by a key; undefined for other keys, and where there is nothing to choose. */
export function movedChoice(key: string, chosen: number, count: number): number | undefined {
  if (count === 0) return undefined;
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: chosen + 1,
    ArrowUp: chosen - 1,
    Home: 0,
    End: count - 1,
    PageDown: chosen + 5,
    PageUp: chosen - 5,
  };
  const to = Object.hasOwn(moves, key) ? moves[key] : undefined;
  return to === undefined ? undefined : Math.min(count - 1, Math.max(0, to));
}
