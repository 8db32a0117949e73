import type { Logger } from 'pino';
import type { Guard } from '../../config/configuration.ts';
import { hintForName } from '../../config/likely.ts';
import { errorDetails, SoloistError } from '../../errors.ts';
import type { Cause, Raised } from '../../history/alerts.ts';
import { ownProcesses, processDetails } from '../../process/details.ts';
import { endProcesses } from '../../process/end-processes.ts';
import type { ProcessEntry } from '../../process/platform.ts';
import type { Check, EndedView, GuardView, ProcessView, Shown } from '../report.ts';
import { countCopies, markExtra } from './count.ts';
import { countInWords, pidsInWords, processesInWords } from './words.ts';

export interface GuardsParts {
  readonly logger: Logger;
  readonly alerts: {
    met(raised: Raised): void;
    gone(cause: Cause): void;
    /** Those that stand, perhaps since an earlier daemon. */
    standing(): readonly Cause[];
  };
  /** The processes of this user. */
  readonly list?: () => Promise<readonly ProcessEntry[]>;
  /** For an extra copy, from SIGTERM to SIGKILL, in milliseconds. */
  readonly graceMs?: number;
}

const GRACE_MS = 10_000;

/** Counts processes that Soloist does not start, and ends those that are too many. */
export class Guards {
  readonly #parts: GuardsParts;
  #guards: ReadonlyMap<string, Guard> = new Map();
  /** One ending after the other, so that what one spares another one does not end. */
  #ending: Promise<unknown> = Promise.resolve();

  constructor(parts: GuardsParts) {
    this.#parts = parts;
  }

  /** These guards are in force now. The alerts of others are over. */
  configured(guards: ReadonlyMap<string, Guard>): void {
    this.#guards = guards;
    for (const { kind, job, detail } of this.#parts.alerts.standing()) {
      const isOver = kind === 'guard' && !guards.has(job ?? '');
      if (isOver) this.#parts.alerts.gone({ kind, job, detail });
    }
  }

  /** One guard, or all, counted now. An unknown name is a `SoloistError`. */
  async views(name?: string): Promise<readonly GuardView[]> {
    const guards = name === undefined ? [...this.#guards.values()] : [this.#guard(name)];
    if (guards.length === 0) return [];
    const list = await this.#list();
    return Promise.all(guards.map((guard) => viewOf(guard, countCopies(list, guard, process.pid))));
  }

  /**
   * Ends those of these processes that are extra copies now: it counts anew, so that never fewer than `max` stay. An
   * unknown name is a `SoloistError`.
   */
  async end(name: string, shown: readonly Shown[]): Promise<EndedView> {
    const isShown = ({ pid, started }: Shown): boolean =>
      shown.some((one) => one.pid === pid && one.started === started);
    const { view, ended } = await this.#endExtra(name, isShown);
    if (view.processes.length - ended.ended.length <= view.max) this.#parts.alerts.gone(causeOf(view));
    return ended;
  }

  /**
   * Counts all guards once, raises and resolves their alerts, and ends extra copies where a guard says so, which may
   * take as long as these are given. Not even the processes are listed if there are no guards.
   */
  async count(): Promise<readonly Check[]> {
    const guards = [...this.#guards.values()];
    if (guards.length === 0) return [];
    const listed = this.#list();
    return Promise.all(
      guards.map(async (guard) => {
        try {
          return await this.#judge(guard, countCopies(await listed, guard, process.pid));
        } catch (error) {
          return this.#uncounted(guard, error);
        }
      }),
    );
  }

  #uncounted({ name }: Guard, error: unknown): Check {
    this.#parts.logger.error({ err: error, guard: name }, 'copies could not be counted');
    const reason = errorDetails(error).message.replace(/\.$/, '');
    return { ...checkOf(name, `The copies of ${name} could not be counted: ${reason}.`), verdict: 'warning' };
  }

  #list(): Promise<readonly ProcessEntry[]> {
    return (this.#parts.list ?? ownProcesses)();
  }

  async #judge(guard: Guard, copies: readonly ProcessEntry[]): Promise<Check> {
    if (copies.length <= guard.max) return this.#isWell(guard, copies.length);
    const view = await viewOf(guard, copies);
    if (view.processes.length <= guard.max) return this.#isWell(guard, view.processes.length);
    return guard.act === 'alert' ? this.#tell(view) : this.#endAndTell(view);
  }

  #isWell(guard: Guard, count: number): Check {
    this.#parts.alerts.gone(causeOf(guard));
    return checkOf(guard.name, `${countInWords(guard.name, count, guard.max)}.`);
  }

  #tell(view: GuardView): Check {
    const { name, max, processes } = view;
    const counted = countInWords(name, processes.length, max);
    const list = processesInWords(processes, Date.now());
    const hint = `'${commandFor(name)}' ends the extra ones, and shows first which. They are ${list}.`;
    this.#met(view, { message: `${counted}.`, hint });
    return overfull(name, `${counted}: ${pidsInWords(processes)}.`);
  }

  async #endAndTell(before: GuardView): Promise<Check> {
    const { name, max } = before;
    const { view, ended } = await this.#endExtra(name, () => true);
    const { processes } = view;
    const list = processesInWords(ended.ended, Date.now());
    const counted = countInWords(name, processes.length, max);
    if (ended.left.length > 0) {
      const message = `${counted}; ${pidsInWords(ended.left)} could not be ended.`;
      this.#met(view, { message, hint: endedHint(list) });
      return overfull(name, message);
    }
    if (ended.ended.length === 0) return checkOf(name, `${counted}.`);
    // It stands until the next count finds no extra one, so that a person learns of it.
    const message = `${processes.length} copies of ${name} ran, and ${max || 'none'} may: ${extraInWords(ended.ended)} ended.`;
    this.#met(view, { message, hint: endedHint(list) });
    return checkOf(name, message);
  }

  /** Nobody is told of a guard that has left the configuration while it was counted. */
  #met(guard: GuardView, words: Pick<Raised, 'message' | 'hint'>): void {
    if (this.#guards.has(guard.name)) this.#parts.alerts.met({ ...causeOf(guard), run: undefined, ...words });
  }

  /** Counts one guard, and ends those of its extra copies that are wanted. */
  #endExtra(
    name: string,
    isWanted: (copy: ProcessView) => boolean,
  ): Promise<{ readonly view: GuardView; readonly ended: EndedView }> {
    const ending = this.#ending.then(async () => {
      const guard = this.#guard(name);
      const view = await viewOf(guard, countCopies(await this.#list(), guard, process.pid));
      const extra = view.processes.filter((copy) => copy.isExtra && isWanted(copy));
      if (extra.length === 0) return { view, ended: { ended: [], left: [] } };
      const ended = await endProcesses(extra.map(withoutMark), {
        graceMs: this.#parts.graceMs ?? GRACE_MS,
        spare: view.processes.filter((copy) => !extra.includes(copy)),
      });
      this.#parts.logger.warn({ guard: name, ...ended }, 'extra copies were ended');
      return { view, ended };
    });
    this.#ending = ending.catch(() => {});
    return ending;
  }

  #guard(name: string): Guard {
    const guard = this.#guards.get(name);
    if (guard !== undefined) return guard;
    const hint = hintForName(name, [...this.#guards.keys()], {
      none: 'The configuration has no guards yet.',
      some: "See 'soloist guard' for their names.",
    });
    throw new SoloistError({ code: 'unknown-guard', message: `There is no guard "${name}".`, hint });
  }
}

/** What a guard counts, with those marked that are too many. One that has ended meanwhile is not among them. */
async function viewOf(guard: Guard, copies: readonly ProcessEntry[]): Promise<GuardView> {
  return { ...guard, processes: markExtra(await processDetails(copies), guard) };
}

const withoutMark = ({ isExtra: _, ...process }: GuardView['processes'][number]): ProcessView => process;

const causeOf = ({ name }: Pick<Guard, 'name'>): Cause => ({ kind: 'guard', job: name });

const quoted = (name: string): string =>
  /^[\w.-]+$/.test(name) ? name : `"${name.replaceAll(/["$`\\]/g, '\\$&')}"`;

const commandFor = (name: string): string => `soloist guard end ${quoted(name)}`;

const endedHint = (list: string): string =>
  list === '' ? 'None could be ended.' : `These were ended: ${list}. Find out what starts them.`;

const extraInWords = ({ length }: readonly unknown[]): string => `${length} ${length === 1 ? 'was' : 'were'}`;

function checkOf(name: string, sentence: string): Check {
  return { name: 'guard', group: 'processes', subject: name, verdict: 'ok', sentence, remedy: null };
}

function overfull(name: string, sentence: string): Check {
  const remedy = { kind: 'end-guarded', subject: name, command: commandFor(name) } as const;
  return { ...checkOf(name, sentence), verdict: 'error', remedy };
}
