import { useSignal } from '@preact/signals';
import { momentOf } from '../format.ts';
import { type Alert, alerts, openAlerts, readAlerts } from '../state/alerts.ts';
import { call } from '../state/calls.ts';
import { now } from '../state/now.ts';
import { relative } from '../state/relative.ts';
import { windowStrings } from '../strings.ts';
import { showJob, showRun } from '../window/place.ts';
import { DaemonFacts } from './daemon-facts.tsx';

const strings = windowStrings.health;

/** What a person should know, and what is known of the daemon. */
export function HealthView() {
  const error = useSignal<Error | undefined>(undefined);
  const acknowledge = (id: string | null): void => {
    error.value = undefined;
    call('acknowledge', { id }).then(readAlerts, (reason: Error) => {
      error.value = reason;
    });
  };
  return (
    <section class="view health" aria-label={strings.title}>
      <div class="page">
        <section class="panel" aria-label={strings.alerts}>
          <div class="panel-header">
            <h2>{strings.alerts}</h2>
            {openAlerts.value.length < 2 ? null : (
              <button type="button" class="button" onClick={() => acknowledge(null)}>
                {strings.acknowledgeAll}
              </button>
            )}
          </div>
          {error.value === undefined ? null : (
            <p class="notice is-error" role="alert">
              {error.value.message}
            </p>
          )}
          {alerts.value.length === 0 ? (
            <p class="quiet">
              {strings.none}. {strings.noneHint}
            </p>
          ) : (
            <ul class="alerts">
              {alerts.value.map((alert) => (
                <AlertItem key={alert.id} alert={alert} onAcknowledge={() => acknowledge(alert.id)} />
              ))}
            </ul>
          )}
        </section>
        <DaemonFacts />
      </div>
    </section>
  );
}

function AlertItem({ alert, onAcknowledge }: { readonly alert: Alert; readonly onAcknowledge: () => void }) {
  const { run, job } = alert;
  return (
    <li class={`alert is-${alert.state}`}>
      <span class="alert-state">{strings.states[alert.state]}</span>
      <div class="alert-text">
        <p>{alert.message}</p>
        {alert.hint === null ? null : <p class="quiet">{alert.hint}</p>}
        <p class="quiet tabular" title={momentOf(alert.first)}>
          {strings.times(alert.count)}, {relative(alert.last, now.value)}
        </p>
      </div>
      <span class="button-row">
        {run === null ? null : (
          <button type="button" class="button" onClick={() => showRun(run)}>
            {strings.showRun}
          </button>
        )}
        {job === null ? null : (
          <button type="button" class="button" onClick={() => showJob(job)}>
            {strings.showJob}
          </button>
        )}
        {alert.state === 'open' ? (
          <button type="button" class="button" onClick={onAcknowledge}>
            {strings.acknowledge}
          </button>
        ) : null}
      </span>
    </li>
  );
}
