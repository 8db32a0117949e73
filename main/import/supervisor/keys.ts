const OUTPUT =
  'Soloist keeps what a job prints itself: `soloist logs JOB` shows it, and "output" of the job says how much is kept.';
const RESTARTS =
  'A service that ends is started again after a growing pause, and given up after more than 10 ends within 15 minutes; both are fixed.';
const EVENTS = 'There are no event listeners that could be told.';
const TREE = 'The end of a run is the end of its whole tree of processes; none of them is left.';

/** Whether a value says something that does not hold here anyway. */
type Matters = (value: string) => boolean;
const always: Matters = () => true;
const isOn: Matters = (value) => /^(?:yes|true|on|1)$/i.test(value);
const isOff: Matters = (value) => /^(?:no|false|off|0)$/i.test(value);

/** The keys of a program that are not carried over, with the reason and when there is something to say. */
export const LEFT_OUT: Readonly<Record<string, { readonly why: string; readonly matters: Matters }>> = {
  priority: {
    why: 'All services are started at once, and all are asked to end at once.',
    matters: (value) => value !== '999',
  },
  startsecs: { why: RESTARTS, matters: always },
  startretries: { why: RESTARTS, matters: always },
  stopsignal: {
    why: 'Soloist asks a process to end by SIGTERM; the program must end on that signal.',
    matters: (value) => !/^(?:sig)?term$|^15$/i.test(value),
  },
  stopasgroup: { why: TREE, matters: isOff },
  killasgroup: { why: TREE, matters: isOff },
  umask: {
    why: 'Jobs have the umask that Soloist was started with. For another one: run: "umask 027; exec COMMAND".',
    matters: always,
  },
  stdout_logfile: { why: OUTPUT, matters: (value) => !/^auto$/i.test(value) },
  stderr_logfile: { why: OUTPUT, matters: (value) => !/^auto$/i.test(value) },
  ...Object.fromEntries(
    ['stdout', 'stderr'].flatMap((stream) => [
      [`${stream}_logfile_maxbytes`, { why: OUTPUT, matters: always }],
      [`${stream}_logfile_backups`, { why: OUTPUT, matters: always }],
      [`${stream}_syslog`, { why: OUTPUT, matters: isOn }],
      [`${stream}_capture_maxbytes`, { why: EVENTS, matters: (value: string) => value !== '0' }],
      [`${stream}_events_enabled`, { why: EVENTS, matters: isOn }],
    ]),
  ),
  serverurl: {
    why: 'SUPERVISOR_SERVER_URL is not given to the program, as there is no supervisord.',
    matters: (value) => !/^auto$/i.test(value),
  },
};

/** The keys of a program that become settings, or that say nothing beyond what holds here. */
export const CARRIED: ReadonlySet<string> = new Set([
  ...['command', 'process_name', 'numprocs', 'numprocs_start', 'directory', 'environment', 'autostart'],
  ...['autorestart', 'exitcodes', 'stopwaitsecs', 'user', 'redirect_stderr'],
]);

/** Sections about supervisord's own socket and tools, which nobody misses. */
export const OWN_SECTIONS: ReadonlySet<string> = new Set([
  'unix_http_server',
  'inet_http_server',
  'supervisorctl',
]);

/** What [supervisord] says and programs take from it. */
export const DAEMON_KEYS: Readonly<Record<string, string>> = {
  umask:
    'Jobs have the umask that Soloist was started with. For another one: run: "umask 027; exec COMMAND".',
  user: 'All jobs run as the person that Soloist runs as.',
  minfds: 'Jobs have the limits that Soloist was started with.',
  minprocs: 'Jobs have the limits that Soloist was started with.',
};
