import { app } from 'electron';
import { modeOf } from './daemon/executable.ts';

const mode = modeOf(process.argv);

/** What the app's executable is this time. Each is loaded only when it is wanted. */
switch (mode.kind) {
  case 'app':
    void import('./menu-bar.ts');
    break;
  case 'cli':
  case 'daemon':
    void import('./shell/without-windows.ts').then(({ withoutWindows }) => withoutWindows(mode, app));
    break;
}
