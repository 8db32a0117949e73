import { ORIGIN } from './origin.ts';

/** What is looked at of a frame that sent a message. */
interface Frame {
  readonly url: string;
  readonly origin: string;
}

/** Why the sender of a message is not trusted; undefined if it is the main frame of a page of ours. */
export function distrustOf<Sender extends Frame>(
  frame: Sender | null,
  mainFrame: () => Sender,
): string | undefined {
  try {
    if (frame === null) return 'a frame that is gone';
    if (frame !== mainFrame()) return `a frame within a page, ${frame.url}`;
    return frame.origin === ORIGIN ? undefined : frame.url;
  } catch {
    // Electron's objects throw when what they stand for is destroyed.
    return 'a window that is gone';
  }
}
