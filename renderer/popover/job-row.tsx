import type { JobView } from '../../main/control/views.ts';
import { isolate } from '../bidi.ts';
import { Icon, type IconName } from '../components/icon.tsx';
import { OutcomeMark } from '../components/outcome-mark.tsx';
import { durationInWords, durationOf } from '../format.ts';
import { now } from '../state/now.ts';
import { relative } from '../state/relative.ts';
import { popoverStrings, windowStrings } from '../strings.ts';
import { cancel, openLog, pauseOrResume, runNow } from './actions.ts';
import { recent } from './recent.ts';
import { Strip } from './strip.tsx';

const words = popoverStrings;

/** In pixels: two lines of text beside the strip. */
export const ROW_HEIGHT = 52;
/** Two lines for the name, two for the schedule, one for the strip. */
export const NARROW_ROW_HEIGHT = 108;

interface JobRowProps {
  readonly id: string;
  readonly index: number;
  readonly job: JobView;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

/** One job: how it stands, when it is due, how its last runs went; on hover or focus, what can be done. */
export function JobRow({ id, index, job, isChosen, onChoose }: JobRowProps) {
  const isOff = !job.enabled || job.paused !== null;
  const mark =
    job.running.length > 0 ? 'running' : job.queued.length > 0 ? 'queued' : job.last?.outcome?.kind;
  const runs = recent.value.get(job.name);
  return (
    <div
      id={id}
      class={`job-row ${isChosen ? 'is-chosen' : ''} ${isOff ? 'is-off' : ''}`}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isChosen}
      onPointerDown={onChoose}
      onDblClick={() => void openLog(job)}
    >
      <span class="job-row-mark" role="gridcell">
        {mark === undefined ? <i class="no-mark" aria-hidden="true" /> : <OutcomeMark kind={mark} />}
        <span class="visually-hidden">
          {mark === undefined ? words.neverRan : windowStrings.outcomes[mark]}
        </span>
      </span>
      <span class="job-row-text" role="gridcell">
        <bdi
          class="job-row-name one-line"
          title={job.description === null ? job.name : `${job.name}\n${job.description}`}
        >
          {job.name}
        </bdi>
        <span class="job-row-schedule one-line quiet" title={job.schedule}>
          {job.schedule}
        </span>
      </span>
      <span class="job-row-side" role="gridcell">
        <span class="job-row-due tabular">{dueInWords(job, now.value)}</span>
        {runs === undefined ? <i class="strip" /> : <Strip runs={runs} />}
      </span>
      <span class="job-row-actions" role="gridcell">
        {job.running.length + job.queued.length > 0 ? (
          <RowAction
            icon="cancel"
            label={words.cancelJob}
            job={job.name}
            isChosen={isChosen}
            onClick={() => cancel(job)}
          />
        ) : (
          <RowAction
            icon="run"
            label={words.runJob}
            job={job.name}
            isChosen={isChosen}
            onClick={() => runNow(job)}
          />
        )}
        <RowAction
          icon={job.paused === null ? 'pause' : 'resume'}
          label={job.paused === null ? words.pauseJob : words.resumeJob}
          job={job.name}
          isChosen={isChosen}
          onClick={() => pauseOrResume(job)}
        />
        <RowAction
          icon="log"
          label={words.logOf}
          job={job.name}
          isChosen={isChosen}
          onClick={() => openLog(job)}
        />
      </span>
    </div>
  );
}

interface RowActionProps {
  readonly icon: IconName;
  readonly label: (job: string) => string;
  readonly job: string;
  readonly isChosen: boolean;
  readonly onClick: () => Promise<void>;
}

/** Reached with Tab from the row that is chosen only: otherwise a hundred jobs would be three hundred stops. */
function RowAction({ icon, label, job, isChosen, onClick }: RowActionProps) {
  return (
    <button
      type="button"
      class="icon-button is-plain"
      tabIndex={isChosen ? 0 : -1}
      aria-label={label(job)}
      title={label(isolate(job))}
      onClick={() => void onClick()}
    >
      <Icon name={icon} />
    </button>
  );
}

/** When it is due, or why it is not; how long it has been running if it is. */
function dueInWords(job: JobView, at: number): string {
  const [run] = job.running;
  if (run !== undefined) return words.runningFor(durationInWords(wholeSeconds(durationOf(run, at) ?? 0)));
  if (!job.enabled) return words.disabled;
  if (job.paused !== null) return words.paused;
  if (job.nextDue !== null) return relative(job.nextDue, at);
  return '';
}

const wholeSeconds = (milliseconds: number): number =>
  Math.max(1_000, Math.round(milliseconds / 1_000) * 1_000);
