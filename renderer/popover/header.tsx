import type { AppView } from '../../main/control/app-calls.ts';
import { Icon } from '../components/icon.tsx';
import { durationInWords } from '../format.ts';
import { call } from '../state/calls.ts';
import { now } from '../state/now.ts';
import { popoverStrings } from '../strings.ts';
import { attempt, startOrStop, startOrStopAction } from './actions.ts';

const words = popoverStrings;

/** How the daemon stands, and what can be done about it. */
export function Header({ app }: { readonly app: AppView }) {
  const action = startOrStopAction();
  const isRunning = app.status?.daemon.state === 'running';
  return (
    <header class="popover-header">
      <i class={`state-dot is-${app.tray.state}`} aria-hidden="true" />
      <div class="popover-state">
        <h1 aria-live="polite">{stateInWords(app)}</h1>
        <p class="quiet one-line" title={app.home}>
          {factsOf(app, now.value).join(' · ')}
        </p>
      </div>
      {action === undefined ? null : (
        <button
          type="button"
          class={`button ${action === 'start' ? 'is-primary' : ''}`}
          onClick={() => void startOrStop()}
        >
          {words[action]}
        </button>
      )}
      {isRunning ? (
        <button
          type="button"
          class="icon-button"
          aria-label={words.restart}
          title={words.restart}
          onClick={() => void attempt(() => call('restart'))}
        >
          <Icon name="restart" />
        </button>
      ) : null}
    </header>
  );
}

function stateInWords({ source, status, tray }: AppView): string {
  if (source.kind === 'duplicate') return words.states.duplicate;
  if (source.kind === 'gone') return words.states.stopped;
  const state = status?.daemon.state ?? 'starting';
  if (state !== 'running') return words.states[state];
  return tray.state === 'paused' || tray.state === 'working'
    ? words.states[tray.state]
    : words.states.running;
}

/** Uptime, PID and home, as far as they are known. */
function factsOf({ source, status, home }: AppView, at: number): readonly string[] {
  const daemon = status?.daemon;
  const isRunning = daemon?.state === 'running';
  const owner = source.kind === 'duplicate' || source.kind === 'attached' ? source.owner : status?.owner;
  return [
    ...(isRunning ? [words.up(durationInWords(wholeMinutes(at - Date.parse(daemon.since))))] : []),
    ...(owner == null ? [] : [words.pid(owner.pid)]),
    home,
  ];
}

/** Seconds count only while there are few: a line that changes each second would draw the eye for nothing. */
function wholeMinutes(milliseconds: number): number {
  const unit = milliseconds < 60_000 ? 1_000 : 60_000;
  return Math.max(1_000, Math.floor(milliseconds / unit) * unit);
}
