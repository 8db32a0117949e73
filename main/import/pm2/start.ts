import { durationText, parseDuration } from '../../daemon/config/duration.ts';
import { parseCronPattern } from '../../daemon/schedule/pattern.ts';
import type { Remark } from '../imported.ts';

/** An app by the keys of pm2's schema. */
export type App = Readonly<Record<string, unknown>>;
export type Say = (key: string, kind: Remark['kind'], why: string, what?: string) => void;

/** What makes it run: always, at each start, or by the clock. */
export function startOf(app: App, say: Say): Record<string, unknown> {
  const schedule = scheduleOf(app, say);
  if (app.autorestart !== undefined && app.autorestart !== null && typeof app.autorestart !== 'boolean')
    say('autorestart', 'left-out', 'It is neither true nor false, and is taken for true.');
  if (app.autorestart !== false) {
    if (schedule !== undefined) say('cron_restart', 'left-out', CRON_RESTART);
    return { keep_alive: keepAliveOf(app, say), success_codes: stopCodesOf(app, say) };
  }
  for (const key of ['restart_delay', 'exp_backoff_restart_delay', 'stop_exit_codes']) {
    if (isOn(app[key])) say(key, 'left-out', 'With autorestart: false nothing is started again.');
  }
  if (schedule === undefined) return { on_start: true };
  say(
    'cron_restart',
    'changed',
    'pm2 also runs it once whenever it is started itself; here only the schedule does. "on_start: true" does both.',
  );
  return { schedule };
}

const CRON_RESTART =
  'pm2 restarts the service at these times; Soloist restarts none by the clock. The program may end itself: it is started again then.';

function scheduleOf(app: App, say: Say): string | undefined {
  const written = app.cron_restart;
  if (!isOn(written) || written === '0') return undefined;
  try {
    return parseCronPattern(String(written)).text.trim();
  } catch {
    say('cron_restart', 'left-out', 'This is not a cron pattern of five or six fields.');
    return undefined;
  }
}

/** pm2 lets the pause grow by half up to this. */
const LONGEST_BACKOFF = '15s';
const SHORTEST_BACKOFF_MS = 100;

function keepAliveOf(app: App, say: Say): unknown {
  const hasStopCodes = stopCodes(app)?.includes(0) === true;
  const backoff = backoffOf(app, say);
  if (!hasStopCodes && backoff === undefined) return true;
  return {
    ...(hasStopCodes ? { restart: 'on-failure' } : {}),
    ...(backoff === undefined ? {} : { backoff }),
  };
}

function backoffOf(app: App, say: Say): string | undefined {
  const growing = millisecondsIn(app, 'exp_backoff_restart_delay', say);
  if (growing !== undefined && growing > 0) {
    const why = 'In pm2 the pause grows by half each time, up to 15 s; here it doubles.';
    say('exp_backoff_restart_delay', 'changed', why);
    const longest = parseDuration(LONGEST_BACKOFF) ?? 0;
    const first = Math.max(SHORTEST_BACKOFF_MS, growing);
    return first >= longest ? durationText(first) : `${durationText(first)}..${LONGEST_BACKOFF}`;
  }
  const fixed = millisecondsIn(app, 'restart_delay', say);
  if (fixed === undefined || fixed <= 0) return undefined;
  if (fixed < SHORTEST_BACKOFF_MS) say('restart_delay', 'changed', 'The shortest pause here is 100ms.');
  return durationText(Math.max(SHORTEST_BACKOFF_MS, fixed));
}

function stopCodes(app: App): readonly number[] | undefined {
  if (app.stop_exit_codes === undefined || app.stop_exit_codes === null) return undefined;
  const written = Array.isArray(app.stop_exit_codes) ? app.stop_exit_codes : [app.stop_exit_codes];
  const codes = written.map(Number).filter((code) => Number.isInteger(code) && code >= 0 && code <= 255);
  return codes.length === 0 ? undefined : [...new Set(codes)];
}

function stopCodesOf(app: App, say: Say): readonly number[] | undefined {
  const codes = stopCodes(app);
  if (codes === undefined) return undefined;
  if (!codes.includes(0)) {
    const why =
      'Soloist leaves a service down after success alone, which these codes without 0 are not; it is started again after any end.';
    say('stop_exit_codes', 'left-out', why);
    return undefined;
  }
  return codes.length === 1 ? undefined : codes;
}

/** Between asking it to end and ending it by force. */
export function graceOf(app: App, say: Say): string | undefined {
  const milliseconds = millisecondsIn(app, 'kill_timeout', say);
  if (milliseconds === undefined) return undefined;
  const longest = parseDuration('1h') ?? 0;
  if (milliseconds > longest) say('kill_timeout', 'changed', 'The longest grace period is 1h.');
  return durationText(Math.min(longest, Math.max(0, milliseconds)));
}

/** Whether a value says anything at all. */
export function isOn(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== '';
}

/** The milliseconds of a key; undefined if it has none, which is remarked on where it says anything else. */
function millisecondsIn(app: App, key: string, say: Say): number | undefined {
  const value = app[key];
  const found = millisecondsOf(value);
  if (found === undefined && isOn(value))
    say(key, 'left-out', 'It is no number of milliseconds, which is all that pm2 takes here.');
  return found;
}

/** Milliseconds of a number, or of a text that is one; undefined for anything else. */
function millisecondsOf(value: unknown): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const number = Math.round(Number(value));
  return Number.isFinite(number) && number < 1e12 ? number : undefined;
}
