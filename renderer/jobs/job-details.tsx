import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { JobView } from '../../main/control/views.ts';
import type { WindowOutput } from '../../main/control/window-calls.ts';
import { momentOf } from '../format.ts';
import { filters, NO_FILTERS } from '../history/filters.ts';
import { call, on } from '../state/calls.ts';
import { now } from '../state/now.ts';
import { relative } from '../state/relative.ts';
import { windowStrings } from '../strings.ts';
import { showRun, showView } from '../window/place.ts';
import { Figures } from './figures.tsx';
import { JobActions } from './job-actions.tsx';
import { RunStrip } from './run-strip.tsx';

const strings = windowStrings.jobs;
type Answer = WindowOutput<'job'>;
type Recent = WindowOutput<'recent'>['jobs'][number]['runs'];

const STRIP = 50;
/** While a job runs often, it is not asked for more than this often, in milliseconds. */
const REFRESH_MS = 500;

/** Everything about one job. */
export function JobDetails({ job }: { readonly job: JobView }) {
  const details = useSignal<Answer | undefined>(undefined);
  const recent = useSignal<Recent>([]);
  const error = useSignal<Error | undefined>(undefined);
  const { name } = job;
  useEffect(() => {
    let isClosed = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async (): Promise<void> => {
      if (document.hidden) return;
      try {
        const [answer, strips] = await Promise.all([
          call('job', { job: name }),
          call('recent', { jobs: [name], limit: STRIP }),
        ]);
        if (isClosed) return;
        details.value = answer;
        recent.value = strips.jobs[0]?.runs ?? [];
        error.value = undefined;
      } catch (reason) {
        if (!isClosed) error.value = reason as Error;
      }
    };
    const soon = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void read();
      }, REFRESH_MS);
    };
    void read();
    const ends = [
      on('run', (run) => {
        if (run.job === name) soon();
      }),
      on('jobs', soon),
    ];
    document.addEventListener('visibilitychange', soon);
    return () => {
      isClosed = true;
      clearTimeout(timer);
      for (const end of ends) end();
      document.removeEventListener('visibilitychange', soon);
    };
  }, [name, details, recent, error]);

  const shown = details.value;
  return (
    <article class="job-details" aria-label={name} tabIndex={0}>
      <header class="job-header">
        <h2>{name}</h2>
        <p class="job-schedule">
          {job.schedule}
          {job.kind === 'service' ? <span class="badge">{strings.service}</span> : null}
          {job.enabled ? null : <span class="badge">{strings.disabled}</span>}
          {job.running.length > 0 ? <span class="badge is-running">{strings.running}</span> : null}
          {job.tags.map((tag) => (
            <span class="badge is-tag" key={tag}>
              {tag}
            </span>
          ))}
        </p>
        {job.description === null ? null : <p class="quiet">{job.description}</p>}
        {job.paused === null ? null : (
          <p class="quiet">{strings.pausedBy(job.paused.by, momentOf(job.paused.since))}</p>
        )}
        <JobActions job={job} />
      </header>
      {error.value === undefined ? null : (
        <p class="notice is-error" role="alert">
          {error.value.message}
        </p>
      )}
      {shown === undefined ? null : (
        <>
          <section class="panel" aria-label={strings.lastRuns}>
            <div class="panel-header">
              <h3>{strings.lastRuns}</h3>
              <button
                type="button"
                class="link"
                onClick={() => {
                  filters.value = { ...NO_FILTERS, job: name };
                  showView('history');
                }}
              >
                {strings.showAll}
              </button>
            </div>
            <RunStrip runs={recent.value} onOpen={showRun} />
          </section>
          <div class="panels">
            <section class="panel" aria-label={strings.figures}>
              <h3>{strings.figures}</h3>
              <Figures statistics={shown.statistics} />
            </section>
            <section class="panel" aria-label={strings.nextRuns}>
              <h3>{strings.nextRuns}</h3>
              {shown.next.length === 0 ? (
                <p class="quiet">{strings.noNext}</p>
              ) : (
                <ol class="next-runs">
                  {shown.next.slice(0, 10).map((due) => (
                    <li key={due}>
                      <time dateTime={due}>{momentOf(due)}</time>
                      <span class="quiet">{relative(due, now.value)}</span>
                    </li>
                  ))}
                </ol>
              )}
            </section>
          </div>
          <section class="panel" aria-label={strings.settings}>
            <div class="panel-header">
              <h3>{strings.settings}</h3>
              {shown.line === null ? null : <span class="quiet">{strings.line(shown.line)}</span>}
            </div>
            <dl class="settings-list">
              {shown.settings.map(({ key, value }) => (
                <div key={key}>
                  <dt>{key}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </section>
        </>
      )}
    </article>
  );
}
