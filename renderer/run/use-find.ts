import { useSignal, useSignalEffect } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { type Found, findIn, firstFrom } from './find.ts';
import type { RunOutput } from './run-output.ts';

/** Letters come one after the other: a search begins when they pause, in milliseconds. */
const FIND_DELAY = 120;

function foundByRow(found: readonly Found[]): ReadonlyMap<number, readonly Found[]> {
  const rows = new Map<number, Found[]>();
  for (const one of found) {
    const known = rows.get(one.row);
    if (known === undefined) rows.set(one.row, [one]);
    else known.push(one);
  }
  return rows;
}

interface FindView {
  readonly firstSeen: () => number;
  readonly show: (found: Found) => void;
}

/** Finds in the output while it grows, first what is seen or below it. */
export function useFind(output: RunOutput, { firstSeen, show }: FindView) {
  const wanted = useSignal('');
  const found = useSignal<readonly Found[]>([]);
  const at = useSignal(0);
  useSignalEffect(() => {
    const text = wanted.value;
    // What comes while following is looked through too.
    void output.version.value;
    const timer = setTimeout(() => run(text), FIND_DELAY);
    let isOver = false;
    const run = (text: string): void => {
      const steps = findIn((row) => output.lines.text(row), output.lines.count, text);
      const isSame = text === searched.current;
      const step = (): void => {
        if (isOver) return;
        const { done, value } = steps.next();
        if (done !== true) {
          setTimeout(step);
          return;
        }
        searched.current = text;
        found.value = value;
        if (isSame) return;
        at.value = firstFrom(value, firstSeen());
        const first = value[at.value];
        if (first !== undefined) show(first);
      };
      step();
    };
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  });
  const searched = useRef('');
  const byRow = useMemo(() => foundByRow(found.value), [found.value]);
  return {
    wanted,
    count: found.value.length,
    /** Which one is the current, from 0. */
    at: at.value,
    current: found.value[at.value],
    byRow,
    /** To the next one, or the one before. */
    go(by: number): void {
      const count = found.value.length;
      if (count === 0) return;
      at.value = (at.value + by + count) % count;
      const one = found.value[at.value];
      if (one !== undefined) show(one);
    },
  };
}

export type Find = ReturnType<typeof useFind>;
