import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app, dialog } from 'electron';
import { configurationFile } from './configuration-file.ts';
import { errorDetails } from './daemon/errors.ts';
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

async function main(): Promise<void> {
  const homeOption = text(values.home);
  const configOption = text(values.config);
  // No Dock icon; in the package the system knows it before the program runs.
  if (process.platform === 'darwin') app.setActivationPolicy('accessory');
  const home = prepareHome(chosenHome(homeOption));
  app.setPath('userData', join(home, 'app'));
  registerScheme();
  // On a display that cannot be opened Chromium ends the process before it is ready; nothing is to have begun by then.
  if (process.platform === 'linux') await app.whenReady();
  const isElsewhere = homeOption !== undefined || process.env.SOLOIST_HOME;
  const outcome = await startApp({
    home,
    configuration: configurationFile(configOption, homeOption),
    hidden: values.hidden === true,
    options: [
      ...(isElsewhere ? ['--home', home] : []),
      ...(configOption === undefined ? [] : ['--config', configurationFile(configOption, homeOption)]),
    ],
  });
  if (outcome === 'shown') app.exit(0);
}

main().catch(async (error: unknown) => {
  const { message, hint } = errorDetails(error);
  const words = [message, hint].filter(Boolean).join(' ');
  console.error(error instanceof Error && hint === undefined ? error : words);
  // Before it is ready, Electron has no box to show on Linux.
  await app.whenReady();
  dialog.showErrorBox('Soloist cannot start', words);
  app.exit(1);
});
