import { Icon } from '../components/icon.tsx';
import { type Alert, openAlerts } from '../state/alerts.ts';
import { call } from '../state/calls.ts';
import { now } from '../state/now.ts';
import { relative } from '../state/relative.ts';
import { popoverStrings } from '../strings.ts';
import { attempt, refusal } from './actions.ts';

const words = popoverStrings;

/** More than these would leave the jobs no room; the others are a click away. */
const MOST_SHOWN = 3;

/** What needs a person, each with its way out; and why the last wish was refused. */
export function AlertList() {
  const alerts = openAlerts.value;
  const more = alerts.length - MOST_SHOWN;
  return (
    <>
      {refusal.value === undefined ? null : (
        <div class="popover-alert is-refusal" role="alert">
          <Icon name="alert" />
          <div>
            <p>{refusal.value.message}</p>
            {refusal.value.hint === undefined ? null : <p class="quiet">{refusal.value.hint}</p>}
          </div>
          <button
            type="button"
            class="icon-button is-plain"
            aria-label={words.dismiss}
            title={words.dismiss}
            onClick={() => {
              refusal.value = undefined;
            }}
          >
            <Icon name="dismiss" />
          </button>
        </div>
      )}
      {alerts.length === 0 ? null : (
        <section aria-label={words.alerts} aria-live="polite">
          {alerts.slice(0, MOST_SHOWN).map((alert) => (
            <AlertItem key={alert.id} alert={alert} />
          ))}
          {more <= 0 ? null : (
            <button
              type="button"
              class="link popover-more"
              onClick={() => void attempt(() => call('open', { view: 'health' }))}
            >
              {words.moreAlerts(more)}
            </button>
          )}
        </section>
      )}
    </>
  );
}

function AlertItem({ alert }: { readonly alert: Alert }) {
  const { id, job, run, message, hint, count, last } = alert;
  return (
    <article class="popover-alert">
      <Icon name="alert" />
      <div>
        <p title={hint ?? undefined}>{message}</p>
        <p class="quiet">{words.alertTimes(count, relative(last, now.value))}</p>
      </div>
      <span class="popover-alert-actions">
        {run === null ? null : (
          <AlertAction
            name="log"
            label={words.logOf(job ?? '')}
            onClick={() => call('open', { view: 'history', run })}
          />
        )}
        {job === null || run === null ? null : (
          <AlertAction name="again" label={words.runAgain(job)} onClick={() => call('run', { job })} />
        )}
        <AlertAction name="dismiss" label={words.acknowledge} onClick={() => call('acknowledge', { id })} />
      </span>
    </article>
  );
}

interface AlertActionProps {
  readonly name: 'log' | 'again' | 'dismiss';
  readonly label: string;
  readonly onClick: () => Promise<unknown>;
}

function AlertAction({ name, label, onClick }: AlertActionProps) {
  return (
    <button
      type="button"
      class="icon-button is-plain"
      aria-label={label}
      title={label}
      onClick={() => void attempt(onClick)}
    >
      <Icon name={name} />
    </button>
  );
}
