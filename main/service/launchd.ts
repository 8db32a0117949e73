import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SoloistError } from '../daemon/errors.ts';
import { fileIsOurs, readText, removeFile, writeFile } from './file.ts';
import { launchAgentText } from './launch-agent.ts';
import type { RunCommand, ServiceManager, ServicePlan, ServiceState } from './service.ts';

/** Longer than the daemon may take to end. */
const MOST_LOOKS = 650;
const LOOK_MS = 200;

export interface LaunchdOptions {
  readonly plan: ServicePlan;
  readonly run: RunCommand;
  /** The person's own folder, and number. */
  readonly user: string;
  readonly uid: number;
}

/** macOS: a LaunchAgent of the person. */
export function launchdService({ plan, run, user, uid }: LaunchdOptions): ServiceManager {
  const label = `app.soloist.daemon${plan.suffix === null ? '' : `.${plan.suffix}`}`;
  const path = join(user, 'Library/LaunchAgents', `${label}.plist`);
  const domain = `gui/${uid}`;
  const target = `${domain}/${label}`;
  const text = launchAgentText(label, plan);

  const launchctl = (...words: string[]): void => {
    const { exitCode, stdout, stderr } = run('launchctl', words);
    if (exitCode === 0) return;
    throw new SoloistError({
      code: 'service-manager-refused',
      message: `launchd refused 'launchctl ${words.join(' ')}': ${(stderr || stdout).trim() || `exit code ${exitCode}`}`,
      hint: `Log in at the screen once: the agents of a person live in that session. See 'launchctl print ${target}'.`,
    });
  };
  const isLoaded = (): boolean => run('launchctl', ['print', target]).exitCode === 0;
  /** Unloads it; the file stays where it is, and is loaded from there at the next login. False if it was not loaded. */
  const unload = (): boolean => {
    if (!isLoaded()) return false;
    launchctl('bootout', target);
    return true;
  };

  const state = (): ServiceState => {
    const written = readText(path);
    if (written === undefined) return { kind: 'none' };
    if (!fileIsOurs(written)) return { kind: 'foreign', path };
    const { exitCode, stdout } = run('launchctl', ['print', target]);
    const field = (name: string): string | undefined =>
      new RegExp(`^\\s*${name} = (.*)$`, 'm').exec(stdout)?.[1];
    const pid = Number(field('pid') ?? 0);
    const last = field('last exit code');
    return {
      kind: 'installed',
      path,
      isRight: written === text,
      isEnabled: exitCode === 0,
      pid: pid > 0 ? pid : null,
      said:
        exitCode === 0
          ? `${field('state') ?? 'loaded'}${!/^[1-9]/.test(last ?? '') ? '' : `, last exit code ${last}`}`
          : 'not loaded',
    };
  };

  return {
    path,
    explain: `launchctl print ${target}`,
    state,
    whyNone: () => undefined,
    write: () => writeFile(path, text, state().kind === 'foreign'),
    async start() {
      // What is loaded is what was read then; it is loaded until its process has ended.
      unload();
      for (let times = 0; isLoaded() && times < MOST_LOOKS; times++) await sleep(LOOK_MS);
      launchctl('enable', target);
      launchctl('bootstrap', domain, path);
    },
    rest: unload,
    remove() {
      unload();
      removeFile(path);
    },
    whenItRuns: () => 'It runs while you are logged in at the screen.',
  };
}
