/** Whose things are masked. */
export interface Person {
  /** The person's own folder, absolute. */
  readonly userFolder: string;
  readonly userName: string;
  readonly hostName: string;
}

/** What stands in the place of a secret. */
export const MASK = '(masked)';

/** Parts of names of things that are kept secret. */
const SECRET =
  'passw(?:or)?d|passwd|passphrase|passcode|pwd|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key|bearer|cookie|signature|auth(?!or(?!iz))|pin[-_]?code';
/** A name with such a part, or whose last word is `key`. */
const SECRET_NAME = `(?:[\\w.-]*(?:${SECRET})[\\w.-]*|(?:[\\w.-]*[_.-])?key|[\\w-]*sessionid|pass)`;
/** A value: in quotes, also in those of a text within a text; or up to a space. */
const VALUE = String.raw`\\?"(?:[^"\\]|\\.)*"|\\?'(?:[^'\\]|\\.)*'|[^\s,;}&"']+`;

/** Headers of HTTP whose values are kept secret. */
const HEADER = '(?:(?:proxy-)?authorization|(?:set-)?cookie|x-[\\w-]*(?:key|token|auth)[\\w-]*)';

const rules: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$(?![\s\S]))/g, MASK],
  // A header goes to the end of the quotes that it stands in, or of its line.
  [new RegExp(`(["'])(${HEADER}\\s*:)(?:(?!\\1)[^\\r\\n])*`, 'gi'), `$1$2 ${MASK}`],
  [new RegExp(`((?:^|[^\\w"'-])${HEADER}\\s*[:=])[^\\r\\n]*`, 'gim'), `$1 ${MASK}`],
  [/\b(bearer|basic|digest|negotiate|token)(\s+)(?=\S*[\d=])[\w.~+/=-]{6,}/gi, `$1$2${MASK}`],
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, `$1${MASK}@`],
  [new RegExp(`(--?${SECRET_NAME})(\\s+|=)(?!-)(?:${VALUE})`, 'gi'), `$1$2${MASK}`],
  [/((?:^|[\s"'])(?:-u|--user|--proxy-user)[\s=]*)(["']?)[^\s"':]+:[^\s"']+\2/g, `$1${MASK}`],
  [/(\bsshpass\s+-p\s*)\S+/g, `$1${MASK}`],
  [/(\b(?:mysql|mysqldump|mariadb|mariadb-dump|mysqladmin)\b[^\n|;]*?\s-p)(?=[^\s])\S+/g, `$1${MASK}`],
  [
    new RegExp(`((?:^|[^\\w.-])\\\\?["']?${SECRET_NAME}\\\\?["']?\\s*[:=]\\s*)(?:${VALUE})`, 'gim'),
    `$1${MASK}`,
  ],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, MASK],
  [/\beyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?/g, MASK],
  [
    /\b(?:gh[opsur]_|github_pat_|glpat-|xox[a-z]-|sk-|sk_|pk_|rk_|hf_|npm_|pypi-|AIza|AKIA|ASIA|ya29\.|dop_v1_|shpat_)[\w.-]{8,}/g,
    MASK,
  ],
  [/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu, '(e-mail)'],
];

/**
 * A text without what looks like a secret: keys, tokens, passwords, headers, credentials in URLs, e-mail addresses and long
 * random strings; and without the person's folder (`~`), name and computer. Rather too much is masked than too little.
 */
export function masked(text: string, person: Person): string {
  let result = anonymous(text, person);
  for (const [pattern, replacement] of rules) result = result.replace(pattern, replacement);
  return result.replace(/[\w+/=~.-]{20,}/g, withoutRandom);
}

function anonymous(text: string, { userFolder, userName, hostName }: Person): string {
  let result = text;
  // As it is, and as JSON writes it.
  for (const folder of new Set([userFolder, userFolder.replaceAll('\\', '\\\\')]))
    if (folder.length > 1) result = result.replace(new RegExp(`${escaped(folder)}(?![\\w.-])`, 'gi'), '~');
  result = result.replace(/((?:\/home|\/Users|\\\\?Users)(?:\/|\\\\?))(?!Shared\b)[^/\\\s"':]+/g, '$1(user)');
  result = withoutName(result, userName, '(user)');
  return withoutName(result, hostName, '(host)');
}

/** Names that say nothing about a person. */
const NOBODYS = new Set(['', 'root', 'user', 'admin', 'localhost']);

function withoutName(text: string, name: string, replacement: string): string {
  if (name.length < 2 || NOBODYS.has(name.toLowerCase())) return text;
  return text.replace(
    new RegExp(`(?<![\\p{L}\\p{N}])${escaped(name)}(?![\\p{L}\\p{N}])`, 'giu'),
    replacement,
  );
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** A run of characters, or its part between slashes if it is a path, unless it looks random. */
function withoutRandom(run: string): string {
  if (!/^(?:~|\.{1,2})?\//.test(run)) return isRandom(run) ? MASK : run;
  return run
    .split('/')
    .map((part) => (isRandom(part) ? MASK : part))
    .join('/');
}

/** Long, and hexadecimal or mixed as no word is. */
function isRandom(run: string): boolean {
  const text = run.replace(/[.=]+$/, '');
  const plain = text.replaceAll('-', '');
  if (plain.length >= 32 && /^[0-9a-f]+$/i.test(plain) && /\d/.test(plain)) return true;
  return (
    text.length >= 24 &&
    /[a-z]/.test(text) &&
    /[A-Z]/.test(text) &&
    /\d/.test(text) &&
    !/^[\w-]+\.[a-z]{2,5}$/.test(text)
  );
}

/** Whether a name is that of something which is kept secret. */
export const isSecretName = (name: string): boolean => new RegExp(`^${SECRET_NAME}$`, 'i').test(name);
