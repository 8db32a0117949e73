import type { RunView } from '../../main/control/views.ts';
import { OutcomeMark } from '../components/outcome-mark.tsx';
import { durationInWords, durationOf, momentOf, reasonOf } from '../format.ts';
import { now } from '../state/now.ts';
import { windowStrings } from '../strings.ts';
import { kindOf } from '../timeline/marks.ts';

const { columns } = windowStrings.history;

export const historyHeader = (
  <div class="table-header" role="row" aria-rowindex={1}>
    {(['outcome', 'job', 'started', 'duration', 'trigger', 'detail'] as const).map((column) => (
      <span class={`cell is-${column}`} role="columnheader" key={column}>
        {columns[column]}
      </span>
    ))}
  </div>
);

interface HistoryRowProps {
  readonly row: number;
  /** Undefined while it is not loaded. */
  readonly run: RunView | undefined;
  readonly isChosen: boolean;
  readonly onOpen: (run: string) => void;
}

/** One run in the history's table. */
export function HistoryRow({ row, run, isChosen, onOpen }: HistoryRowProps) {
  if (run === undefined)
    return (
      <div class="table-row is-waiting" role="row" aria-rowindex={row + 2}>
        <span class="cell" role="gridcell">
          {windowStrings.history.notLoaded}
        </span>
      </div>
    );
  const kind = kindOf(run);
  const duration = durationOf(run, run.state === 'running' ? now.value : 0);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the table has the keys, and says which row is meant.
    <div
      class={`table-row ${isChosen ? 'is-chosen' : ''}`}
      id={`history-${run.id}`}
      role="row"
      aria-rowindex={row + 2}
      aria-selected={isChosen}
      onClick={() => onOpen(run.id)}
    >
      <span class="cell is-outcome" role="gridcell">
        <OutcomeMark kind={kind} />
        <span>{windowStrings.outcomes[kind]}</span>
      </span>
      <span class="cell is-job" role="gridcell" title={run.job}>
        {run.job}
      </span>
      <span class="cell is-started" role="gridcell">
        {momentOf(run.startedAt ?? run.queuedAt)}
      </span>
      <span class="cell is-duration" role="gridcell">
        {duration === undefined ? '–' : durationInWords(duration)}
      </span>
      <span class="cell is-trigger" role="gridcell">
        {windowStrings.triggers[run.trigger]}
      </span>
      <span class="cell is-detail" role="gridcell" title={reasonOf(run.outcome)}>
        {reasonOf(run.outcome)}
      </span>
    </div>
  );
}
