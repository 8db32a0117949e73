import type { ViewName } from '../../main/control/app-calls.ts';
import { Icon } from '../components/icon.tsx';
import { VerdictMark } from '../components/verdict-mark.tsx';
import { openAlerts } from '../state/alerts.ts';
import { answering, app } from '../state/app.ts';
import { windowStrings as strings } from '../strings.ts';
import { showView, view } from './place.ts';

export const viewOrder: readonly ViewName[] = ['timeline', 'history', 'jobs', 'health', 'settings'];

/** The five views, and how the daemon stands. */
export function Sidebar() {
  const modifier = app.value?.platform === 'darwin' ? 'Meta' : 'Control';
  const tray = app.value?.tray;
  return (
    <nav class="sidebar" aria-label={strings.navigation}>
      <ul>
        {viewOrder.map((name, index) => (
          <li key={name}>
            <button
              type="button"
              class="sidebar-item"
              aria-current={view.value === name ? 'page' : undefined}
              aria-keyshortcuts={`${modifier}+${index + 1}`}
              onClick={() => showView(name)}
            >
              <Icon name={name} />
              <span>{strings.views[name]}</span>
              {name === 'health' ? <HealthSigns /> : null}
            </button>
          </li>
        ))}
      </ul>
      <p class="sidebar-state" role="status">
        <i class={`state-dot is-${tray?.state ?? 'stopped'}`} aria-hidden="true" />
        <span>{tray?.line ?? ''}</span>
      </p>
    </nav>
  );
}

/** As it was looked at last; null while no daemon tells. */
const health = () => (answering.value === undefined ? null : (app.value?.status?.health ?? null));

/** Whether something is not well, and what waits for a person. */
function HealthSigns() {
  const open = openAlerts.value.length;
  const { errors, warnings } = health() ?? { errors: 0, warnings: 0 };
  return (
    <span class="sidebar-signs">
      {errors + warnings === 0 ? null : (
        <>
          <VerdictMark verdict={errors > 0 ? 'error' : 'warning'} />
          <span class="visually-hidden">{strings.health.troubles(errors, warnings)}</span>
        </>
      )}
      {open === 0 ? null : (
        <span class="count-badge">
          <span aria-hidden="true">{open}</span>
          <span class="visually-hidden">{strings.alertsOpen(open)}</span>
        </span>
      )}
    </span>
  );
}
