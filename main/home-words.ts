import { homedir } from 'node:os';
import { locateConfiguration } from './daemon/config/locate.ts';
import { defaultHome } from './daemon/home.ts';

/** Which home and which configuration are meant; both absolute. */
export interface HomeChoice {
  readonly home: string;
  readonly configuration: string;
}

/**
 * The options by which another program, started without SOLOIST_HOME and SOLOIST_CONFIG, means the same home and configuration;
 * none where it would mean them anyway.
 */
export function homeWords(
  { home, configuration }: HomeChoice,
  environment: NodeJS.ProcessEnv = process.env,
  userFolder = homedir(),
): readonly string[] {
  const isOwn = home === defaultHome(environment, process.platform, userFolder);
  const { path } = locateConfiguration({
    configOption: undefined,
    homeOption: isOwn ? undefined : home,
    environment: withoutChoice(environment),
    platform: process.platform,
    userFolder,
    workingFolder: '/',
  });
  return [...(isOwn ? [] : ['--home', home]), ...(path === configuration ? [] : ['--config', configuration])];
}

/** An environment that chooses neither home nor configuration. */
export function withoutChoice(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { SOLOIST_HOME: _, SOLOIST_CONFIG: __, ...rest } = environment;
  return rest;
}
