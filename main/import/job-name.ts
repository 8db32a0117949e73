/** What a job's name may not hold: slashes, control and invisible characters, halves of characters. */
const UNFIT = /[/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;
/** Less than what is allowed, so that a number has room behind it. */
const LONGEST = { characters: 90, bytes: 180 };

/**
 * Makes names for the jobs of one import: each close to what is wanted, valid for soloist.yaml, and different from those made before
 * by more than case.
 */
export function jobNames(): (wanted: string) => string {
  const taken = new Set<string>();
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
