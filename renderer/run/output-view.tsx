import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { Rows, type RowsHandle } from '../components/rows.tsx';
import { bytesInWords, clockTime } from '../format.ts';
import { windowStrings as strings } from '../strings.ts';
import { OutputBar } from './output-bar.tsx';
import { OutputRow } from './output-row.tsx';
import { RunOutput } from './run-output.ts';
import { theme } from './theme.ts';
import { useFind } from './use-find.ts';

const ROW_HEIGHT = 18;

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
    if (find.count === 0) return;
    follows.value = false;
    find.go(by);
  };

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
      <OutputBar
        size={count === 0 ? undefined : output.size.value}
        field={field}
        find={find}
        onStep={step}
        onLeave={() => rows.current?.focus()}
        showsTimes={showsTimes}
        follows={follows}
      />
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
          if (isRunning) follows.value = isAtEnd;
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
              found={find.byRow.get(index) ?? []}
              current={find.current}
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
