import { resolve } from 'node:path';
import { foreignReason } from '../account.ts';
import type { Gatherer } from '../gather.ts';
import { isMapping, REFUSED_VARIABLE, shown, sortedVariables } from '../values.ts';
import { type Command, commandOf, nameOf } from './command.ts';
import { dumpedEnvironment } from './environment.ts';
import { LEFT_OUT, pm2Key, SILENT, TOLD_BY_DUMP } from './keys.ts';
import { type App, graceOf, isOn, type Say, startOf } from './start.ts';

export interface AppContext {
  readonly gathered: Gatherer;
  readonly isDump: boolean;
  /** Where relative paths begin. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Who will run the jobs. */
  readonly user: string | undefined;
  readonly userId: number | undefined;
  readonly isProgram: (path: string) => boolean | undefined;
}

interface OneApp extends AppContext {
  readonly lineOf: (key?: string) => number | undefined;
  /** The clusters that have a job already: a saved list holds each of their processes. */
  readonly clusters: Set<string>;
}

export interface ImportedApp {
  readonly pm2Name: string;
  /** Whether it runs in a folder that the file only implies. */
  readonly takesFolder: boolean;
  /** Whether it ran as somebody else. */
  readonly isForeign: boolean;
}

/** The keys that become settings. */
const CARRIED: ReadonlySet<string> = new Set([
  ...['name', 'script', 'args', 'exec_interpreter', 'node_args', 'cwd', 'env', 'port', 'namespace'],
  ...['autorestart', 'autostart', 'cron_restart', 'restart_delay', 'exp_backoff_restart_delay'],
  ...['stop_exit_codes', 'kill_timeout', 'uid'],
]);

/** Adds the job of one app, and remarks what it loses. Undefined if there is none to make. */
export function importApp(
  written: Readonly<Record<string, unknown>>,
  context: OneApp,
): ImportedApp | undefined {
  const { gathered, isDump, lineOf, clusters } = context;
  const { app, writtenAs } = byPm2Key(isDump ? fromDump(written) : written);
  const pm2Name = nameOf(app);
  if (app.exec_mode === 'cluster_mode' && isDump) {
    if (clusters.has(pm2Name)) return undefined;
    clusters.add(pm2Name);
  }
  const name = gathered.name(pm2Name);
  const say: Say = (key, kind, why, what) => {
    const said = writtenAs[key] ?? key;
    gathered.remark({
      line: lineOf(said),
      job: name,
      what: what ?? `${said}: ${shown(app[key])}`,
      kind,
      why,
    });
  };
  const given = typeof app.cwd === 'string' && app.cwd.trim() !== '' ? app.cwd : undefined;
  const cwd =
    given === undefined || !/^~(?:\/|$)/.test(given) ? resolve(context.folder, given ?? '.') : given;
  const command = commandOf(app, { cwd, isProgram: context.isProgram, say });
  if (command === undefined) {
    const why = 'It has no "script", so that there is nothing to run.';
    gathered.remark({ line: lineOf(), job: name, what: pm2Name, kind: 'left-out', why });
    return undefined;
  }
  const isForeign = isOfSomebodyElse(app, context, say);
  const isOff = enabledOf(app, written, say) === false;
  const settings = {
    run: command.run,
    shell: command.shell,
    enabled: isForeign || isOff ? false : undefined,
    tags: typeof app.namespace === 'string' && app.namespace !== 'default' ? [app.namespace] : undefined,
    ...startOf(app, say),
    cwd,
    env: environmentOf(app, command, context, say),
    grace: graceOf(app, say),
  };
  remarkRest(app, writtenAs, isDump, say);
  if (!gathered.job({ name, line: lineOf(), settings })) return undefined;
  return { pm2Name, takesFolder: given === undefined || !/^[/~]/.test(given), isForeign };
}

function byPm2Key(written: App): { app: App; writtenAs: Readonly<Record<string, string>> } {
  const app: Record<string, unknown> = {};
  const writtenAs: Record<string, string> = {};
  for (const [key, value] of Object.entries(written)) {
    const known = pm2Key(key);
    // Of two names of one key, pm2 takes the proper one.
    if (app[known] !== undefined && app[known] !== null && key !== known) continue;
    app[known] = value;
    writtenAs[known] = key;
  }
  return { app, writtenAs };
}

/** The keys under which pm2 keeps at run time what an ecosystem file says. */
function fromDump(written: App): App {
  return { ...written, script: written.pm_exec_path, cwd: written.pm_cwd };
}

/** An account is given by its name, and by its number in what `pm2 save` writes. */
function isOfSomebodyElse({ uid }: App, { user, userId }: AppContext, say: Say): boolean {
  const isNamed = isOn(uid) || uid === 0;
  if (!isNamed || uid === user || String(uid) === String(userId)) return false;
  say('uid', 'left-out', foreignReason('pm2', String(uid)));
  return true;
}

function enabledOf(app: App, written: App, say: Say): false | undefined {
  if (app.autostart === false) return false;
  if (written.status !== 'stopped' && written.status !== 'errored') return undefined;
  const why = 'It did not run when the list was saved; remove "enabled: false" for it to run.';
  say('status', 'changed', why, `status: ${written.status}`);
  return false;
}

function environmentOf(app: App, command: Command, context: OneApp, say: Say): Record<string, string> {
  const written: Record<string, unknown> = {};
  if (isMapping(app.env)) {
    const taken = context.isDump ? dumpedEnvironment(app.env, context.environment, say) : app.env;
    for (const [name, value] of Object.entries(taken)) {
      if (value !== null && value !== undefined) written[name] = value;
      else {
        const why = 'It has no value; under pm2 it may come from the environment in which pm2 is started.';
        say('env', 'left-out', why, `env.${name}`);
      }
    }
  } else if (isOn(app.env)) say('env', 'left-out', 'It is no mapping of variables.');
  if (isOn(app.port)) written.PORT = app.port;
  if (command.isPython && !('PYTHONUNBUFFERED' in written)) written.PYTHONUNBUFFERED = '1';
  const { env, refused } = sortedVariables(written);
  for (const name of refused) say('env', 'left-out', REFUSED_VARIABLE, `env.${name}`);
  return env;
}

/** Remarks on every key that became no setting, unless it only says what holds here too. */
function remarkRest(app: App, writtenAs: Readonly<Record<string, string>>, isDump: boolean, say: Say): void {
  for (const [key, value] of Object.entries(app)) {
    if (CARRIED.has(key) || SILENT.has(key) || (isDump && !TOLD_BY_DUMP.has(key))) continue;
    if (/^env_/.test(key) && !isMapping(value)) {
      say(key, 'left-out', 'pm2 takes no file of variables here; "env_file" of a job names one.');
    } else if (/^env_/.test(key)) {
      const of = key.slice(4);
      say(
        key,
        'left-out',
        `pm2 adds these variables with --env ${of}; write those that you need under "env".`,
        key,
      );
    } else if (LEFT_OUT[key] === undefined) {
      say(key, 'left-out', 'pm2 does not know this key.', `${writtenAs[key] ?? key}: ${shown(value)}`);
    } else if (matters(key, value)) say(key, 'left-out', LEFT_OUT[key]);
  }
}

/** Whether a value says anything other than what happens without it. */
function matters(key: string, value: unknown): boolean {
  if (key === 'treekill') return value === false;
  if (key === 'instances') return isOn(value) ? Number(value) !== 1 : value === 0;
  if (key === 'exec_mode') return /^cluster/.test(String(value));
  return isOn(value) && !(Array.isArray(value) && value.length === 0);
}
