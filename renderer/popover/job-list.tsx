import { computed, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { AppView } from '../../main/control/app-calls.ts';
import { Rows, type RowsHandle } from '../components/rows.tsx';
import { CallError, call } from '../state/calls.ts';
import { haveJobsBeenRead, jobs, jobsError } from '../state/jobs.ts';
import { isNarrow } from '../state/narrow.ts';
import { popoverStrings } from '../strings.ts';
import { attempt, cancel, openLog, pauseOrResume, runNow } from './actions.ts';
import { areJobsLive } from './facts.ts';
import { filterJobs, movedChoice } from './filter.ts';
import { JobRow, NARROW_ROW_HEIGHT, ROW_HEIGHT } from './job-row.tsx';
import { seeJobs } from './recent.ts';

const words = popoverStrings;

export const wanted = signal('');
/** Whether the daemon has no jobs any more: the last ones that were read are those of a configuration that is gone. */
const isListOver = computed(() => jobsError.value instanceof CallError && jobsError.value.code === 'no-jobs');
/** The job that the keys act on. */
const chosen = signal<string | undefined>(undefined);

/** What the keys do with the job that is chosen. */
const jobKeys: Readonly<Record<string, typeof runNow>> = {
  Enter: openLog,
  l: openLog,
  r: runNow,
  p: pauseOrResume,
  c: cancel,
};

/** The rows that are in the page: only one of them can be named as the active one. */
const inPage = signal({ first: 0, end: 0 });
const isInPage = (row: number): boolean => row >= inPage.value.first && row < inPage.value.end;

/** All jobs, searched as one types. */
export function JobList({ app }: { readonly app: AppView }) {
  const rows = useRef<RowsHandle>(null);
  const shown = filterJobs(jobs.value, wanted.value);
  const at = shown.findIndex(({ name }) => name === chosen.value);
  const isRunning = app.status?.daemon.state === 'running';
  useEffect(() => {
    if (at >= 0) rows.current?.show(at);
  }, [at]);
  if (jobs.value.length === 0 || isListOver.value || !areJobsLive(app))
    return <Empty app={app} isRunning={isRunning} />;

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const to = movedChoice(event.key, at, shown.length);
    const isField = event.target instanceof HTMLInputElement;
    if (isField && event.key === 'Enter') {
      // The first one found is chosen; what is done with it takes one more key.
      chosen.value = (shown[at] ?? shown[0])?.name;
      rows.current?.focus();
    } else if (to !== undefined && !(isField && (event.key === 'Home' || event.key === 'End'))) {
      chosen.value = shown[to]?.name;
      rows.current?.focus();
    } else {
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const job = shown[at];
      const act = jobKeys[key];
      if (isField || job === undefined || act === undefined || event.target instanceof HTMLButtonElement)
        return;
      void act(job);
    }
    event.preventDefault();
  };
  return (
    <section class="popover-jobs" aria-label={words.jobs}>
      <div class="popover-search">
        <input
          class="field"
          type="search"
          data-find
          aria-label={words.search}
          placeholder={words.search}
          value={wanted.value}
          onInput={(event) => {
            wanted.value = event.currentTarget.value;
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <p class="visually-hidden" role="status">
        {wanted.value === '' ? '' : words.found(shown.length)}
      </p>
      {shown.length === 0 ? <p class="popover-none quiet">{words.noMatch}</p> : null}
      <Rows
        class="job-rows"
        role="grid"
        tabIndex={0}
        aria-label={words.jobs}
        aria-rowcount={shown.length}
        aria-activedescendant={isInPage(at) ? rowId(at) : undefined}
        handle={rows}
        count={shown.length}
        rowHeight={isNarrow.value ? NARROW_ROW_HEIGHT : ROW_HEIGHT}
        onSee={(first, end) => {
          if (inPage.value.first !== first || inPage.value.end !== end) inPage.value = { first, end };
          seeJobs(shown.slice(first, end).map(({ name }) => name));
        }}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          if (event.target === event.currentTarget && at < 0) chosen.value = shown[0]?.name;
        }}
        row={(index) => {
          const job = shown[index];
          return job === undefined ? null : (
            <JobRow
              key={job.name}
              id={rowId(index)}
              index={index}
              job={job}
              isChosen={index === at}
              onChoose={() => {
                chosen.value = job.name;
              }}
            />
          );
        }}
      />
    </section>
  );
}

const rowId = (index: number): string => `job-${index}`;

interface EmptyProps {
  readonly app: AppView;
  readonly isRunning: boolean;
}

/** Why there are no jobs to be seen; undefined where something else says it. */
function reasonForNone({ source, status }: AppView): string | undefined {
  if (source.kind === 'duplicate') return words.notAttached;
  const isStopped = source.kind === 'gone' || status?.daemon.state === 'stopped';
  return isStopped ? words.noDaemon : undefined;
}

function Empty({ app, isRunning }: EmptyProps) {
  if (!isRunning || !haveJobsBeenRead.value)
    return (
      <section class="popover-empty" aria-label={words.jobs}>
        <p class="quiet">{reasonForNone(app)}</p>
      </section>
    );
  return (
    <section class="popover-empty" aria-label={words.jobs}>
      <h2>{words.none}</h2>
      <p class="quiet">{words.noneHint}</p>
      <button type="button" class="button is-primary" onClick={() => void attempt(() => call('edit'))}>
        {words.create}
      </button>
    </section>
  );
}
