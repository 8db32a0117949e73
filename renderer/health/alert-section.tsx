import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { isolateIn } from '../bidi.ts';
import { momentOf } from '../format.ts';
import { type Alert, alerts, jobOf, readAlerts } from '../state/alerts.ts';
import { call } from '../state/calls.ts';
import { jobNames } from '../state/jobs.ts';
import { now } from '../state/now.ts';
import { relative } from '../state/relative.ts';
import { healthStrings as strings } from '../strings/health.ts';
import { showJob, showRun } from '../window/place.ts';
import { alertsInOrder } from './alert-order.ts';

interface AlertSectionProps {
  /** Does what a person wants, and says that it is done; a refusal is shown. */
  readonly attempt: (action: () => Promise<unknown>, done: string) => Promise<void>;
}

/** What a person should know; what is over, if it is asked for. */
export function AlertSection({ attempt }: AlertSectionProps) {
  const isOlderShown = useSignal(false);
  const title = useRef<HTMLHeadingElement>(null);
  const { standing, older } = alertsInOrder(alerts.value);
  const change = async (action: () => Promise<unknown>, done: string): Promise<void> => {
    await attempt(() => action().then(readAlerts), done);
    // The button that was pressed may be gone: whoever has no mouse goes on from here.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) title.current?.focus();
    });
  };
  const acknowledge = (id: string | null): void =>
    void change(() => call('acknowledge', { id }), strings.said.acknowledged);
  return (
    <section class="panel" aria-labelledby="alerts-title">
      <div class="panel-header">
        <h2 id="alerts-title" ref={title} tabIndex={-1}>
          {strings.alerts}
        </h2>
        {standing.filter(({ state }) => state === 'open').length < 2 ? null : (
          <button type="button" class="button" onClick={() => acknowledge(null)}>
            {strings.acknowledgeAll}
          </button>
        )}
      </div>
      {standing.length === 0 ? (
        <p class="quiet">
          {strings.none}. {strings.noneHint}
        </p>
      ) : (
        <AlertItems alerts={standing} label={strings.alerts} onAcknowledge={acknowledge} />
      )}
      {older.length === 0 ? null : (
        <div class="button-row alerts-older">
          <button
            type="button"
            class="button"
            aria-expanded={isOlderShown.value}
            onClick={() => {
              isOlderShown.value = !isOlderShown.value;
            }}
          >
            {isOlderShown.value ? strings.hideOlder : strings.showOlder(older.length)}
          </button>
          {older.some(({ state }) => state === 'resolved') ? (
            <button
              type="button"
              class="button"
              onClick={() => void change(() => call('archive'), strings.said.archived)}
            >
              {strings.archive}
            </button>
          ) : null}
        </div>
      )}
      {isOlderShown.value && older.length > 0 ? (
        <AlertItems alerts={older} label={strings.olderAlerts} onAcknowledge={acknowledge} />
      ) : null}
    </section>
  );
}

interface AlertItemsProps {
  readonly alerts: readonly Alert[];
  readonly label: string;
  readonly onAcknowledge: (id: string) => void;
}

function AlertItems({ alerts, label, onAcknowledge }: AlertItemsProps) {
  return (
    <ul class="alerts" aria-label={label}>
      {alerts.map((alert) => (
        <AlertItem key={alert.id} alert={alert} onAcknowledge={() => onAcknowledge(alert.id)} />
      ))}
    </ul>
  );
}

function AlertItem({ alert, onAcknowledge }: { readonly alert: Alert; readonly onAcknowledge: () => void }) {
  const { run, message, hint, count, first, last, state } = alert;
  const job = jobOf(alert);
  const text = isolateIn(message, alert.job);
  return (
    <li class={`alert is-${state}`}>
      <span class="alert-state">{strings.states[state]}</span>
      <div class="alert-text">
        <p>{text}</p>
        {hint === null ? null : <p class="quiet">{isolateIn(hint, alert.job)}</p>}
        <p class="quiet tabular" title={momentOf(first)}>
          {strings.times(count)}, {relative(last, now.value)}
        </p>
      </div>
      <span class="button-row">
        {run === null ? null : (
          <button type="button" class="button" onClick={() => showRun(run)}>
            {strings.showRun}
          </button>
        )}
        {job === null || !jobNames.value.includes(job) ? null : (
          <button type="button" class="button" onClick={() => showJob(job)}>
            {strings.showJob}
          </button>
        )}
        {state === 'open' ? (
          <button
            type="button"
            class="button"
            aria-label={strings.acknowledgeAlert(text)}
            onClick={onAcknowledge}
          >
            {strings.acknowledge}
          </button>
        ) : null}
      </span>
    </li>
  );
}
