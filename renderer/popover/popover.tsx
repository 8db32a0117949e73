import { useEffect } from 'preact/hooks';
import { Announcer } from '../components/announcer.tsx';
import { Banners } from '../components/banners.tsx';
import { modifierKey, Shortcuts } from '../components/shortcuts.tsx';
import { app } from '../state/app.ts';
import { popoverStrings } from '../strings.ts';
import { AlertList } from './alert-list.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { JobList } from './job-list.tsx';
import { onPopoverKey } from './keys.ts';
import { Refusal } from './refusal.tsx';
import { UpdateLine } from './update-line.tsx';

const keys = popoverStrings.shortcuts;

/** What a click on the tray's icon opens: how the daemon stands, what needs a person, and the jobs. */
export function Popover() {
  useEffect(() => {
    window.addEventListener('keydown', onPopoverKey);
    return () => window.removeEventListener('keydown', onPopoverKey);
  }, []);
  if (app.value === undefined) return null;
  const modifier = modifierKey();
  return (
    <main class="popover">
      <Header app={app.value} />
      <div class="popover-notices">
        <Banners isStateElsewhere />
        <Refusal />
        <AlertList app={app.value} />
      </div>
      <JobList app={app.value} />
      <UpdateLine updates={app.value.updates} />
      <Footer app={app.value} />
      <Announcer />
      <Shortcuts
        rows={[
          [keys.find, ['/', `${modifier} F`]],
          [keys.move, ['↑', '↓', 'Home', 'End']],
          [keys.log, ['Enter', 'L']],
          [keys.run, ['R']],
          [keys.pause, ['P']],
          [keys.cancel, ['C']],
          [keys.startStop, ['S']],
          [keys.open, ['O']],
          [keys.settings, [`${modifier} ,`]],
          [keys.hide, ['Esc']],
          [keys.help, ['?']],
        ]}
      />
    </main>
  );
}
