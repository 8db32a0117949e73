import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { findDaemon } from '../control/find-daemon.ts';
import { stopDaemon } from '../control/stop-daemon.ts';
import { configurationError } from '../daemon/config/problems.ts';
import { SoloistError } from '../daemon/errors.ts';
import { prepareHome } from '../daemon/home.ts';
import { ownerInWords } from '../daemon/lock/already-running.ts';
import type { Owner } from '../daemon/lock/owner.ts';
import { planFor, serviceManager } from '../service/choose.ts';
import { foreignService } from '../service/file.ts';
import type { ServiceManager, ServiceState } from '../service/service.ts';
import { loginItemScene } from '../shell/login-item/found-entry.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { loadFile } from './config/load-file.ts';

/** How long another daemon may take to stop before it is ended by force: as `soloist down`. */
const STOP_MS = 10_000;
/** How long the daemon of the service may take until it answers. */
const ANSWER_MS = 20_000;
const LOOK_MS = 100;

const managerOf = (context: CommandContext): ServiceManager =>
  serviceManager(planFor(context, context.installation.tool));

/**
 * `soloist service install`: writes the service, has it loaded and starts it. A daemon that runs already is refused, or handed
 * over with `now`. Throws a `SoloistError` that says why it cannot be.
 */
export async function serviceInstall(context: CommandContext, now: boolean): Promise<CommandResult> {
  const manager = managerOf(context);
  const none = manager.whyNone();
  if (none !== undefined) throw new SoloistError({ code: 'no-service-manager', ...none });
  const home = prepareHome(context.home);
  const before = manager.state();
  if (before.kind === 'foreign') throw foreignService(before.path);
  const running = await runningIn(home);
  const isOwn = running !== undefined && before.kind === 'installed' && before.pid === running.pid;
  if (isOwn && before.isRight && before.isEnabled && !now)
    return result(manager, before, running, 'The service was installed already.');
  if (running !== undefined && !now) throw inTheWay(running, isOwn);
  refuseBroken(context);
  manager.write();
  if (running !== undefined && !isOwn)
    await stopDaemon(home, { timeout: STOP_MS, by: 'soloist service install' });
  await manager.start();
  const owner = await startedBy(manager, home);
  return result(manager, manager.state(), owner, 'The service is installed.');
}

/** With a configuration that is broken no daemon would start, and one that runs, with the former one, would be lost. */
function refuseBroken(context: CommandContext): void {
  // Without a file there are no jobs, which is fine.
  if (!existsSync(context.configuration)) return;
  const { result } = loadFile(context, undefined);
  if (!result.ok) throw configurationError(result.problems);
}

/** `soloist service uninstall`: stops the service and removes its file; a daemon of the command line goes on. */
export function serviceUninstall(context: CommandContext): CommandResult {
  const manager = managerOf(context);
  const before = manager.state();
  if (before.kind === 'none')
    return { exitCode: 0, text: 'The service is not installed.', data: { removed: null } };
  if (before.kind === 'foreign') throw foreignService(before.path);
  manager.remove();
  const stopped = before.pid === null ? '' : ' Its daemon was stopped.';
  return {
    exitCode: 0,
    text: `The service was removed (${before.path}).${stopped}`,
    data: { removed: before.path },
  };
}

/** `soloist service status`: exit code 0 if it is installed and runs. */
export async function serviceStatus(context: CommandContext): Promise<CommandResult> {
  const manager = managerOf(context);
  const state = manager.state();
  const none = manager.whyNone();
  const owner = await runningIn(context.home);
  if (state.kind === 'installed') return result(manager, state, owner);
  const words =
    state.kind === 'foreign'
      ? foreignService(state.path).message
      : none === undefined
        ? "The service is not installed. 'soloist service install' installs it."
        : 'The service is not installed.';
  const why = none === undefined ? '' : `\n${none.message} ${none.hint}`;
  return { exitCode: 1, text: `${words}${why}`, data: dataOf(manager, state, owner) };
}

function result(
  manager: ServiceManager,
  state: ServiceState,
  owner: Owner | undefined,
  title?: string,
): CommandResult {
  const isRunning = state.kind === 'installed' && state.pid !== null;
  const lines = [
    ...(title === undefined ? [] : [title]),
    ...(state.kind === 'installed' ? stateInWords(manager, state, owner) : []),
    ...loginNote(),
  ];
  return { exitCode: isRunning ? 0 : 1, text: lines.join('\n'), data: dataOf(manager, state, owner) };
}

const dataOf = (manager: ServiceManager, state: ServiceState, owner: Owner | undefined): object => ({
  ...state,
  path: manager.path,
  daemon: owner ?? null,
});

function* stateInWords(
  manager: ServiceManager,
  state: Extract<ServiceState, { kind: 'installed' }>,
  owner: Owner | undefined,
): Generator<string> {
  yield `${state.path}: ${state.said}`;
  if (!state.isRight)
    yield "It is for another place of Soloist, or for other options. 'soloist service install --now' renews it.";
  else if (!state.isEnabled) yield "It is not started at login. 'soloist service install' mends that.";
  if (owner !== undefined && owner.pid === state.pid) yield `Its daemon runs with ${ownerInWords(owner)}.`;
  else if (owner !== undefined)
    yield `A daemon runs that the service did not start: ${ownerInWords(owner)}. 'soloist service install --now' hands it over.`;
  else if (state.pid === null) yield `No daemon runs. Why is told by '${manager.explain}'.`;
  yield manager.whenItRuns();
}

/** Both would be started at login, and one of them refused. */
function loginNote(): readonly string[] {
  const item = loginItemScene(process.env, homedir());
  const words =
    'Of the app at login and the service, the second one finds the first one’s daemon and starts none: the app offers to attach to it, the service ends. Switch one of them off for this home.';
  return item.kind === 'entry' && item.isEnabled
    ? [`The menu-bar app starts at login too (${item.path}). ${words}`]
    : [];
}

async function runningIn(home: string): Promise<Owner | undefined> {
  const finding = await findDaemon(home);
  return finding.kind === 'answering' || finding.kind === 'silent' ? finding.owner : undefined;
}

async function startedBy(manager: ServiceManager, home: string): Promise<Owner> {
  const deadline = performance.now() + ANSWER_MS;
  while (performance.now() < deadline) {
    const finding = await findDaemon(home, Math.max(1, deadline - performance.now()));
    if (finding.kind === 'answering') return finding.owner;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new SoloistError({
    code: 'service-not-answering',
    message: `The service is installed, but its daemon does not answer after ${ANSWER_MS / 1_000} s.`,
    hint: `Why is told by '${manager.explain}'. It is tried again every half a minute.`,
  });
}

function inTheWay(owner: Owner, isOwn: boolean): SoloistError {
  if (isOwn)
    return new SoloistError({
      code: 'already-running',
      message: `The service runs as it was written before, with ${ownerInWords(owner)}.`,
      hint: "'soloist service install --now' writes it anew and starts it again.",
    });
  const way =
    owner.kind === 'app'
      ? 'Quit the menu-bar app first, and switch off that it starts at login'
      : "Use 'soloist down' first";
  return new SoloistError({
    code: 'already-running',
    message: `A daemon runs already, with ${ownerInWords(owner)}, and the service could start none beside it.`,
    hint: `${way}; or 'soloist service install --now', which stops it and starts the service.`,
  });
}
