import type { Remark } from '../imported.ts';

/** What a login or a terminal sets for itself, and what pm2 adds. */
const OF_A_SESSION =
  /^(?:_|PWD|OLDPWD|SHLVL|TERM|TERM_.*|COLORTERM|COLUMNS|LINES|LS_COLORS|LSCOLORS|LESS.*|PAGER|EDITOR|VISUAL|HOME|USER|LOGNAME|USERNAME|SHELL|HOSTNAME|MAIL|TMPDIR|DISPLAY|WAYLAND_DISPLAY|DBUS_.*|XDG_.*|SSH_.*|SUDO_.*|GPG_.*|VTE_.*|VSCODE_.*|ITERM_.*|LC_TERMINAL.*|__CF.*|XPC_.*|COMMAND_MODE|INVOCATION_ID|JOURNAL_STREAM|MANPATH|INFOPATH|NVM_.*|npm_.*|INIT_CWD|PM2_.*|pm_.*|PM_.*|unique_id|NODE_APP_INSTANCE|prev_restart_delay|HISTCONTROL|HISTSIZE)$/;

/**
 * Of the whole environment that `pm2 save` writes, what belongs to the app: neither what a session sets, nor what is the same in
 * the environment of the import.
 */
export function dumpedEnvironment(
  saved: Readonly<Record<string, unknown>>,
  present: Readonly<Record<string, string | undefined>>,
  say: (key: string, kind: Remark['kind'], why: string, what?: string) => void,
): Record<string, unknown> {
  const taken: Record<string, unknown> = {};
  const left: string[] = [];
  for (const [name, value] of Object.entries(saved)) {
    // pm2 keeps its own record of the app in there too.
    if (typeof value === 'object' || String(value) === present[name]) continue;
    if (OF_A_SESSION.test(name) || name === 'PATH') left.push(name);
    else taken[name] = value;
  }
  if (left.includes('PATH')) {
    const why =
      'A job has the PATH of your login shell; write PATH under "env" if its program is not found there.';
    say('env', 'left-out', why, `env.PATH: ${String(saved.PATH)}`);
  }
  const others = left.filter((name) => name !== 'PATH');
  if (others.length > 0) {
    const why = 'These belong to the session in which pm2 was started, and to pm2 itself.';
    say('env', 'left-out', why, `env: ${others.slice(0, 12).join(' ')}${others.length > 12 ? ' …' : ''}`);
  }
  return taken;
}
