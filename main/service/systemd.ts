import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SoloistError } from '../daemon/errors.ts';
import { shellText } from '../daemon/shell-word.ts';
import { fileIsOurs, readText, removeFile, writeFile } from './file.ts';
import type { Reason, RunCommand, ServiceManager, ServicePlan, ServiceState } from './service.ts';
import { unitText } from './systemd-unit.ts';

export interface SystemdOptions {
  readonly plan: ServicePlan;
  readonly run: RunCommand;
  readonly environment: NodeJS.ProcessEnv;
  /** The person's own folder. */
  readonly user: string;
  readonly uid: number;
  /** Without the file system of a running systemd there is none; another folder in tests. */
  readonly systemFolder?: string;
}

/** Linux: a unit of the person's own systemd. */
export function systemdService(options: SystemdOptions): ServiceManager {
  const { plan, run, environment, user, uid, systemFolder = '/run/systemd/system' } = options;
  const name = plan.suffix === null ? 'soloist.service' : `soloist-${plan.suffix}.service`;
  const configuration = environment.XDG_CONFIG_HOME;
  const folder = join(configuration?.startsWith('/') ? configuration : join(user, '.config'), 'systemd/user');
  const path = join(folder, name);
  const text = unitText(plan.command);

  const systemctl = (...words: string[]): string => {
    const { exitCode, stdout, stderr } = run('systemctl', ['--user', ...words]);
    if (exitCode === 0) return stdout;
    throw new SoloistError({
      code: 'service-manager-refused',
      message: `systemd refused 'systemctl --user ${words.join(' ')}': ${(stderr || stdout).trim() || `exit code ${exitCode}`}`,
      hint: `See 'systemctl --user status ${name}'.`,
    });
  };

  const state = (): ServiceState => {
    const written = readText(path);
    if (written === undefined) return { kind: 'none' };
    if (!fileIsOurs(written)) return { kind: 'foreign', path };
    const told = run('systemctl', ['--user', 'show', '--property=ActiveState,SubState,MainPID,Result', name]);
    const field = (key: string): string =>
      new RegExp(`^${key}=(.*)$`, 'm').exec(told.stdout)?.[1] ?? 'unknown';
    const pid = Number(field('MainPID'));
    const result = field('Result');
    const isBad = result !== 'success' && result !== 'unknown';
    return {
      kind: 'installed',
      path,
      isRight: written === text,
      isEnabled: existsSync(join(folder, 'default.target.wants', name)),
      pid: pid > 0 ? pid : null,
      said: `${field('ActiveState')} (${field('SubState')}${isBad ? `, ${result}` : ''})`,
    };
  };

  return {
    path,
    explain: `journalctl --user -u ${name}`,
    state,
    whyNone: () => whyNoSystemd(systemFolder, run, plan),
    write() {
      writeFile(path, text, state().kind === 'foreign');
      systemctl('daemon-reload');
      systemctl('enable', name);
    },
    async start() {
      systemctl('restart', name);
    },
    rest() {
      const active = run('systemctl', ['--user', 'show', '--property=ActiveState', '--value', name]);
      if (active.exitCode !== 0 || /^(inactive|failed)$/.test(active.stdout.trim())) return false;
      systemctl('stop', name);
      return true;
    },
    remove() {
      // Without a manager there is nothing to be stopped.
      if (whyNoSystemd(systemFolder, run, plan) === undefined) {
        systemctl('disable', '--now', name);
        // What failed would be remembered for life.
        run('systemctl', ['--user', 'reset-failed', name]);
      } else removeFile(join(folder, 'default.target.wants', name));
      removeFile(path);
      run('systemctl', ['--user', 'daemon-reload']);
    },
    whenItRuns() {
      const lingers =
        run('loginctl', ['show-user', String(uid), '--property=Linger', '--value']).stdout.trim() === 'yes';
      return lingers
        ? 'It runs from the start of the computer on, whether you are logged in or not.'
        : "It runs while you are logged in. 'loginctl enable-linger' lets your services start with the computer and go on when you log out.";
    },
  };
}

/** Containers and other init systems have no systemd; and a session that su or sudo made has none of the person. */
function whyNoSystemd(systemFolder: string, run: RunCommand, { command }: ServicePlan): Reason | undefined {
  const cron = `Let cron start it instead: put this line into 'crontab -e'.\n  @reboot ${shellText(ensured(command)).replaceAll('%', '\\%')}`;
  if (!existsSync(systemFolder))
    return { message: 'This system is not run by systemd, which would keep a service running.', hint: cron };
  const { exitCode, stderr } = run('systemctl', ['--user', 'show', '--property=Version', '--value']);
  if (exitCode === 0) return undefined;
  return {
    message: `Your own systemd does not answer: ${stderr.trim() || 'there is no systemctl'}.`,
    hint: `Log in as yourself, not by su or sudo, and try again. ${cron}`,
  };
}

/** The daemon in the background, instead of in the foreground: cron waits for nothing. */
const ensured = (command: readonly string[]): string[] => command.filter((word) => word !== '--foreground');
