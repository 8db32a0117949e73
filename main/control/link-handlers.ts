import type { Links } from '../daemon/actions/links/suggestion.ts';
import type { Daemon } from '../daemon/daemon.ts';
import { SoloistError } from '../daemon/errors.ts';
import type { Handlers } from './contract.ts';
import type { linkCalls } from './link-calls.ts';

/** What the calls about links do; `linksNow` gives those of the daemon, or undefined while it does not run. */
export function linkHandlers(
  daemon: Daemon,
  linksNow: () => Links | undefined,
): Pick<Handlers, keyof typeof linkCalls> {
  const links = (): Links => {
    const found = linksNow();
    if (found !== undefined) return found;
    throw new SoloistError({
      code: 'not-running',
      message: `The daemon does not run: it is ${daemon.status().daemon.state}.`,
      hint: "Start it with 'soloist up'.",
    });
  };
  return {
    async links(filter) {
      return links().list(filter);
    },
    async link({ id }) {
      return links().details(id);
    },
    async acceptLink({ id }) {
      return { link: await links().accept(id) };
    },
    async dismissLink({ id }) {
      return { link: await links().dismiss(id) };
    },
    async undoLink({ id }) {
      return { link: await links().undo(id) };
    },
  };
}
