import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { JobView } from '../../main/control/views.ts';
import { NoJobs } from '../components/no-jobs.tsx';
import { OutcomeMark } from '../components/outcome-mark.tsx';
import { jobs } from '../state/jobs.ts';
import { windowStrings } from '../strings.ts';
import { kindOf, type MarkKind } from '../timeline/marks.ts';
import { place, showJob } from '../window/place.ts';
import { JobDetails } from './job-details.tsx';

const strings = windowStrings.jobs;

/** The jobs, and one of them in detail. */
export function JobsView() {
  const wanted = useSignal('');
  const list = useRef<HTMLUListElement>(null);
  const needle = wanted.value.trim().toLowerCase();
  const shown = jobs.value.filter(({ name, tags, description }) =>
    [name, description ?? '', ...tags].some((text) => text.toLowerCase().includes(needle)),
  );
  const chosen = jobs.value.find(({ name }) => name === place.value.job) ?? shown[0];
  const move = (event: KeyboardEvent): void => {
    const at = shown.findIndex(({ name }) => name === chosen?.name);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: shown.length - 1,
    };
    const to = moves[event.key];
    const job = to === undefined ? undefined : shown[Math.min(Math.max(0, to), shown.length - 1)];
    if (job === undefined) return;
    event.preventDefault();
    showJob(job.name);
    list.current?.querySelector(`[data-job="${CSS.escape(job.name)}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  if (jobs.value.length === 0)
    return (
      <section class="view jobs" aria-label={strings.title}>
        <NoJobs />
      </section>
    );
  return (
    <section class="view jobs" aria-label={strings.title}>
      <div class="job-list-frame">
        <input
          class="field is-search"
          type="search"
          data-find
          aria-label={strings.filter}
          placeholder={strings.filter}
          value={wanted.value}
          onInput={(event) => {
            wanted.value = event.currentTarget.value;
          }}
          onKeyDown={move}
        />
        <ul
          class="job-list"
          ref={list}
          role="listbox"
          tabIndex={0}
          aria-label={strings.list}
          aria-activedescendant={chosen === undefined || !shown.includes(chosen) ? undefined : 'chosen-job'}
          onKeyDown={move}
        >
          {shown.map((job) => (
            <JobItem key={job.name} job={job} isChosen={job === chosen} />
          ))}
        </ul>
        {shown.length === 0 ? <p class="quiet job-list-none">{strings.noMatch}</p> : null}
      </div>
      {chosen === undefined ? (
        <div class="empty">
          <h2>{strings.choose}</h2>
          <p>{strings.chooseHint}</p>
        </div>
      ) : (
        <JobDetails key={chosen.name} job={chosen} />
      )}
    </section>
  );
}

/** How a job stands at a glance; undefined before its first run. */
function signOf({ running, last }: JobView): MarkKind | undefined {
  if (running.length > 0) return 'running';
  return last === null ? undefined : kindOf(last);
}

function JobItem({ job, isChosen }: { readonly job: JobView; readonly isChosen: boolean }) {
  const sign = signOf(job);
  const state = !job.enabled ? strings.disabled : job.paused !== null ? strings.paused : job.schedule;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys, and says which one is meant.
    <li
      class={`job-item ${isChosen ? 'is-chosen' : ''} ${job.enabled && job.paused === null ? '' : 'is-off'}`}
      role="option"
      id={isChosen ? 'chosen-job' : undefined}
      aria-selected={isChosen}
      data-job={job.name}
      onClick={() => showJob(job.name)}
    >
      {sign === undefined ? <i class="no-mark" aria-hidden="true" /> : <OutcomeMark kind={sign} />}
      <span class="job-item-name">{job.name}</span>
      {sign === undefined ? null : <span class="visually-hidden">{windowStrings.outcomes[sign]}</span>}
      <span class="job-item-schedule quiet">{state}</span>
    </li>
  );
}
