/** What a job's name may not hold: slashes, control and invisible characters, halves of characters. */
const UNFIT = /[/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;
/** Less than what is allowed, so that a number has room behind it. */
const LONGEST = { characters: 90, bytes: 180 };

/**
 * Makes names for the jobs of one import: each close to what is wanted, valid for soloist.yaml, and different from those made before
 * by more than case. `others` are names that must not be given.
 */
export function jobNames(others: Iterable<string> = []): (wanted: string) => string {
  const taken = new Set<string>([...others].map(folded));
  return (wanted) => {
    const base = validName(wanted);
    let name = base;
    for (let number = 2; taken.has(folded(name)); number += 1) name = `${base}-${number}`;
    taken.add(folded(name));
    return name;
  };
}

const folded = (name: string): string => name.normalize('NFC').toLowerCase();

function validName(wanted: string): string {
  const plain = wanted
    .replace(UNFIT, '-')
    .replace(/\s+/g, ' ')
    .replace(/^[-.\s]+/, '');
  const name = shortenedTo(plain).replace(/[-\s]+$/, '');
  if (name === '') return 'job';
  // These would be taken for something else where a job's name is given, or in YAML.
  return /^(?:daemon|\d+|__proto__|<<)$/.test(name) ? `job-${name}` : name;
}

function shortenedTo(text: string): string {
  let kept = '';
  for (const character of text) {
    const longer = kept + character;
    if (longer.length > LONGEST.characters || Buffer.byteLength(longer) > LONGEST.bytes) break;
    kept = longer;
  }
  return kept;
}

const LONGEST_SLUG = 50;

/** Text as one word: what is neither letter nor digit becomes `-`. Empty if nothing is left. */
function slug(text: string): string {
  const word = text.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}@._+:]+/gu, '-');
  return Array.from(word.replace(/^[-.:]+/, ''))
    .slice(0, LONGEST_SLUG)
    .join('')
    .replace(/[-.:]+$/, '');
}

const MOST_WORDS = 5;

/** A name from what a person wrote about a job: `Nightly backup of photos` is `nightly-backup-of-photos`. */
export function nameFromWords(words: string): string {
  const plain = words
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  return slug(plain.split(' ').slice(0, MOST_WORDS).join('-'));
}

/** A name from a reversed domain name, without the domain: `com.example.backup.daily` is `backup-daily`. */
export function nameFromLabel(label: string): string {
  const parts = label.split('.').filter((part) => part !== '');
  const isLocal = /^(?:local|user|my|me)$/i.test(parts[0] ?? '');
  const own = parts.slice(isLocal || parts.length === 2 ? 1 : parts.length > 2 ? 2 : 0);
  // Of `php@8.1` both numbers belong together.
  return slug(own.reduce((name, part) => `${name}${/^\d+$/.test(part) ? '.' : '-'}${part}`, ''));
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
const PREPARATION = /^\s*(?:cd|test|\[|\[\[|\.|source|umask|ulimit|export|set|sleep|perl -e|:)(?=\s|$)/;

/** What stands between `&&`, `|`, `;` and the like, of which those in quotes are none. */
const PART = /(?:"[^"]*"|'[^']*'|[^&|;\n])+/g;

/** A name from a command line: `/usr/bin/restic backup ~/Documents` is `restic-backup`. */
export function nameFromCommand(command: string): string {
  const parts = [...command.matchAll(PART)].map(([part]) => part.replace(/^[\s{(!]+/, '')).filter(Boolean);
  const part = parts.find((one) => !PREPARATION.test(one)) ?? parts[0] ?? '';
  return nameFromArguments(part.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []);
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
    while (/^-|^\d+$/.test(rest[0] ?? '') && rest[0] !== '-c') rest.shift();
    rest.splice(0, skipped);
    if (rest[0] === '-c') return nameFromCommand(rest.slice(1).join(' '));
  }
  if (INTERPRETERS.test(program)) return interpreted(program, rest);
  const next = rest[0] ?? '';
  const isSubcommand = /^[a-z][a-z0-9:_-]{1,24}$/.test(next) && !SCRIPT_ENDING.test(program);
  return slug(`${program.replace(SCRIPT_ENDING, '')}${isSubcommand ? `-${next}` : ''}`);
}

/** `python -m notes.index` is `notes.index`, `sh -c 'restic backup'` is `restic-backup`, `php bin/cron.php` is `cron`. */
function interpreted(program: string, words: readonly string[]): string {
  const [first = '', second = ''] = words;
  if (/^-\w*c$/.test(first) && program.endsWith('sh')) return nameFromCommand(words.slice(1).join(' '));
  if (first === '-m') return slug(second);
  const script = words.find((word) => !word.startsWith('-'));
  return slug(script === undefined ? program : baseName(script).replace(SCRIPT_ENDING, ''));
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
