/** What variables of a crontab set for the entries below them. */
export interface CronSettings {
  readonly variables: Map<string, string>;
  shell: string | undefined;
  timezone: string | undefined;
  /** Milliseconds. */
  delay: number;
}

const MAIL =
  'Soloist sends no mail: a run that fails is shown as a notification ("notify"), and "on_alert" can run a command that sends one.';
const ABOUT_MAIL = "It is about cron's mail, and Soloist sends none.";
const LONGEST_DELAY_MINUTES = 10_000;

/** What has a meaning for cron itself; each returns why it is left out, if it is. */
const OWN: Readonly<
  Record<string, (value: string, settings: CronSettings, isTimezone: IsTimezone) => string | undefined>
> = {
  SHELL: (value, settings) => {
    if (value.trim() === '') return 'It names no shell.';
    settings.shell = value;
    return undefined;
  },
  // No mail is what Soloist sends anyway.
  MAILTO: (value) => (value === '' ? undefined : MAIL),
  MAILFROM: () => ABOUT_MAIL,
  CONTENT_TYPE: () => ABOUT_MAIL,
  CONTENT_TRANSFER_ENCODING: () => ABOUT_MAIL,
  LOGNAME: () => 'cron sets it itself, whatever the file says.',
  START_HOURS_RANGE: () => 'It is for anacron. Write the hours into the schedules.',
  CRON_TZ: (value, settings, isTimezone) => {
    const zone = value.replace(/^:/, '');
    settings.timezone = undefined;
    if (!isTimezone(zone))
      return 'It is no time zone that is known here, such as Europe/Berlin. Give "timezone" to the jobs below it.';
    settings.timezone = zone;
    return undefined;
  },
  RANDOM_DELAY: (value, settings) => {
    const minutes = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
    if (!(minutes <= LONGEST_DELAY_MINUTES)) return 'It is not a number of minutes of at most a week.';
    settings.delay = minutes * 60_000;
    return undefined;
  },
};

type IsTimezone = (name: string) => boolean;

/** Takes a variable over into the settings for what follows; returns why it is left out, if it is. */
export function readVariable(
  { name, value }: { readonly name: string; readonly value: string },
  settings: CronSettings,
  userFolder: string | undefined,
  { isTimezone }: { readonly isTimezone: IsTimezone },
): string | undefined {
  const own = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
  if (own !== undefined) return own(value, settings, isTimezone);
  if (!/^[A-Za-z_]\w*$/.test(name) || name === '__proto__') return 'Its name is none that a shell could use.';
  if (name.startsWith('SOLOIST_')) return 'Soloist gives each run the variables whose names begin like this.';
  if (name === 'PATH' && value.includes('$'))
    return 'cron does not expand variables here, nor does Soloist. The jobs get the PATH of your login shell.';
  if (name === 'HOME' && (value === '' || value === userFolder)) settings.variables.delete(name);
  else settings.variables.set(name, value);
  return undefined;
}
