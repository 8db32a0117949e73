import { realpathSync } from 'node:fs';

/**
 * The IANA name of the computer's time zone. Asked of the system where it tells (TZ, or where /etc/localtime leads
 * to), since asking JavaScript's Intl loads 6 MB of tables that a daemon without jobs has no use for.
 */
export function localTimeZone(environment: NodeJS.ProcessEnv = process.env): string {
  return namedTimeZone(environment) ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** What the system calls the computer's time zone, known to JavaScript or not; undefined where it does not tell. */
export function namedTimeZone(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment.TZ?.replace(/^:/, '');
  if (named && /^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/.test(named) && !named.startsWith('posix')) return named;
  return linkedZone();
}

function linkedZone(): string | undefined {
  try {
    return /\/zoneinfo(?:\.default)?\/(?:posix\/|right\/)?(.+)$/.exec(realpathSync('/etc/localtime'))?.[1];
  } catch {
    // Windows, or a system that keeps its zone elsewhere.
    return undefined;
  }
}
