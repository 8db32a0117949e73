import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { SoloistError } from '../daemon/errors.ts';
import { fingerprint } from '../daemon/fingerprint.ts';
import { logFolder } from '../daemon/log/day-files.ts';
import { type HomeChoice, homeWords } from '../home-words.ts';
import type { CommandWords } from '../installation.ts';
import { launchdService } from './launchd.ts';
import type { RunCommand, ServiceManager, ServicePlan } from './service.ts';
import { systemdService } from './systemd.ts';

/** A manager that waits for something is not waited for, in milliseconds. */
const LIMIT_MS = 150_000;

const run: RunCommand = (file, words) => {
  const { status, stdout, stderr, error } = spawnSync(file, words, { encoding: 'utf8', timeout: LIMIT_MS });
  return { exitCode: status, stdout: stdout ?? '', stderr: stderr || (error?.message ?? '') };
};

/** The daemon of a home as a service. `tool` is the command line, up to its own words. */
export function planFor(choice: HomeChoice, tool: CommandWords): ServicePlan {
  // The manager's environment is not that of this terminal.
  const words = homeWords(choice, {});
  return {
    suffix: words.includes('--home') ? fingerprint(choice.home).slice(0, 8) : null,
    command: [...tool, ...words, 'up', '--foreground', '--ensure'],
    logs: logFolder(choice.home),
  };
}

/** The manager of services of this platform. Throws a `SoloistError` where there is none that is known. */
export function serviceManager(plan: ServicePlan): ServiceManager {
  const { platform, env: environment } = process;
  const user = homedir();
  const uid = process.getuid?.() ?? 0;
  if (platform === 'darwin') return launchdService({ plan, run, user, uid });
  if (platform === 'linux') return systemdService({ plan, run, environment, user, uid });
  throw new SoloistError({
    code: 'no-service-manager',
    message: `There are no services of a person on this system (${platform}).`,
    hint: 'Let the menu-bar app start at login instead: Settings > Start at login.',
  });
}
