/** An entry for the autostart folder, by the Desktop Entry Specification 1.5. `icon` is a path. */
export function autostartEntry(command: readonly string[], icon: string): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Version=1.5',
    'Name=Soloist',
    'Comment=Runs your automations and shows them',
    `Exec=${execValue(command)}`,
    `Icon=${escapedString(icon)}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/**
 * The value of the key Exec. Each argument is quoted by the rules of that key, and the whole is then escaped as every string
 * value is: a backslash that quoting writes becomes two.
 */
export function execValue(command: readonly string[]): string {
  return escapedString(command.map(quotedArgument).join(' '));
}

function quotedArgument(argument: string): string {
  // A percent sign begins a field code, quoted or not.
  const text = argument.replaceAll('%', '%%');
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text;
  return `"${text.replace(/["`$\\]/g, '\\$&')}"`;
}

function escapedString(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
}

/** Whether a session starts what this entry says: it can be switched off without being removed. */
export function isEnabled(entry: string): boolean {
  const keys = keysOf(entry);
  if (keys === undefined || !keys.has('Exec')) return false;
  return keys.get('Hidden') !== 'true' && keys.get('X-GNOME-Autostart-enabled') !== 'false';
}

/** The keys of the group [Desktop Entry]; undefined if there is no such group. */
function keysOf(entry: string): Map<string, string> | undefined {
  let keys: Map<string, string> | undefined;
  for (const line of entry.split(/\r?\n/)) {
    const group = /^\[(.*)\]\s*$/.exec(line)?.[1];
    if (group !== undefined) {
      if (keys !== undefined) break;
      if (group === 'Desktop Entry') keys = new Map();
      continue;
    }
    const [, key, value] = /^([A-Za-z0-9-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) keys?.set(key, value);
  }
  return keys;
}

/** The words of the command that an entry starts; undefined if it has none, or none that can be read. */
export function execWords(entry: string): readonly string[] | undefined {
  const value = keysOf(entry)?.get('Exec');
  if (value === undefined) return undefined;
  const text = value.replace(/\\([\\nrts])/g, (_, escaped: string) => ESCAPED[escaped] ?? escaped);
  const words = [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/gs)].map(([, quoted, plain]) =>
    (quoted?.replace(/\\(.)/gs, '$1') ?? plain ?? '').replaceAll('%%', '%'),
  );
  return words.length === 0 ? undefined : words;
}

const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\', n: '\n', r: '\r', t: '\t', s: ' ' };
