import { useSignal } from '@preact/signals';
import { call } from '../state/calls.ts';
import { jobsError } from '../state/jobs.ts';
import { windowStrings } from '../strings.ts';
import { HelpLink } from './help-link.tsx';

const strings = windowStrings.noJobs;

/** In place of jobs: why there are none, and the way to the first one. */
export function NoJobs() {
  const error = useSignal<Error | undefined>(undefined);
  const reason = jobsError.value;
  if (reason !== undefined)
    return (
      <div class="empty">
        <h2>{strings.unknown}</h2>
        <p>{reason.message}</p>
        <HelpLink topic="troubleshooting" about={strings.unknown} />
      </div>
    );
  return (
    <div class="empty">
      <h2>{strings.none}</h2>
      <p>{strings.hint}</p>
      <span class="button-row">
        <button
          type="button"
          class="button is-primary"
          onClick={() => {
            call('edit', {}).catch((failure: Error) => {
              error.value = failure;
            });
          }}
        >
          {strings.create}
        </button>
        <HelpLink topic="jobs" about={windowStrings.views.jobs} />
      </span>
      {error.value === undefined ? null : (
        <p class="notice is-error" role="alert">
          {error.value.message}
        </p>
      )}
    </div>
  );
}
