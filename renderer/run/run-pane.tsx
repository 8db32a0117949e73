import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { RunView } from '../../main/control/views.ts';
import { OutcomeMark } from '../components/outcome-mark.tsx';
import { bytesInWords, count, durationInWords, durationOf, momentOf, reasonOf } from '../format.ts';
import { call, on } from '../state/calls.ts';
import { now } from '../state/now.ts';
import { windowStrings } from '../strings.ts';
import { kindOf } from '../timeline/marks.ts';
import { closeRun, showJob, showRun } from '../window/place.ts';
import { OutputView } from './output-view.tsx';

const strings = windowStrings.run;

/** A run beside the view it was opened from: everything about it, and what it printed. */
export function RunPane({ id }: { readonly id: string }) {
  const run = useSignal<RunView | undefined>(undefined);
  const error = useSignal<Error | undefined>(undefined);
  useEffect(() => {
    let isClosed = false;
    const load = (): void => {
      if (document.hidden) return;
      call('show', { id }).then(
        (shown) => {
          if (!isClosed) run.value = shown.run;
        },
        (reason: Error) => {
          if (!isClosed) error.value = reason;
        },
      );
    };
    error.value = undefined;
    load();
    const end = on('run', (changed) => {
      // What only the call tells is kept.
      if (changed.id === id) run.value = { ...run.value, ...changed };
    });
    document.addEventListener('visibilitychange', load);
    return () => {
      isClosed = true;
      end();
      document.removeEventListener('visibilitychange', load);
    };
  }, [id, run, error]);

  const shown = run.value?.id === id ? run.value : undefined;
  const attempt = (action: Promise<unknown>): void => {
    action.catch((reason: Error) => {
      error.value = reason;
    });
  };
  return (
    <aside class="run-pane" aria-label={shown === undefined ? strings.loading : strings.title(shown.job)}>
      <header class="run-header">
        {shown === undefined ? null : <OutcomeMark kind={kindOf(shown)} />}
        <h2 title={shown?.job}>{shown?.job ?? ''}</h2>
        {shown === undefined ? null : (
          <span class="run-actions">
            {shown.state === 'ended' ? (
              <button
                type="button"
                class="button"
                onClick={() => attempt(call('run', { job: shown.job }).then(({ run }) => showRun(run.id)))}
              >
                {strings.again}
              </button>
            ) : (
              <button
                type="button"
                class="button"
                onClick={() => attempt(call('cancel', { target: shown.id }))}
              >
                {strings.cancel}
              </button>
            )}
            <button type="button" class="button" onClick={() => showJob(shown.job)}>
              {strings.showJob}
            </button>
          </span>
        )}
        <button
          type="button"
          class="icon-button"
          aria-label={strings.closeRun}
          title={strings.closeRun}
          onClick={closeRun}
        >
          <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
            <path d="m2 2 8 8m0-8-8 8" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" />
          </svg>
        </button>
      </header>
      {error.value === undefined ? null : (
        <p class="notice is-error" role="alert">
          {error.value.message}
        </p>
      )}
      {shown === undefined ? null : (
        <>
          <Facts run={shown} />
          <OutputView key={id} run={id} isRunning={shown.state !== 'ended'} />
        </>
      )}
    </aside>
  );
}

/** Everything that is known about a run. */
function Facts({ run }: { readonly run: RunView }) {
  const { facts } = strings;
  const kind = kindOf(run);
  const duration = durationOf(run, run.state === 'running' ? now.value : 0);
  const late =
    run.due === null || run.startedAt === null ? undefined : Date.parse(run.startedAt) - Date.parse(run.due);
  const reason = reasonOf(run.outcome);
  const rows: (readonly [label: string, value: string] | undefined)[] = [
    [facts.result, windowStrings.outcomes[kind] + (reason === '' ? '' : ` – ${reason}`)],
    [facts.trigger, windowStrings.triggers[run.trigger]],
    run.due === null ? undefined : [facts.due, momentOf(run.due)],
    run.startedAt === null
      ? [facts.queued, momentOf(run.queuedAt)]
      : [facts.started, momentOf(run.startedAt)],
    [facts.ended, run.endedAt === null ? strings.goesOn : momentOf(run.endedAt)],
    duration === undefined ? undefined : [facts.duration, durationInWords(duration)],
    late === undefined ? undefined : [facts.late, late < 1_000 ? strings.onTime : durationInWords(late)],
    [facts.attempt, count(run.attempt)],
    run.pid === null ? undefined : [facts.pid, `${run.pid}`],
    run.usage?.cpuMs == null ? undefined : [facts.cpu, durationInWords(run.usage.cpuMs)],
    run.usage?.peakMemoryBytes == null ? undefined : [facts.memory, bytesInWords(run.usage.peakMemoryBytes)],
    run.output === null ? undefined : [facts.output, run.output.file],
    run.files === undefined ? undefined : [facts.files, filesInWords(run.files)],
    [facts.id, run.id],
  ];
  return (
    <dl class="facts">
      {rows.map((row) =>
        row === undefined ? null : (
          <div key={row[0]} class={row[0] === facts.output || row[0] === facts.files ? 'is-wide' : undefined}>
            <dt>{row[0]}</dt>
            <dd title={row[1]}>{row[1]}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** More are not listed. */
const LISTED_FILES = 5;

function filesInWords(files: readonly string[]): string {
  const more = files.length - LISTED_FILES;
  return [...files.slice(0, LISTED_FILES), ...(more > 0 ? [strings.moreFiles(count(more))] : [])].join('\n');
}
