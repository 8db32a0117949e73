import { useSignal } from '@preact/signals';
import type { JobView } from '../../main/control/views.ts';
import { call } from '../state/calls.ts';
import { windowStrings } from '../strings.ts';
import { showRun } from '../window/place.ts';
import { wordsOf } from './words.ts';

const strings = windowStrings.jobs;

/** What can be done with a job. */
export function JobActions({ job }: { readonly job: JobView }) {
  const words = useSignal('');
  const error = useSignal<Error | undefined>(undefined);
  const isBusy = useSignal(false);
  const attempt = async (action: () => Promise<unknown>): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    error.value = undefined;
    try {
      await action();
    } catch (reason) {
      error.value = reason as Error;
    } finally {
      isBusy.value = false;
    }
  };
  const { name } = job;
  const isPaused = job.paused !== null;
  return (
    <>
      <form
        class="job-actions"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(async () => {
            const { run } = await call('run', { job: name, words: [...wordsOf(words.value)] });
            showRun(run.id);
          });
        }}
      >
        <button type="submit" class="button is-primary">
          {strings.runNow}
        </button>
        <input
          class="field job-arguments"
          aria-label={strings.arguments}
          placeholder={strings.arguments}
          title={strings.argumentsHint}
          value={words.value}
          onInput={(event) => {
            words.value = event.currentTarget.value;
          }}
        />
        <span class="button-row">
          {job.running.length === 0 && job.queued.length === 0 ? null : (
            <button
              type="button"
              class="button"
              onClick={() => void attempt(() => call('cancel', { target: name }))}
            >
              {strings.cancel}
            </button>
          )}
          <button
            type="button"
            class="button"
            onClick={() =>
              void attempt(() =>
                isPaused
                  ? call('resume', { job: name })
                  : call('pause', { job: name, by: 'the main window' }),
              )
            }
          >
            {isPaused ? strings.resume : strings.pause}
          </button>
          <button
            type="button"
            class="button"
            onClick={() => void attempt(() => call('enable', { job: name, enabled: !job.enabled }))}
          >
            {job.enabled ? strings.disable : strings.enable}
          </button>
          <button
            type="button"
            class="button"
            onClick={() => void attempt(() => call('edit', { job: name }))}
          >
            {strings.edit}
          </button>
        </span>
      </form>
      {error.value === undefined ? null : (
        <p class="notice is-error" role="alert">
          {error.value.message}
        </p>
      )}
    </>
  );
}
