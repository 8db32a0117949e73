import type { CommandWords } from '../installation.ts';
import { SERVICE_MARK } from './service.ts';

/** How long its runs may take to end, in seconds; after that the manager kills the daemon, and their guards end them. */
const STOP_SECONDS = 120;
/** After a fault or a kill, and while the configuration is broken. */
const AGAIN_SECONDS = 30;

/**
 * The user unit of a daemon, by systemd.service(5). A daemon that was asked to end, or finds that another one has the home, ends
 * with 0 and is left alone. Only the daemon itself is signalled: it ends its runs as they want it, and some may outlive it.
 */
export function unitText(command: CommandWords): string {
  return `# ${SERVICE_MARK}
[Unit]
Description=Soloist, which keeps exactly one automation daemon alive

[Service]
Type=exec
ExecStart=${execStart(command)}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=${AGAIN_SECONDS}
RestartPreventExitStatus=2
KillMode=process
TimeoutStopSec=${STOP_SECONDS}

[Install]
WantedBy=default.target
`;
}

/** A command line as ExecStart takes it: nothing in it is a specifier, a variable or an escape. */
export function execStart([program, ...words]: CommandWords): string {
  // Variables are not looked for in the program itself.
  return [quoted(program), ...words.map((word) => quoted(word.replaceAll('$', '$$$$')))].join(' ');
}

function quoted(word: string): string {
  const text = word.replaceAll('%', '%%');
  if (/^[\w@%+=:,./$-]+$/.test(text)) return text;
  const escaped = text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `"${escaped}"`;
}
