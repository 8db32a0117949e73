import { homedir } from 'node:os';
import { locateConfiguration } from './daemon/config/locate.ts';

/**
 * The configuration file that the options and the environment of this process mean; see `locateConfiguration`.
 * Absolute; it need not exist.
 */
export function configurationFile(configOption: string | undefined, homeOption: string | undefined): string {
  return locateConfiguration({
    configOption,
    homeOption,
    environment: process.env,
    platform: process.platform,
    userFolder: homedir(),
    workingFolder: process.cwd(),
  }).path;
}
