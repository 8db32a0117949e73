import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { Rows, type RowsHandle } from '../components/rows.tsx';
import { bytesInWords, clockTime } from '../format.ts';
import { windowStrings as strings } from '../strings.ts';
import { type Found, findIn, firstFrom, MOST_FOUND } from './find.ts';
import { OutputRow } from './output-row.tsx';
import { RunOutput } from './run-output.ts';
import { theme } from './theme.ts';

const ROW_HEIGHT = 18;
/** Letters come one after the other: a search begins when they pause, in milliseconds. */
const FIND_DELAY = 120;

interface OutputViewProps {
  readonly run: string;
  readonly isRunning: boolean;
}

/** What a run has printed: followed while it runs, with find; smooth with megabytes. */
export function OutputView({ run, isRunning }: OutputViewProps) {
  const output = useMemo(() => new RunOutput(run), [run]);
  useEffect(() => () => output.close(), [output]);
  const rows = useRef<RowsHandle>(null);
  const field = useRef<HTMLInputElement>(null);
  const follows = useSignal(isRunning);
  const showsTimes = useSignal(false);
  const find = useFind(output, {
    firstSeen: () => rows.current?.seen().first ?? 0,
    show: ({ row }) => rows.current?.show(row, 'middle'),
  });
  const version = output.version.value;
  const count = output.lines.count;

  useLayoutEffect(() => {
    if (follows.value) rows.current?.toEnd();
  }, [version, count, follows.value]);

  const step = (by: number): void => {
    if (find.found.value.length === 0) return;
    follows.value = false;
    find.go(by);
  };
  const foundByRow = useMemo(() => byRow(find.found.value), [find.found.value]);
  const current = find.found.value[find.at.value];

  const onKeyDown = (event: KeyboardEvent): void => {
    const isFind = event.key === '/' || ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'f');
    if (isFind && !(event.target instanceof HTMLInputElement && event.key === '/')) {
      event.preventDefault();
      event.stopPropagation();
      field.current?.focus();
      field.current?.select();
    }
  };

  return (
    <section class="output" aria-label={strings.output.title} onKeyDown={onKeyDown}>
      <div class="output-bar">
        <h3>{strings.output.title}</h3>
        <span class="output-size quiet">{count === 0 ? '' : bytesInWords(output.size.value)}</span>
        <div class="find" role="search">
          <input
            ref={field}
            type="search"
            placeholder={strings.output.find}
            aria-label={strings.output.find}
            value={find.wanted.value}
            onInput={(event) => {
              find.wanted.value = event.currentTarget.value;
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
              if (event.key === 'Escape' && find.wanted.value !== '') {
                event.stopPropagation();
                find.wanted.value = '';
                rows.current?.focus();
              }
            }}
          />
          <span class="find-count quiet" role="status">
            {find.wanted.value === ''
              ? ''
              : strings.output.found(
                  current === undefined ? 0 : find.at.value + 1,
                  find.found.value.length,
                  find.found.value.length === MOST_FOUND,
                )}
          </span>
          <button
            type="button"
            class="icon-button"
            aria-label={strings.output.previous}
            title={strings.output.previous}
            disabled={find.found.value.length === 0}
            onClick={() => step(-1)}
          >
            <Chevron direction="up" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label={strings.output.next}
            title={strings.output.next}
            disabled={find.found.value.length === 0}
            onClick={() => step(1)}
          >
            <Chevron direction="down" />
          </button>
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={showsTimes.value}
            onChange={(event) => {
              showsTimes.value = event.currentTarget.checked;
            }}
          />
          {strings.output.times}
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={follows.value}
            onChange={(event) => {
              follows.value = event.currentTarget.checked;
            }}
          />
          {strings.output.follow}
        </label>
      </div>
      {output.cut.value === null ? null : (
        <p class="output-note" role="note">
          {strings.output.cut(bytesInWords(output.cut.value.bytes))}
        </p>
      )}
      {output.error.value === undefined ? null : (
        <p class="output-note is-error" role="alert">
          {output.error.value.message}{' '}
          <button type="button" class="link" onClick={() => void output.read()}>
            {strings.retry}
          </button>
        </p>
      )}
      <Rows
        handle={rows}
        class="output-rows"
        tabIndex={0}
        role="region"
        aria-label={strings.output.textOf(count)}
        count={count}
        rowHeight={ROW_HEIGHT}
        onScrolled={(isAtEnd) => {
          // Scrolling away from the end is to read: following would take it away; back at the end it goes on.
          if (output.state.value !== 'ended') follows.value = isAtEnd;
        }}
        row={(index) => {
          const line = output.lines.at(index);
          if (line === undefined) return null;
          const time = showsTimes.value
            ? line.at === null || line.isContinued
              ? ''
              : clockTime(line.at)
            : undefined;
          return (
            <OutputRow
              key={index}
              line={line}
              theme={theme.value}
              found={foundByRow.get(index) ?? []}
              current={current}
              time={time}
            />
          );
        }}
      />
      {count === 0 && output.error.value === undefined ? (
        <p class="output-empty quiet">
          {output.state.value === 'ended' ? strings.output.none : strings.output.waiting}
        </p>
      ) : null}
    </section>
  );
}

function byRow(found: readonly Found[]): ReadonlyMap<number, readonly Found[]> {
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
function useFind(output: RunOutput, { firstSeen, show }: FindView) {
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
  return {
    wanted,
    found,
    at,
    go(by: number): void {
      const count = found.value.length;
      at.value = (at.value + by + count) % count;
      const one = found.value[at.value];
      if (one !== undefined) show(one);
    },
  };
}

function Chevron({ direction }: { readonly direction: 'up' | 'down' }) {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <path
        d={direction === 'up' ? 'M2.5 7.5 6 4l3.5 3.5' : 'M2.5 4.5 6 8l3.5-3.5'}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
