import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { Rows, type RowsHandle } from '../components/rows.tsx';
import { count, weekdayOf } from '../format.ts';
import { windowStrings } from '../strings.ts';
import { closeRun, openRun, showRun } from '../window/place.ts';
import { FilterBar } from './filter-bar.tsx';
import { endOf, filters, NO_FILTERS } from './filters.ts';
import { HistoryRow, historyHeader } from './history-row.tsx';
import { HistoryStore } from './history-store.ts';

const strings = windowStrings.history;
const ROW_HEIGHT = 32;
const HEADER_HEIGHT = 28;

/** Every run there was, newest first. */
export function HistoryView() {
  const store = useMemo(() => new HistoryStore(), []);
  useEffect(() => () => store.close(), [store]);
  const rows = useRef<RowsHandle>(null);
  const table = useRef<HTMLDivElement>(null);
  const chosen = useSignal<string | undefined>(openRun.value);
  const unseen = useSignal(0);
  const version = store.version.value;
  const { pages } = store;
  const chosenRow = chosen.value === undefined ? undefined : pages.rowOf(chosen.value);

  useLayoutEffect(() => {
    const seen = rows.current?.seen();
    const isReading = (seen?.first ?? 0) > 0 || openRun.peek() !== undefined;
    const added = store.takeAdded(seen?.first ?? 0);
    if (added === 0 || !isReading) return;
    rows.current?.shift(added);
    unseen.value += added;
  }, [version]);

  useLayoutEffect(() => {
    rows.current?.show(0);
    unseen.value = 0;
  }, [filters.value]);

  const choose = (row: number): void => {
    const bounded = Math.min(Math.max(0, row), pages.count - 1);
    const run = pages.at(bounded);
    rows.current?.show(bounded);
    if (run === undefined) return;
    chosen.value = run.id;
    // With a run open beside the list, moving through the list moves through the runs.
    if (openRun.value !== undefined) showRun(run.id);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey || event.ctrlKey) return;
    const seen = rows.current?.seen() ?? { first: 0, end: 1 };
    const page = Math.max(1, seen.end - seen.first - 1);
    const from = chosenRow ?? seen.first - 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: from + 1,
      ArrowUp: Math.max(0, from - 1),
      PageDown: from + page,
      PageUp: from - page,
      Home: 0,
      End: pages.count - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) choose(to);
    else if ((event.key === 'Enter' || event.key === ' ') && chosen.value !== undefined)
      showRun(chosen.value);
    else return;
    event.preventDefault();
  };

  const hasFilters = filters.value !== NO_FILTERS;
  return (
    <section class="view history" aria-label={strings.title}>
      <FilterBar />
      <div class="table-frame" ref={table}>
        {unseen.value === 0 ? null : (
          <button
            type="button"
            class="new-runs"
            onClick={() => {
              rows.current?.show(0);
              unseen.value = 0;
            }}
          >
            ↑ {strings.newRuns(unseen.value)}
          </button>
        )}
        <Rows
          handle={rows}
          class="table"
          role="grid"
          tabIndex={0}
          aria-label={strings.table}
          aria-rowcount={pages.isComplete ? pages.count + 1 : -1}
          aria-activedescendant={chosenRow === undefined ? undefined : `history-${chosen.value}`}
          onKeyDown={onKeyDown}
          count={pages.count}
          rowHeight={ROW_HEIGHT}
          header={historyHeader}
          headerHeight={HEADER_HEIGHT}
          onSee={(first, end) => pages.see(first, end)}
          onScrolled={(_, isAtStart) => {
            if (isAtStart) unseen.value = 0;
          }}
          row={(index) => {
            const run = pages.at(index);
            return (
              <HistoryRow
                key={run?.id ?? index}
                row={index}
                run={run}
                isChosen={run !== undefined && run.id === chosen.value}
                onOpen={(id) => {
                  chosen.value = id;
                  if (openRun.value === id) closeRun();
                  else showRun(id);
                }}
              />
            );
          }}
        />
        {pages.error === undefined ? null : (
          <p class="notice is-error" role="alert">
            {pages.error.message}{' '}
            <button type="button" class="link" onClick={() => pages.retry()}>
              {windowStrings.retry}
            </button>
          </p>
        )}
        {pages.count === 0 && pages.isComplete ? (
          <div class="empty">
            <h2>{hasFilters ? strings.noMatch : strings.none}</h2>
            <p>{hasFilters ? strings.noMatchHint : strings.noneHint}</p>
          </div>
        ) : null}
      </div>
      <StatusLine count={pages.count} isComplete={pages.isComplete} isLoading={pages.isLoading} />
    </section>
  );
}

interface StatusLineProps {
  readonly count: number;
  readonly isComplete: boolean;
  readonly isLoading: boolean;
}

/** How many runs are shown, and what they were narrowed down to. */
function StatusLine({ count: shown, isComplete, isLoading }: StatusLineProps) {
  const { lastDay, text } = filters.value;
  const isFirst = isLoading && shown === 0;
  const words = isFirst
    ? text === ''
      ? strings.loading
      : strings.searching
    : (isComplete ? strings.end : strings.more)(count(shown));
  return (
    <div class="status-line quiet">
      <p role="status">{words}</p>
      {lastDay === undefined ? null : (
        <p>
          {strings.anchored(weekdayOf(endOf(lastDay).getTime() - 1))}{' '}
          <button
            type="button"
            class="link"
            onClick={() => {
              filters.value = { ...filters.value, lastDay: undefined };
            }}
          >
            {strings.toNewest}
          </button>
        </p>
      )}
      {filters.value === NO_FILTERS ? null : (
        <button
          type="button"
          class="link status-clear"
          onClick={() => {
            filters.value = NO_FILTERS;
          }}
        >
          {strings.clear}
        </button>
      )}
    </div>
  );
}
