import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { AlertHook, Variables } from '../config/configuration.ts';
import { SoloistError } from '../errors.ts';
import type { AlertView } from '../jobs/views.ts';
import { randomId } from '../random-id.ts';
import type { ActiveRun, RunEnd, RunRequest, RunTools } from '../run/active-run.ts';
import type { Command } from '../run/command.ts';
import { runMark } from '../run/mark.ts';
import { prepareRun } from '../run/run.ts';
import type { AlertNews } from './alerts.ts';

export interface HookParts {
  /** The home's real path. */
  readonly home: string;
  readonly logger: Logger;
  readonly run: RunTools;
  /** That of the login shell. */
  readonly environment: () => Promise<Variables>;
  /** The ids of alerts that stood before the daemon started: nothing is run for them. */
  readonly stoodBefore: ReadonlySet<string>;
  isOwner(): boolean;
  /** How long the command may take, in milliseconds; a minute unless a test says otherwise. */
  readonly limitMs?: number;
}

interface Told {
  readonly news: AlertNews;
  readonly alert: AlertView;
}

const LIMIT_MS = 60_000;
/** Between asking the command to end and ending it by force: at its limit, and when the daemon stops. */
const GRACE_MS = 2_000;
const STOP_GRACE_MS = 500;
/** What waits at most while the command runs for another alert. */
const MOST_WAITING = 5;
/** What of its output is kept while it runs, and what is logged if it fails, in bytes. */
const KEPT_OUTPUT = 64 * 1024;
const LOGGED_OUTPUT = 2_000;
/** The system takes no longer texts in an environment; the whole alert is on the standard input. */
const LONGEST_VARIABLE = 30_000;

/**
 * Runs the command of `on_alert` for each alert that is raised and once more when it is resolved: one after another,
 * each for a minute at most and as a process tree that ends with the daemon. While it runs, five wait at most; of more,
 * the newest are kept and the others logged, so that a thousand failures at one time are not a thousand mails. What
 * goes wrong is logged, and raises no alert.
 */
export class Hook {
  readonly #parts: HookParts;
  readonly #folder: string;
  #command: AlertHook['command'] | undefined;
  #waiting: Told[] = [];
  #dropped: Told[] = [];
  #working: Promise<void> | undefined;
  #active: ActiveRun | undefined;
  /** A command that could not start, and why, which is logged once. */
  #broken: { readonly command: AlertHook['command']; readonly reason: string } | undefined;
  #isStopped = false;
  #noteStop: () => void = () => {};
  readonly #stopped = new Promise<undefined>((resolve) => {
    this.#noteStop = () => resolve(undefined);
  });

  constructor(parts: HookParts) {
    this.#parts = parts;
    this.#folder = join(parts.home, 'runs', 'alerts');
  }

  /** Runs this command from now on, or none. */
  configured(hook: AlertHook | undefined): void {
    this.#command = hook?.command;
  }

  /** Runs the command for this alert when its turn comes. Does not throw. */
  tell(news: AlertNews, alert: AlertView): void {
    if (this.#command === undefined || this.#isStopped || this.#parts.stoodBefore.has(alert.id)) return;
    this.#waiting.push({ news, alert });
    while (this.#waiting.length > MOST_WAITING) this.#dropped.push(...this.#waiting.splice(0, 1));
    this.#working ??= this.#work();
  }

  /** Ends the command if it runs, and runs it no more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#noteStop();
    this.#dropped.push(...this.#waiting.splice(0));
    // `ended` is waited for by the work.
    void this.#active?.cancel('the daemon stopped', STOP_GRACE_MS).catch(() => {});
    await this.#working;
    this.#logDropped();
  }

  async #work(): Promise<void> {
    try {
      // Not at once: what comes in one turn is one burst.
      await Promise.resolve();
      for (let told = this.#waiting.shift(); told !== undefined; told = this.#waiting.shift()) {
        await this.#run(told);
        this.#logDropped();
      }
    } finally {
      this.#working = undefined;
    }
  }

  async #run(told: Told): Promise<void> {
    const command = this.#command;
    if (command === undefined) return;
    try {
      await this.#execute(command, told);
    } catch (error) {
      this.#logFailure(command, told, error);
    }
  }

  async #execute(command: AlertHook['command'], told: Told): Promise<void> {
    // The login shell may take its time, and a daemon that stops does not wait for it.
    const login = await Promise.race([this.#parts.environment(), this.#stopped]);
    if (login === undefined || this.#isStopped || !this.#parts.isOwner()) return;
    // What a daemon that died has left there.
    await rm(this.#folder, { recursive: true, force: true });
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const output = new Tail();
    const request = this.#request(runnable(command), login, told, output);
    try {
      const prepared = await prepareRun(request, this.#parts.run);
      if (this.#isStopped) return await prepared.abandon();
      this.#active = prepared.go();
      this.#logEnd(told, await this.#active.ended, output.text());
      this.#broken = undefined;
    } finally {
      this.#active = undefined;
      await rm(this.#folder, { recursive: true, force: true });
    }
  }

  #request(command: Command, login: Variables, told: Told, output: Tail): RunRequest {
    const { home, limitMs = LIMIT_MS } = this.#parts;
    return {
      mark: runMark(home, randomId().replaceAll('-', '')),
      command,
      cwd: login.HOME ?? homedir(),
      environment: { ...login, ...hookVariables(home, told) },
      input: { kind: 'text', text: `${JSON.stringify(told.alert)}\n` },
      graceMs: GRACE_MS,
      orphans: 'end',
      output: { file: join(this.#folder, 'output.log'), limit: KEPT_OUTPUT, streams: 'together' },
      timeLimitMs: limitMs,
      successCodes: [0],
      observe(event) {
        if (event.kind === 'output') output.add(event.bytes);
      },
    };
  }

  #logEnd({ news, alert }: Told, { outcome, left }: RunEnd, output: string): void {
    const { logger } = this.#parts;
    const facts = { alert: alert.id, news };
    if (left.length > 0)
      logger.warn({ ...facts, left }, 'processes of the command of on_alert could not be ended');
    if (outcome.kind === 'succeeded') logger.debug(facts, 'the command of on_alert was run');
    else logger.warn({ ...facts, outcome, output }, 'the command of on_alert did not succeed');
  }

  #logFailure(command: AlertHook['command'], { news, alert }: Told, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (command === this.#broken?.command && reason === this.#broken.reason) return;
    // A fault of another kind may come and go.
    if (error instanceof SoloistError) this.#broken = { command, reason };
    this.#parts.logger.warn(
      { alert: alert.id, news, err: error },
      'the command of on_alert could not be run',
    );
  }

  #logDropped(): void {
    const dropped = this.#dropped.splice(0);
    if (dropped.length === 0) return;
    const alerts = dropped.map(({ news, alert }) => `${alert.id} ${news}`);
    this.#parts.logger.warn(
      { alerts },
      `the command of on_alert was not run for ${dropped.length} alerts, since too many came at one time`,
    );
  }
}

/** What the command is told of an alert in its environment; `resolved` if its cause is gone. */
export function hookVariables(home: string, { news, alert }: Told): Variables {
  const variables = {
    SOLOIST_HOME: home,
    SOLOIST_ALERT_STATE: news,
    SOLOIST_ALERT_ID: alert.id,
    SOLOIST_ALERT_KIND: alert.kind,
    SOLOIST_ALERT_JOB: alert.job ?? '',
    SOLOIST_ALERT_RUN: alert.run ?? '',
    SOLOIST_ALERT_MESSAGE: alert.message,
    SOLOIST_ALERT_HINT: alert.hint ?? '',
    SOLOIST_ALERT_COUNT: String(alert.count),
  };
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      value.replaceAll('\0', '').slice(0, LONGEST_VARIABLE),
    ]),
  );
}

function runnable(command: AlertHook['command']): Command {
  return command.kind === 'shell' ? { ...command, arguments: [] } : command;
}

/** The end of what a command has printed. */
class Tail {
  #bytes = Buffer.alloc(0);

  add(bytes: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]).subarray(-LOGGED_OUTPUT);
  }

  text(): string {
    return this.#bytes.toString('utf8').trim();
  }
}
