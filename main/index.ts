import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app } from 'electron';
import { configurationFile } from './configuration-file.ts';
import { chosenHome, prepareHome } from './daemon/home.ts';
import { startApp } from './shell/app.ts';
import { registerScheme } from './shell/page.ts';

const { values } = parseArgs({
  options: {
    home: { type: 'string' },
    config: { type: 'string' },
    /** Started at login: opens no window. */
    hidden: { type: 'boolean', default: false },
  },
  // Chromium takes options of its own.
  strict: false,
});
const text = (value: string | boolean | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

const home = prepareHome(chosenHome(text(values.home)));
app.setPath('userData', join(home, 'app'));
registerScheme();
void startApp({
  home,
  configuration: configurationFile(text(values.config), text(values.home)),
  hidden: values.hidden === true,
});
