import type { AppView } from '../../main/control/app-calls.ts';
import { Icon } from '../components/icon.tsx';
import { call } from '../state/calls.ts';
import { jobs } from '../state/jobs.ts';
import { popoverStrings } from '../strings.ts';
import { attempt, pauseOrResumeAll } from './actions.ts';
import { activityOf, areJobsLive } from './facts.ts';

const words = popoverStrings;

/** The ways out of the popover. */
export function Footer({ app }: { readonly app: AppView }) {
  const isPaused = activityOf(jobs.value).areAllPaused;
  return (
    <footer class="popover-footer">
      <button
        type="button"
        class="button is-plain"
        onClick={() => void attempt(() => call('open', { view: 'timeline' }))}
      >
        <Icon name="open" />
        {words.open}
      </button>
      <span class="popover-gap" />
      {jobs.value.length === 0 || !areJobsLive(app) ? null : (
        <button type="button" class="button is-plain" onClick={() => void pauseOrResumeAll()}>
          {isPaused ? words.resumeAll : words.pauseAll}
        </button>
      )}
      <button
        type="button"
        class="icon-button is-plain"
        aria-label={words.settings}
        title={words.settings}
        onClick={() => void attempt(() => call('open', { view: 'settings' }))}
      >
        <Icon name="settings" />
      </button>
      <button
        type="button"
        class="icon-button is-plain"
        aria-label={words.quit}
        title={words.quit}
        onClick={() => void attempt(() => call('quit'))}
      >
        <Icon name="quit" />
      </button>
    </footer>
  );
}
