import { ask, follow } from '../control/client.ts';
import { ANSWER_MS } from '../control/find-daemon.ts';
import { SoloistError } from '../daemon/errors.ts';
import type { RunView } from '../daemon/jobs/views.ts';

/**
 * Yields a run as it is, then after each change, up to its end. Throws a `SoloistError` if the daemon at the socket
 * does not know the run, or ends before it.
 */
export async function* followRun(socket: string, id: string): AsyncGenerator<RunView> {
  let isAsked = false;
  for await (const { event, data } of follow(socket, new AbortController().signal)) {
    let run: RunView | undefined;
    if (event === 'run' && (data as RunView).id === id) run = data as RunView;
    // The stream stands when its first event is there: asked now, no change can fall between the two.
    else if (event === 'status' && !isAsked) run = (await ask(socket, 'show', ANSWER_MS, { id })).run;
    isAsked = true;
    if (run === undefined) continue;
    yield run;
    if (run.state === 'ended') return;
  }
  throw new SoloistError({
    code: 'daemon-ended',
    message: `The daemon ended while run ${id} was going.`,
    hint: `When it runs again, 'soloist show ${id}' tells what became of it.`,
  });
}
