import type { LinksJob, StoredLinks } from './daemon/actions/links/decide.ts';
import type { Links } from './daemon/actions/links/suggestion.ts';
import type { Configuration } from './daemon/config/configuration.ts';
import type { DaemonPart, PartContext } from './daemon/part.ts';

export interface LinksPart extends DaemonPart<Configuration> {
  /** The suggested links of the jobs; undefined while the daemon does not run. */
  links(): Links | undefined;
  /** Whether a job suggests links, so that the end of a run of it may have brought others. */
  suggests(job: string): boolean;
  /** Calls the listener after each decision; returns how to end that. */
  onDecided(listener: () => void): () => void;
}

/** The suggested links as a part of the daemon; what they take is loaded when they are first asked for. */
export function linksPart(): LinksPart {
  const listeners = new Set<() => void>();
  let running: LoadedLinks | undefined;
  return {
    name: 'links',
    links: () => running?.links,
    suggests: (job) => running?.suggests(job) ?? false,
    onDecided(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start(context, configuration) {
      const loaded = new LoadedLinks(context, configuration, () => {
        for (const listener of listeners) listener();
      });
      running = loaded;
      return {
        update: (next) => loaded.update(next),
        async stop() {
          running = undefined;
          await loaded.close();
        },
      };
    },
  };
}

class LoadedLinks {
  readonly #context: PartContext;
  #configuration: Configuration;
  #loading: Promise<StoredLinks> | undefined;
  readonly links: Links;

  constructor(context: PartContext, configuration: Configuration, onDecided: () => void) {
    this.#context = context;
    this.#configuration = configuration;
    const decided = async <Result>(deciding: Promise<Result>): Promise<Result> => {
      const result = await deciding;
      onDecided();
      return result;
    };
    this.links = {
      list: async (filter) => (await this.#load()).list(filter),
      details: async (id) => (await this.#load()).details(id),
      accept: async (id) => decided((await this.#load()).accept(id)),
      dismiss: async (id) => decided((await this.#load()).dismiss(id)),
      undo: async (id) => decided((await this.#load()).undo(id)),
    };
  }

  update(configuration: Configuration): void {
    this.#configuration = configuration;
  }

  suggests(job: string): boolean {
    const command = this.#configuration.jobs.get(job)?.command;
    return command?.kind === 'action' && command.action === 'links';
  }

  #load(): Promise<StoredLinks> {
    this.#loading ??= this.#begin().catch((error: unknown) => {
      // The next call tries again.
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #begin(): Promise<StoredLinks> {
    const [{ StoredLinks }, { actionStatePath }] = await Promise.all([
      import('./daemon/actions/links/decide.ts'),
      import('./daemon/actions/action-state.ts'),
    ]);
    const { home, logger } = this.#context;
    const jobs = (): readonly LinksJob[] =>
      [...this.#configuration.jobs.values()].flatMap(({ name, command }) =>
        command.kind === 'action' && command.action === 'links'
          ? { job: name, settings: command.settings, state: actionStatePath(home, name) }
          : [],
      );
    return new StoredLinks(jobs, { warn: (line) => logger.warn(line) });
  }

  async close(): Promise<void> {
    await (await this.#loading)?.close();
  }
}
