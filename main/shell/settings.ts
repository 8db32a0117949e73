import { join } from 'node:path';
import type { Logger } from 'pino';
import { type AppSettings, settings } from '../control/app-calls.ts';
import { JsonFile } from './json-file.ts';

const defaults: AppSettings = { theme: 'system', notifications: 'on', updates: 'on' };

/** The settings of the app, in `app.settings.json` of the home. */
export function settingsFile(home: string, logger: Logger): JsonFile<typeof settings> {
  return new JsonFile({ path: join(home, 'app.settings.json'), schema: settings, defaults, logger });
}
