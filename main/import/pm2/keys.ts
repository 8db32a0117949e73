/** The other names by which pm2 knows its keys. */
const ALIASES: Readonly<Record<string, string>> = {
  exec: 'script',
  cmd: 'script',
  command: 'script',
  interpreter: 'exec_interpreter',
  interpreter_args: 'node_args',
  out: 'out_file',
  output: 'out_file',
  out_log: 'out_file',
  error: 'error_file',
  err: 'error_file',
  err_file: 'error_file',
  err_log: 'error_file',
  log: 'log_file',
  pid: 'pid_file',
  cron: 'cron_restart',
  combine_logs: 'merge_logs',
  user: 'uid',
};

/** The key as pm2's schema calls it: it takes `maxRestarts` for `max_restarts`, and has short names for some. */
export function pm2Key(written: string): string {
  const snake = written.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const key = /^env_/.test(written) ? written : snake;
  return ALIASES[key] ?? key;
}

const OUTPUT =
  'Soloist keeps what a job prints itself: `soloist logs JOB` shows it, and "output" of the job says how much is kept.';
const RESTARTS =
  'A service that ends is started again after a growing pause, and given up after more than 10 ends within 15 minutes; both are fixed.';
const WATCH =
  'pm2 restarts the program when its files change. "watch" of Soloist starts a job for files that came; it restarts no service.';
const INSTANCES =
  "A job is one process, without Node's cluster module; for several, write several jobs, each with a port of its own.";
const USER = 'All jobs run as the person that Soloist runs as.';
const MONITORING = "It is for pm2's own monitoring, which is not there any more.";
const READY =
  'Soloist waits for no message of the program: a service counts as running when its process runs.';

/** The keys that are not carried over, with the reason; a key whose value only switches something off needs none. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  out_file: OUTPUT,
  error_file: OUTPUT,
  log_file: OUTPUT,
  log_date_format: OUTPUT,
  log_type: OUTPUT,
  time: OUTPUT,
  merge_logs: OUTPUT,
  disable_logs: 'What a job prints is always kept; "output: { limit: 1kB }" keeps hardly any of it.',
  pid_file: 'Soloist writes no PID file; it knows its processes without one.',
  max_restarts: RESTARTS,
  min_uptime: RESTARTS,
  max_memory_restart:
    'Soloist does not watch the memory of a job. A limit of the program itself, such as node --max-old-space-size=MB, ends it, and it is started again.',
  watch: WATCH,
  ignore_watch: WATCH,
  watch_delay: WATCH,
  watch_options: WATCH,
  instances: INSTANCES,
  exec_mode: INSTANCES,
  increment_var: INSTANCES,
  instance_var: INSTANCES,
  wait_ready: READY,
  listen_timeout: READY,
  shutdown_with_message:
    'Soloist asks a process to end by SIGTERM, and sends no messages; the program must end on that signal.',
  treekill: 'The end of a run is the end of its whole tree of processes; none of them is left.',
  kill_retry_time: 'After the grace period the whole tree is ended by force, once.',
  source_map_support: 'Nothing is put into the program. Node has it by itself: node --enable-source-maps.',
  gid: USER,
  username: USER,
  filter_env:
    'A job has the whole environment of your login shell; with an empty value under "env" a variable is empty, not gone.',
  append_env_to_name: 'There are no environments to choose from, so that the name stays as it is.',
  post_update: MONITORING,
  trace: MONITORING,
  v8: MONITORING,
  event_loop_inspector: MONITORING,
  deep_monitoring: MONITORING,
  io: MONITORING,
  install_url: MONITORING,
  name_prefix: 'The name stays as it is.',
};

/** Keys with nothing to say about them: they concern pm2's own workings, or only repeat what holds here too. */
export const SILENT: ReadonlySet<string> = new Set([
  'force',
  'vizion',
  'pmx',
  'automation',
  'disable_trace',
  'disable_source_map_support',
  'windows_hide',
  'write',
  'execute_command',
]);

/** Of what `pm2 save` writes, in which every default stands as if somebody had said it, these alone tell something. */
export const TOLD_BY_DUMP: ReadonlySet<string> = new Set([
  'max_restarts',
  'min_uptime',
  'max_memory_restart',
  'watch',
  'instances',
  'exec_mode',
  'wait_ready',
  'shutdown_with_message',
  'treekill',
  'gid',
  'filter_env',
]);
