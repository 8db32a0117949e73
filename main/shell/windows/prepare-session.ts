import { session } from 'electron';
import type { Logger } from 'pino';
import { built } from '../built.ts';
import { servePages } from '../page.ts';
import { lockDown } from '../security.ts';

let isPrepared = false;

/**
 * Serves our pages and locks them in, once, before the first window is made. Not at the start: the session alone costs
 * some ten megabytes, which an app that only shows an icon does without.
 */
export function prepareSession(logger: Logger): void {
  if (isPrepared) return;
  isPrepared = true;
  servePages(session.defaultSession, built('renderer'));
  lockDown(session.defaultSession, logger);
}
