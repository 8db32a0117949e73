import { useEffect, useRef } from 'preact/hooks';
import type { AppView } from '../../main/control/app-calls.ts';
import { announce } from '../components/announcer.tsx';
import { Icon } from '../components/icon.tsx';
import { call } from '../state/calls.ts';
import { jobs } from '../state/jobs.ts';
import { now } from '../state/now.ts';
import { popoverStrings as words } from '../strings.ts';
import { attempt, startOrStop, startOrStopAction } from './actions.ts';
import { activityOf, headerFacts, type StateSign, shortPath } from './facts.ts';

/** How the daemon stands, and what can be done about it. */
export function Header({ app }: { readonly app: AppView }) {
  const { sign, title, facts } = headerFacts(app, activityOf(jobs.value), now.value);
  const action = startOrStopAction();
  const state = app.status?.daemon.state;
  useAnnouncement(sign, title);
  return (
    <header class="popover-header">
      <div class="popover-state">
        <i class={`state-dot is-${sign}`} aria-hidden="true" />
        <h1 class={title.length > 24 ? 'is-long tabular' : ''}>{title}</h1>
        {action === undefined || app.source.kind === 'gone' ? null : (
          <button
            type="button"
            class={`button ${action === 'start' ? 'is-primary' : ''}`}
            onClick={() => void startOrStop()}
          >
            {words[action]}
          </button>
        )}
        {state !== 'running' ? null : (
          <button
            type="button"
            class="icon-button"
            aria-label={words.restart}
            title={words.restart}
            onClick={() => void attempt(() => call('restart'))}
          >
            <Icon name="restart" />
          </button>
        )}
      </div>
      <p class="popover-facts quiet tabular">
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
        <bdi title={app.home}>{shortPath(app.home)}</bdi>
      </p>
    </header>
  );
}

/** Says the state when it becomes another one, but neither each second of a count nor each run. */
function useAnnouncement(sign: StateSign, title: string): void {
  const kind = sign === 'working' ? 'running' : sign;
  const said = useRef(kind);
  useEffect(() => {
    if (said.current !== kind) announce(title);
    said.current = kind;
  }, [kind]);
}
