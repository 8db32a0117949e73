import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ViewName } from '../../main/control/app-calls.ts';
import { Banners } from '../components/banners.tsx';
import { Shortcuts, windowShortcuts } from '../components/shortcuts.tsx';
import { HealthView } from '../health/health-view.tsx';
import { HelpView } from '../help/help-view.tsx';
import { HistoryView } from '../history/history-view.tsx';
import { JobsView } from '../jobs/jobs-view.tsx';
import { LinksView } from '../links/links-view.tsx';
import { RunPane } from '../run/run-pane.tsx';
import { SettingsView } from '../settings/settings-view.tsx';
import { windowStrings as strings } from '../strings.ts';
import { TimelineView } from '../timeline/timeline-view.tsx';
import { onWindowKey } from './keys.ts';
import { openRun, view } from './place.ts';
import { Sidebar } from './sidebar.tsx';

const views: Readonly<Record<ViewName, ComponentType>> = {
  timeline: TimelineView,
  history: HistoryView,
  jobs: JobsView,
  links: LinksView,
  health: HealthView,
  settings: SettingsView,
  help: HelpView,
};

/** The main window: a view, and a run beside it if one is open. */
export function MainWindow() {
  useEffect(() => {
    window.addEventListener('keydown', onWindowKey);
    return () => window.removeEventListener('keydown', onWindowKey);
  }, []);
  const name = view.value;
  const title = strings.views[name];
  useEffect(() => {
    document.title = `${title} – Soloist`;
  }, [title]);
  const View = views[name];
  const run = openRun.value;
  return (
    <div class="window">
      <Sidebar />
      <div class="content">
        <Banners />
        <div class={`split ${run === undefined ? '' : 'has-run'}`}>
          <main>
            <h1 class="visually-hidden">{title}</h1>
            <View />
          </main>
          {run === undefined ? null : <RunPane id={run} />}
        </div>
      </div>
      <Shortcuts rows={windowShortcuts()} />
    </div>
  );
}
