import type { PlistValue } from 'plist';
import { shellWord } from '../../daemon/shell-word.ts';

const PRIORITY =
  'Soloist gives jobs no priorities. Begin the command with nice(1), or taskpolicy(8) on macOS.';
const SESSION = 'Soloist runs jobs as long as its daemon runs, whatever the session.';
const LIMITS =
  'Soloist sets no limits of the system. Write the command as text that begins with "ulimit", such as "ulimit -n 4096; exec program".';
const HAND_OVER =
  'launchd opens it and hands it over to the program. Soloist cannot, so leave this one to launchd.';
const DEBUGGING = 'It is for debugging launchd jobs.';
const MEMORY = "It is about how macOS gets memory back; Soloist's jobs run until they end.";
const OUTPUT = (_: PlistValue, job: string): string =>
  `Soloist keeps what runs print by itself: 'soloist logs ${shellWord(job)}'. Redirect it in the command if another program reads the file.`;

/** Why the keys of launchd.plist(5) are left out that have no counterpart, and what may be done instead. */
export const LEFT_OUT: Readonly<Record<string, string | ((value: PlistValue, job: string) => string)>> = {
  StandardOutPath: OUTPUT,
  StandardErrorPath: OUTPUT,
  GroupName: 'Soloist runs jobs as you, with your groups.',
  InitGroups: 'Soloist runs jobs as you, with your groups.',
  Umask: (value) =>
    `Soloist does not set it. Write the command as text that begins with "umask ${umask(value)};".`,
  RootDirectory: 'Soloist changes the root folder of no job, for which a program must be root.',
  ProcessType: PRIORITY,
  LowPriorityIO: PRIORITY,
  LowPriorityBackgroundIO: PRIORITY,
  LegacyTimers: 'Soloist starts jobs when they are due; it does not put timers together to save power.',
  LimitLoadToSessionType: SESSION,
  LimitLoadToHosts: 'A configuration of Soloist is for one computer.',
  LimitLoadFromHosts: 'A configuration of Soloist is for one computer.',
  LimitLoadToHardware: 'A configuration of Soloist is for one computer.',
  LimitLoadFromHardware: 'A configuration of Soloist is for one computer.',
  AbandonProcessGroup:
    'With Soloist the end of a run is the end of all its processes. Make a program that should stay a service of its own ("keep_alive: true").',
  SoftResourceLimits: LIMITS,
  HardResourceLimits: LIMITS,
  EnableGlobbing:
    'Arguments in a list are taken as they are. Write the command as text, so that the shell expands its patterns.',
  StartOnMount: 'Soloist does not know when a disk is mounted. "watch" on a file of that disk may do.',
  LaunchOnlyOnce: 'Soloist starts it whenever it is due.',
  EnableTransactions: MEMORY,
  EnablePressuredExit: MEMORY,
  HopefullyExitsFirst: 'It says in which order launchd ends jobs, which Soloist ends at one time.',
  HopefullyExitsLast: 'It says in which order launchd ends jobs, which Soloist ends at one time.',
  Debug: DEBUGGING,
  WaitForDebugger: DEBUGGING,
  SessionCreate: SESSION,
  MaterializeDatalessFiles: 'It is about files that are in a cloud only, which Soloist does not look at.',
  AssociatedBundleIdentifiers: 'It tells System Settings to which app the job belongs.',
  BundleProgram: 'It is a path inside an app, which only that app knows.',
  POSIXSpawnType: PRIORITY,
  ServiceIPC: 'It is a key of old versions of launchd, without effect.',
  TimeOut: 'It is about jobs that check in with launchd.',
  MultipleInstances: 'Soloist runs a job once at a time. "overlap: parallel" allows more of them.',
  MachServices: HAND_OVER,
  Sockets: HAND_OVER,
  inetdCompatibility: HAND_OVER,
  LaunchEvents: 'launchd starts it when such an event comes, of which Soloist does not know.',
};

/** What makes a job one that only launchd can run, whatever else starts it. */
export const HANDED_OVER = ['Sockets', 'inetdCompatibility'] as const;
/** What starts a job that Soloist knows nothing of. */
export const UNKNOWN_STARTS = ['MachServices', 'LaunchEvents', 'StartOnMount'] as const;

/** launchd.plist(5): a number is decimal here, and 18 is what people call 022. */
const umask = (value: PlistValue): string =>
  typeof value === 'number' ? `0${Math.trunc(value).toString(8)}` : String(value);
