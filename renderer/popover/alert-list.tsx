import { useEffect, useRef } from 'preact/hooks';
import type { AppView } from '../../main/control/app-calls.ts';
import { isolateIn } from '../bidi.ts';
import { announce } from '../components/announcer.tsx';
import { Icon } from '../components/icon.tsx';
import { type Alert, jobOf, openAlerts } from '../state/alerts.ts';
import { call } from '../state/calls.ts';
import { jobNames } from '../state/jobs.ts';
import { now } from '../state/now.ts';
import { relative } from '../state/relative.ts';
import { popoverStrings as words } from '../strings.ts';
import { attempt } from './actions.ts';
import { areJobsLive } from './facts.ts';

/** More than these would leave the jobs no room; the others are a click away. */
const MOST_SHOWN = 2;

/** What needs a person, each with its way out. Those that began last are first, so that none moves when it is met again. */
export function AlertList({ app }: { readonly app: AppView }) {
  const alerts = openAlerts.value.toSorted((one, other) => other.first.localeCompare(one.first));
  const more = alerts.length - MOST_SHOWN;
  const known = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const fresh = alerts.filter(({ id }) => !known.current.has(id));
    known.current = new Set(alerts.map(({ id }) => id));
    if (fresh.length > 0) announce(fresh.map(({ message }) => message).join(' '));
  });
  // Without a daemon none of them can be looked into or acknowledged.
  if (alerts.length === 0 || !areJobsLive(app)) return null;
  return (
    <section aria-label={words.alerts}>
      {alerts.slice(0, MOST_SHOWN).map((alert) => (
        <AlertItem key={alert.id} alert={alert} />
      ))}
      {more <= 0 ? null : (
        <p class="popover-more">
          <button
            type="button"
            class="link"
            onClick={() => void attempt(() => call('open', { view: 'health' }))}
          >
            {words.moreAlerts(more)}
          </button>
        </p>
      )}
    </section>
  );
}

function AlertItem({ alert }: { readonly alert: Alert }) {
  const { id, run, message, hint, count, last } = alert;
  const job = jobOf(alert);
  const text = isolateIn(message, alert.job);
  return (
    <article class="popover-alert">
      <Icon name="alert" />
      <div>
        <p title={hint ?? undefined}>{text}</p>
        <div class="popover-alert-line">
          <span class="quiet tabular">{words.alertTimes(count, relative(last, now.value))}</span>
          <span class="popover-alert-actions">
            {job !== null || run !== null ? null : (
              <AlertAction
                name={words.show}
                label={words.showAlert(text)}
                onClick={() => call('open', { view: 'health' })}
              />
            )}
            {run === null ? null : (
              <AlertAction
                name={words.log}
                label={words.logOf(job ?? '')}
                onClick={() => call('open', { view: 'history', run })}
              />
            )}
            {job === null || !jobNames.value.includes(job) ? null : (
              <AlertAction
                name={words.again}
                label={words.runAgain(job)}
                onClick={() => call('run', { job })}
              />
            )}
            <AlertAction
              name={words.acknowledge}
              label={words.acknowledgeAlert(text)}
              onClick={() => call('acknowledge', { id })}
            />
          </span>
        </div>
      </div>
    </article>
  );
}

interface AlertActionProps {
  readonly name: string;
  /** Begins with the name, so that whoever speaks to the computer can say what is seen. */
  readonly label: string;
  readonly onClick: () => Promise<unknown>;
}

function AlertAction({ name, label, onClick }: AlertActionProps) {
  return (
    <button type="button" class="small-button" aria-label={label} onClick={() => void attempt(onClick)}>
      {name}
    </button>
  );
}
