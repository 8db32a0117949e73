/** Names of jobs made from what other programs call theirs: each valid by the schema and given once. */
export class JobNames {
  readonly #taken = new Set<string>();

  /** `taken` are names that must not be given. */
  constructor(taken: Iterable<string> = []) {
    for (const name of taken) this.#taken.add(folded(name));
  }

  /** A valid name that is as much like the wanted text as can be, and was not given before; `backup-2` where `backup` was. */
  give(wanted: string): string {
    const name = validName(wanted);
    let free = name;
    for (let count = 2; this.#taken.has(folded(free)); count += 1) free = `${name}-${count}`;
    this.#taken.add(folded(free));
    return free;
  }
}

/** Most computers cannot tell `Backup` from `backup` in names of files. */
const folded = (name: string): string => name.normalize('NFC').toLowerCase();

const LONGEST = 50;
const LONGEST_BYTES = 150;

/** Text as a name of a job: words joined by `-`; `job` if nothing is left of it. */
export function validName(text: string): string {
  const words = text.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}@._+]+/gu, '-');
  let name = trimmed(Array.from(words).slice(0, LONGEST).join(''));
  while (Buffer.byteLength(name) > LONGEST_BYTES) name = trimmed(Array.from(name).slice(0, -1).join(''));
  if (name === '') return 'job';
  return name === 'daemon' || /^\d+$/.test(name) ? `job-${name}` : name;
}

const trimmed = (name: string): string => name.replace(/^[-.]+/, '').replace(/[-.]+$/, '');

const MOST_WORDS = 5;

/** A name from what a person wrote about a job: `Nightly backup of photos` is `nightly-backup-of-photos`. */
export function nameFromWords(words: string): string {
  const plain = words
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  return validName(plain.split(' ').slice(0, MOST_WORDS).join('-'));
}

/** A name from a reversed domain name, without the domain: `com.example.backup.daily` is `backup-daily`. */
export function nameFromLabel(label: string): string {
  const parts = label.split('.').filter((part) => part !== '');
  const own = parts.slice(parts.length > 2 ? 2 : parts.length - 1);
  // Of `php@8.1` both numbers belong together.
  return validName(own.reduce((name, part) => `${name}${/^\d+$/.test(part) ? '.' : '-'}${part}`, ''));
}

/** Words before a program that say how it is run, with how many words of their own follow them at least. */
const WRAPPERS: Readonly<Record<string, number>> = {
  sudo: 0,
  env: 0,
  nice: 0,
  ionice: 0,
  nohup: 0,
  chronic: 0,
  exec: 0,
  time: 0,
  command: 0,
  caffeinate: 0,
  setsid: 0,
  'systemd-cat': 0,
  timeout: 1,
  flock: 1,
};

const INTERPRETERS =
  /^(?:(?:ba|z|k|da|fi)?sh|python[\d.]*|node|ruby[\d.]*|perl|php[\d.]*|deno|bun|osascript|Rscript|java)$/;
const SCRIPT_ENDING = /\.(?:sh|bash|zsh|py|rb|pl|php|js|mjs|cjs|ts|scpt|jar|command)$/;

/** Parts of a command line of a shell that only prepare what follows: `cd /srv &&`, `test -x /usr/bin/x &&`. */
const PREPARATION = /^\s*(?:cd|test|\[|\[\[|\.|source|umask|ulimit|export|set|sleep|:)(?=\s|$)/;

/** A name from a command line: `/usr/bin/restic backup ~/Documents` is `restic-backup`. */
export function nameFromCommand(command: string): string {
  const parts = command.split(/&&|\|\||;|\n|\|/).filter((part) => part.trim() !== '');
  const part = parts.find((one) => !PREPARATION.test(one)) ?? parts[0] ?? '';
  return nameFromArguments(part.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? []);
}

/** A name from a program and its arguments. */
export function nameFromArguments(words: readonly string[]): string {
  const rest = words.map((word) => word.replaceAll(/^["'(]+|["')]+$/g, ''));
  let program = '';
  for (;;) {
    while (/^\w+=|^-|^\d+$/.test(rest[0] ?? '')) rest.shift();
    program = baseName(rest.shift() ?? '');
    const skipped = WRAPPERS[program];
    if (skipped === undefined || rest.length === 0) break;
    while (rest[0]?.startsWith('-')) rest.shift();
    rest.splice(0, skipped);
  }
  if (INTERPRETERS.test(program)) return interpreted(program, rest);
  const next = rest[0] ?? '';
  const isSubcommand = /^[a-z][a-z0-9:_-]{1,24}$/.test(next) && !SCRIPT_ENDING.test(program);
  return validName(`${program.replace(SCRIPT_ENDING, '')}${isSubcommand ? `-${next}` : ''}`);
}

/** `python -m notes.index` is `notes.index`, `sh -c 'restic backup'` is `restic-backup`, `php bin/cron.php` is `cron`. */
function interpreted(program: string, words: readonly string[]): string {
  const [first = '', second = ''] = words;
  if (/^-\w*c$/.test(first) && program.endsWith('sh')) return nameFromCommand(words.slice(1).join(' '));
  if (first === '-m') return validName(second);
  const script = words.find((word) => !word.startsWith('-'));
  return validName(script === undefined ? program : baseName(script).replace(SCRIPT_ENDING, ''));
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
