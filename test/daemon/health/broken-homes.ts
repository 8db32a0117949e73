import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { controlPart } from '../../../main/control/control-part.ts';
import type { Verdict } from '../../../main/daemon/health/report.ts';
import { currentHost } from '../../../main/daemon/lock/host.ts';
import { lockPaths } from '../../../main/daemon/lock/paths.ts';
import { loadSqlite } from '../../../main/daemon/sqlite/binding.ts';
import { autostartEntry } from '../../../main/shell/login-item/desktop-entry.ts';
import { eventually, isRunning, ownerOf } from '../../support/command-line.ts';
import { newDaemon } from '../../support/daemons.ts';
import { configure, crash, must } from './doctor-support.ts';

/** How to take back what a fixture started outside of the home. */
type Cleanup = () => void | Promise<void>;

/** What a fixture adds to the surroundings of the command line, and how to take it back. */
interface Made {
  readonly environment?: NodeJS.ProcessEnv;
  readonly cleanup?: Cleanup;
}

/** A home that somebody or something has broken. */
export interface BrokenHome {
  readonly name: string;
  /** Breaks a home that is in order. */
  readonly make: (home: string) => Made | Promise<Made> | undefined;
  /** What must be found: the examination, its verdict, and what its sentence says. */
  readonly finds: readonly (readonly [name: string, verdict: Verdict, sentence: RegExp])[];
  /** What `--fix --yes` may touch of the home, by name; nothing else. Empty where nothing can be fixed. */
  readonly fix: readonly RegExp[];
  /** Whether no error is left after `--fix`, or never was one. */
  readonly isWellAfter: boolean;
  /** Whether `soloist up` works, before `--fix` and after it. */
  readonly ups: 'both' | 'after' | 'never' | 'not-tried';
}

const paths = (home: string) => lockPaths(home, 'daemon', currentHost().id);
const history = (home: string): string => join(home, 'history', 'history.sqlite');

/** What the next owner of a home writes, as every start does. */
const CLEARED = [/^daemon\.(?:pid|owner\.json|sock|host\.lock(?:\/.*)?)$/];
const isGone = async (pid: number): Promise<void> =>
  eventually('it is gone', async () => !(await isRunning(pid)));

/** Listens at a path, and does this to each connection. */
async function listening(path: string, answer: (connection: Socket) => void): Promise<Made> {
  const connections = new Set<Socket>();
  const server = createServer((connection) => {
    connections.add(connection);
    connection.on('error', () => {});
    answer(connection);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    cleanup: () => {
      for (const connection of connections) connection.destroy();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Starts a job that its configuration wants kept, and kills the daemon under it. */
async function keptJob(home: string): Promise<number> {
  const pidFile = join(home, '..', 'kept.pid');
  const run = `echo $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; exec sleep 600`;
  configure(home, `jobs:\n  kept: { run: ${JSON.stringify(run)}, on_start: true, orphans: keep, cwd: / }\n`);
  await must(home, ['up']);
  await eventually('the job runs', () => existsSync(pidFile));
  const pid = Number(readFileSync(pidFile, 'utf8'));
  await crash(home);
  return pid;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was ended, as it should be.
  }
}

export const brokenHomes: readonly BrokenHome[] = [
  {
    name: 'a PID file that a daemon left',
    make: (home) => {
      writeFileSync(paths(home).pid, '999999\n');
    },
    finds: [['pid file', 'error', /was left although no daemon runs\. It names PID 999999/]],
    fix: [/^daemon\.pid$/],
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'a PID file that is a folder',
    make: (home) => void mkdirSync(join(paths(home).pid, 'somebodys'), { recursive: true }),
    finds: [['pid file', 'error', /daemon\.pid is a folder/]],
    fix: [/^daemon\.pid/],
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'a daemon that was killed',
    make: async (home) => {
      await must(home, ['up']);
      await crash(home);
      return {};
    },
    finds: [
      ['daemon', 'error', /No daemon runs: the last one crashed/],
      ['record', 'error', /PID \d+ \(headless, since .*\), started by soloist up, generation 2, is dead/],
      ['pid file', 'error', /was left although no daemon runs/],
      ['socket', 'error', /was left although nobody listens/],
      ['host lock', 'warning', /left by a dead daemon of this computer/],
    ],
    fix: CLEARED,
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'a record of a dead process, alone',
    make: (home) => {
      const record = { ...ownerOf(home), pid: 999_999, endedAt: null };
      writeFileSync(paths(home).record, JSON.stringify(record));
    },
    finds: [['record', 'error', /PID 999999 .* is dead and had not released the home/]],
    fix: CLEARED,
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'a record that is garbage',
    make: (home) => {
      writeFileSync(paths(home).record, 'gar\0bage');
    },
    finds: [['record', 'error', /is not readable as a record/]],
    fix: [/^daemon\.owner\.json/],
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'a record that is a folder',
    make: (home) => {
      rmSync(paths(home).record);
      mkdirSync(join(paths(home).record, 'somebodys'), { recursive: true });
    },
    finds: [['record', 'error', /is a folder/]],
    fix: [/^daemon\.owner\.json/],
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'a record that was deleted under a daemon that is suspended',
    make: async (home) => {
      await must(home, ['up']);
      const pid = ownerOf(home)?.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      renameSync(paths(home).record, join(home, '..', 'record'));
      return {
        cleanup: () => {
          kill(pid);
          return isGone(pid);
        },
      };
    },
    finds: [
      ['record', 'error', /There is no owner record .*, although a daemon holds the home/],
      ['daemon', 'error', /PID \d+ holds the home, has no owner record and does not answer/],
    ],
    // It ends as a daemon does that was robbed of its record.
    fix: [...CLEARED, /^(?:history|logs|runs)\//],
    isWellAfter: true,
    ups: 'after',
  },
  {
    name: 'a lock file that is a link',
    make: (home) => {
      rmSync(join(home, 'daemon.lock'));
      writeFileSync(join(home, 'elsewhere'), 'precious');
      symlinkSync(join(home, 'elsewhere'), join(home, 'daemon.lock'));
    },
    finds: [['lock', 'error', /daemon\.lock cannot be used: it is a link/]],
    fix: [/^daemon\.lock/],
    isWellAfter: true,
    ups: 'after',
  },
  {
    name: 'a lock file that is a folder',
    make: (home) => {
      rmSync(join(home, 'daemon.lock'));
      mkdirSync(join(home, 'daemon.lock', 'somebodys'), { recursive: true });
    },
    finds: [['lock', 'error', /daemon\.lock cannot be used: it is a folder/]],
    fix: [/^daemon\.lock/],
    isWellAfter: true,
    ups: 'after',
  },
  {
    name: 'a lock file that the group can write',
    make: (home) => {
      chmodSync(join(home, 'daemon.lock'), 0o660);
    },
    finds: [['permissions', 'error', /daemon\.lock can be written by other users \(mode 0660\)/]],
    fix: [/^daemon\.lock$/],
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'a lock file that was replaced under a daemon that is suspended',
    make: async (home) => {
      await must(home, ['up']);
      const pid = ownerOf(home)?.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      rmSync(join(home, 'daemon.lock'));
      writeFileSync(join(home, 'daemon.lock'), '', { mode: 0o600 });
      return { cleanup: () => kill(pid) };
    },
    finds: [['lock', 'error', /The daemon PID \d+ .* lives, and does not hold the lock file/]],
    fix: [...CLEARED, /^history\//],
    isWellAfter: true,
    ups: 'after',
  },
  {
    name: 'a home that others can write',
    make: (home) => {
      chmodSync(home, 0o777);
    },
    finds: [['home', 'error', /can be written by other users \(mode 0777\)/]],
    fix: [/^$/],
    isWellAfter: true,
    ups: 'after',
  },
  {
    name: 'a socket without a listener',
    make: async (home) => {
      const socket = join(home, 'daemon.sock');
      const made = await listening(socket, () => {});
      // Closing it removes its name; a second name stays.
      linkSync(socket, join(home, 'kept'));
      await made.cleanup?.();
      renameSync(join(home, 'kept'), socket);
      return {};
    },
    finds: [['socket', 'error', /daemon\.sock was left although nobody listens there/]],
    fix: [/^daemon\.sock$/],
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'something else that listens at the socket and says nothing',
    make: (home) => listening(join(home, 'daemon.sock'), () => {}),
    finds: [['daemon', 'error', /Something that is no daemon of this home listens at .* and says nothing/]],
    fix: [/^daemon\.sock$/],
    isWellAfter: true,
    ups: 'after',
  },
  {
    name: 'something else that answers garbage at the socket',
    make: (home) => listening(join(home, 'daemon.sock'), (connection) => connection.end('\0\u00ffgarbage')),
    finds: [
      ['daemon', 'error', /Something that is no daemon of this home listens at .* does not speak as Soloist/],
    ],
    fix: [/^daemon\.sock$/],
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'another program with HTTP at the socket',
    make: (home) =>
      listening(join(home, 'daemon.sock'), (connection) => connection.end('HTTP/1.1 200 OK\r\n\r\n<html>')),
    finds: [['daemon', 'error', /listens at .* and does not speak as Soloist does \(.*HTTP status 200/]],
    fix: [/^daemon\.sock$/],
    isWellAfter: true,
    ups: 'after',
  },
  {
    name: 'a control socket that others can use',
    make: async (home) => {
      await must(home, ['up']);
      chmodSync(join(home, 'daemon.sock'), 0o666);
      return {};
    },
    finds: [['socket', 'error', /is open to other users \(mode 0666\)/]],
    fix: [/^daemon\.sock$/],
    isWellAfter: true,
    ups: 'not-tried',
  },
  {
    name: 'a daemon that is suspended',
    make: async (home) => {
      await must(home, ['up']);
      const pid = ownerOf(home)?.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      return { cleanup: () => kill(pid) };
    },
    finds: [['daemon', 'error', /The daemon PID \d+ .* lives and is suspended/]],
    fix: [...CLEARED, /^history\//],
    isWellAfter: true,
    ups: 'after',
  },
  {
    name: 'a killed daemon whose job is kept',
    make: async (home) => {
      const pid = await keptJob(home);
      return { cleanup: () => kill(pid) };
    },
    finds: [
      ['record', 'error', /is dead and had not released the home/],
      ['orphans', 'warning', /Of kept, run \w+, PID \d+ goes on without a daemon/],
    ],
    fix: CLEARED,
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'a killed daemon whose job nobody wants kept any more',
    make: async (home) => {
      const pid = await keptJob(home);
      configure(home, 'jobs: {}\n');
      return { cleanup: () => kill(pid) };
    },
    finds: [['orphans', 'error', /Of kept, run \w+, PID \d+ goes on without a daemon/]],
    fix: CLEARED,
    isWellAfter: true,
    ups: 'not-tried',
  },
  {
    name: 'the host lock of another computer',
    make: (home) => {
      const foreign = {
        ...ownerOf(home),
        host: { name: 'nas', id: 'f'.repeat(16) },
        bootId: 'another',
        endedAt: null,
      };
      writeFileSync(paths(home).record, JSON.stringify(foreign));
      mkdirSync(paths(home).hostLock);
      return { cleanup: () => rmSync(paths(home).record) };
    },
    finds: [
      ['record', 'warning', /The home is in use on another computer: nas/],
      ['host lock', 'error', /is that of another computer: nas, PID \d+, last seen/],
    ],
    fix: [],
    isWellAfter: false,
    ups: 'never',
  },
  {
    name: 'a host lock that this computer left',
    make: (home) => void mkdirSync(join(paths(home).hostLock, 'inside'), { recursive: true }),
    finds: [['host lock', 'warning', /left by a dead daemon of this computer/]],
    fix: [/^daemon\.host\.lock/],
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'a history that is garbage',
    make: (home) => {
      writeFileSync(history(home), 'garbage'.repeat(1_000));
    },
    finds: [['history', 'error', /is damaged: it is not an SQLite database/]],
    fix: [],
    isWellAfter: false,
    ups: 'both',
  },
  {
    name: 'a history with damaged pages that only a check finds',
    make: (home) => {
      const bytes = readFileSync(history(home));
      bytes.fill(0xab, 4_096, 16_384);
      writeFileSync(history(home), bytes);
      // As a daemon that was killed leaves it: its pages are checked then.
      writeFileSync(`${history(home)}-check`, '');
    },
    finds: [['history', 'error', /is damaged: /]],
    fix: [],
    isWellAfter: false,
    ups: 'both',
  },
  {
    name: 'damaged histories beside a sound one',
    make: (home) => {
      writeFileSync(`${history(home)}.damaged-2026-01-01T000000Z`, 'x'.repeat(2_000_000));
    },
    finds: [['history', 'warning', /1 file of damaged histories lies beside it \(2\.0 MB\)/]],
    fix: [],
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'a history of a newer version',
    make: (home) => {
      const { DatabaseSync } = loadSqlite();
      const database = new DatabaseSync(history(home));
      database.exec('PRAGMA user_version = 99');
      database.close();
    },
    finds: [['history', 'error', /was written by a newer Soloist \(its version is 99/]],
    fix: [],
    isWellAfter: false,
    ups: 'not-tried',
  },
  {
    name: 'a file where the folder of outputs should be',
    make: (home) => {
      rmSync(join(home, 'runs'), { recursive: true });
      writeFileSync(join(home, 'runs'), 'precious');
    },
    finds: [['permissions', 'error', /runs is not a folder/]],
    fix: [/^runs/],
    isWellAfter: true,
    ups: 'after',
  },
  {
    name: 'a file where the folder of logs should be',
    make: (home) => {
      rmSync(join(home, 'logs'), { recursive: true });
      writeFileSync(join(home, 'logs'), 'precious');
    },
    finds: [['permissions', 'error', /logs is not a folder/]],
    fix: [/^logs/],
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'a configuration that is broken',
    make: (home) => {
      configure(home, 'jobs:\n  backup: { run: true, shedule: "0 3 * * *" }\n');
    },
    finds: [['configuration', 'error', /soloist\.yaml:2:\d+: .*/]],
    fix: [],
    isWellAfter: false,
    ups: 'never',
  },
  {
    name: 'no configuration',
    make: (home) => {
      rmSync(join(home, 'soloist.yaml'));
    },
    finds: [['configuration', 'warning', /There is no configuration/]],
    fix: [],
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'a configuration that others can write',
    make: (home) => {
      chmodSync(join(home, 'soloist.yaml'), 0o666);
    },
    finds: [['configuration', 'error', /soloist\.yaml can be written by other users \(mode 0666\)/]],
    fix: [/^soloist\.yaml$/],
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'jobs whose programs are not found',
    make: (home) => {
      configure(
        home,
        'jobs:\n  list: { run: [no-such-program, x], cwd: / }\n  word: { run: also-missing --now, cwd: / }\n',
      );
    },
    finds: [
      [
        'environment',
        'error',
        /list could not start: The program 'no-such-program' was not found in any folder/,
      ],
      [
        'environment',
        'error',
        /word could not start: The program 'also-missing' was not found in any folder/,
      ],
    ],
    fix: [],
    isWellAfter: false,
    ups: 'both',
  },
  {
    name: 'folders of jobs that are not there',
    make: (home) => {
      configure(
        home,
        'jobs:\n  watcher: { run: "true", watch: { path: /no/such/inbox }, cwd: / }\n  worker: { run: "true", cwd: /no/such/place }\n',
      );
    },
    finds: [
      ['environment', 'error', /The folder \/no\/such\/inbox, which watcher names, is not there/],
      ['environment', 'error', /The folder \/no\/such\/place, which worker names, is not there/],
    ],
    fix: [],
    isWellAfter: false,
    ups: 'both',
  },
  {
    name: 'an autostart entry to a program that is gone',
    make: (home) => {
      const folder = join(home, '..', 'config');
      mkdirSync(join(folder, 'autostart'), { recursive: true });
      const entry = autostartEntry(['/gone/to the/soloist', '--hidden'], '/icon.png');
      writeFileSync(join(folder, 'autostart', 'soloist.desktop'), entry);
      return { environment: { XDG_CONFIG_HOME: folder } };
    },
    finds: [['login item', 'error', /names \/gone\/to the\/soloist, which is not there/]],
    fix: [],
    isWellAfter: false,
    ups: 'both',
  },
  {
    name: 'temporary files of the lock and the record',
    make: (home) => {
      writeFileSync(paths(home).claim, '{"half', { mode: 0o600 });
      writeFileSync(`${paths(home).pid}.${currentHost().id}`, '12', { mode: 0o600 });
      writeFileSync(join(home, 'soloist.schema.json.4242.new'), '{', { mode: 0o600 });
    },
    finds: [
      ['temporary files', 'warning', /daemon\.owner\.[0-9a-f]{16}\.json was left/],
      ['temporary files', 'warning', /daemon\.pid\.[0-9a-f]{16} was left/],
      ['temporary files', 'warning', /soloist\.schema\.json\.4242\.new was left/],
    ],
    fix: [/^daemon\.owner\.[0-9a-f]{16}\.json$/, /^daemon\.pid\./, /^soloist\.schema\.json\.4242\.new$/],
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'a daemon of another version',
    make: async (home) => {
      const daemon = newDaemon(home, {
        version: '0.0.9',
        standing: [controlPart({ stop: (daemon) => void daemon.stop({ kind: 'asked' }) })],
      });
      await daemon.start();
      return { cleanup: () => daemon.stop() };
    },
    finds: [['versions', 'warning', /The daemon is version 0\.0\.9, this program \d/]],
    fix: [],
    isWellAfter: true,
    ups: 'not-tried',
  },
  {
    name: 'errors in the log of the last hour',
    make: (home) => {
      const day = new Date().toLocaleDateString('sv');
      const line = { level: 50, time: Date.now() - 60_000, msg: 'the disk made a noise' };
      appendFileSync(join(home, 'logs', `daemon-${day}.log`), `${JSON.stringify(line)}\n`);
    },
    finds: [['log', 'warning', /has an error of the last hour/]],
    fix: [],
    isWellAfter: true,
    ups: 'both',
  },
  {
    name: 'a clock that was set back',
    make: (home) => {
      const day = new Date().toLocaleDateString('sv');
      const line = { level: 30, time: Date.now() + 86_400_000, msg: 'from tomorrow' };
      appendFileSync(join(home, 'logs', `daemon-${day}.log`), `${JSON.stringify(line)}\n`);
    },
    finds: [['clock', 'warning', /which is before what was recorded at/]],
    fix: [],
    isWellAfter: true,
    ups: 'both',
  },
];
