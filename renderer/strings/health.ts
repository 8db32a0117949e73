const counted = (count: number, one: string, several: string): string =>
  `${count} ${count === 1 ? one : several}`;
const processes = (count: number): string => counted(count, 'process', 'processes');

/** `1 error, 2 warnings`; empty if there is neither. */
const troubles = (errors: number, warnings: number): string =>
  [
    ...(errors === 0 ? [] : [counted(errors, 'error', 'errors')]),
    ...(warnings === 0 ? [] : [counted(warnings, 'warning', 'warnings')]),
  ].join(', ');

/** Of the Health view. */
export const healthStrings = {
  title: 'Health',
  overall: {
    ok: 'All is well',
    warning: 'Something needs a look',
    error: 'Something is wrong',
  },
  verdicts: { ok: 'Well', warning: 'Warning', error: 'Error' },
  troubles,
  lookedAt: (time: string, ago: string) => `Looked at ${time}, ${ago}`,
  lookAgain: 'Look again',
  looking: 'Looking…',
  loading: 'Looking at the daemon and its jobs…',
  refused: 'The health could not be looked at',
  older: 'This daemon does not tell its health',
  olderHint: 'It is of an older version. Stop it and start the daemon here, or update it.',
  noDaemon: 'No daemon runs here',
  noDaemonHint: 'Without one there is nothing to look at. ‘soloist doctor’ says in a terminal what there is.',
  groups: { daemon: 'Daemon', processes: 'Processes', jobs: 'Jobs' },
  checks: {
    lock: 'Lock',
    scheduler: 'Scheduler',
    'event loop': 'Event loop',
    watchers: 'Watched folders',
    history: 'History',
    disk: 'Disk space',
    log: 'Log',
    clock: 'Clock',
    configuration: 'Configuration',
    strays: 'Stray daemons',
    guards: 'Guards',
    jobs: 'All jobs',
  } as Readonly<Record<string, string>>,
  /** Checks of which there is one for each subject. */
  checksOf: {
    guard: (name: string) => `Guard ${name}`,
    job: (name: string) => `Job ${name}`,
  } as Readonly<Record<string, (name: string) => string>>,
  checkOf: (check: string, name: string) => `${check} ${name}`,
  remedies: {
    'run-job': 'Run now',
    'edit-configuration': 'Edit configuration',
    'end-guarded': 'End extra copies…',
    'end-strays': 'End strays…',
    restart: 'Restart daemon',
    'read-log': 'Show log',
  },
  /** Begins with what the button says, so that whoever speaks to the computer can say what is seen. */
  remedyOf: (label: string, check: string) => `${label}: ${check}`,
  inTerminal: 'In a terminal:',
  done: {
    started: (job: string) => `${job} was started.`,
    restarted: 'The daemon was restarted.',
    editing: 'The configuration was opened in the editor.',
    revealed: 'The folder of the logs was opened.',
  },
  ending: {
    titleOfGuard: (guard: string) => `Copies that ${guard} counts`,
    titleOfStrays: 'Other daemons of Soloist',
    loading: 'Counting them now…',
    explainGuard: (there: number, most: number, keep: 'oldest' | 'newest') => {
      const run = counted(there, 'copy runs', 'copies run');
      if (most === 0) return `${run}; there should be none.`;
      const kept = most === 1 ? `The ${keep} stays.` : `The ${keep} ones stay.`;
      return `${run}; there should be ${most} at most. ${kept}`;
    },
    explainStrays: (strays: number) =>
      strays === 1 ? 'One of them should not run.' : `${strays} of them should not run.`,
    noneExtra: 'There is nothing to end any more.',
    table: 'Processes',
    columns: {
      fate: 'What becomes of it',
      pid: 'PID',
      age: 'Age',
      cpu: 'CPU time',
      memory: 'Memory',
      command: 'Command',
    },
    fates: { ends: 'Ends', stays: 'Stays', ended: 'Ended', left: 'Still runs' },
    unknown: 'unknown',
    strayKinds: {
      'same-home': 'A second daemon of this home',
      'other-home': 'Well, and of another home',
      'home-gone': 'Its home is gone',
      'program-gone': 'Its program is gone',
    },
    confirm: (count: number) => `End ${processes(count)}`,
    working: 'Ending them…',
    ended: (ended: number, left: number) => {
      const gone = `${processes(ended)} ended.`;
      if (left === 0) return gone;
      return `${gone} ${processes(left)} did not end, or should stay now.`;
    },
    cancel: 'Cancel',
  },
  alerts: 'Alerts',
  none: 'No alerts',
  noneHint: 'Failures, extra copies, services that gave up and jobs gone quiet are listed here.',
  acknowledge: 'Acknowledge',
  acknowledgeAlert: (message: string) => `Acknowledge: ${message}`,
  acknowledgeAll: 'Acknowledge all',
  showOlder: (count: number) => `Show older (${count})`,
  hideOlder: 'Hide older',
  olderAlerts: 'Older alerts',
  archive: 'Archive resolved',
  said: {
    acknowledged: 'Acknowledged.',
    archived: 'Resolved alerts were archived.',
  },
  states: { open: 'Open', acknowledged: 'Acknowledged', resolved: 'Resolved', archived: 'Archived' },
  times: (count: number) => (count === 1 ? 'once' : `${count} times`),
  showRun: 'Show run',
  showJob: 'Show job',
  daemon: 'About the daemon',
  facts: {
    state: 'State',
    pid: 'PID',
    kind: 'Lives in',
    since: 'Since',
    startedBy: 'Started by',
    host: 'Computer',
    version: 'Version',
    appVersion: 'App version',
    home: 'Home',
    lock: 'Lock',
    socket: 'Control socket',
    generation: 'Generation',
    instance: 'Instance',
    crash: 'Last crash',
  },
  kinds: { app: 'Menu-bar app', headless: 'Headless' },
  noCrash: 'None',
  crash: (pid: number, started: string, found: string) =>
    `PID ${pid}, started ${started}, found dead ${found}`,
} as const;
