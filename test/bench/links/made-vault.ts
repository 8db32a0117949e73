import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Always the same numbers from 0 to 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const SYLLABLES = 'ba co di fu ge hi jo ka lu me ni po qua ri so tu ve wa xi yo zu stra blem nor tis'.split(
  ' ',
);
const VOCABULARY = 30_000;
const TOPICS = 200;
const WORDS_OF_TOPIC = 150;

/**
 * Writes notes of some 250 words in folders of 200: the words as unevenly spread as those of a language, each note with a topic of
 * its own that a fiftieth of a percent to one percent of the others share, and two links.
 */
export function makeVault(folder: string, notes: number): void {
  const next = numbers(7);
  const word = (index: number): string => {
    let rest = index + 25;
    let made = '';
    for (; rest > 0; rest = Math.floor(rest / SYLLABLES.length)) made += SYLLABLES[rest % SYLLABLES.length];
    return made;
  };
  // Zipf: the tenth most frequent word comes a tenth as often as the first.
  const common = (): string => word(Math.floor(VOCABULARY ** next()) - 1);
  const path = (note: number): string => `Folder ${Math.floor(note / 200)}/Note ${note} ${word(note * 3)}.md`;
  for (let note = 0; note < notes; note++) {
    const topic = Math.floor(next() * TOPICS);
    const special = (): string =>
      word(VOCABULARY + topic * WORDS_OF_TOPIC + Math.floor(WORDS_OF_TOPIC * next() ** 2));
    const sentence = (): string =>
      Array.from({ length: 12 }, () => (next() < 0.25 ? special() : common())).join(' ');
    const paragraph = (): string => `${Array.from({ length: 5 }, sentence).join('. ')}.`;
    const other = path(Math.floor(next() * notes)).replace(/^.*\/|\.md$/g, '');
    const text = [
      `---\ntags: [${special()}]\n---`,
      `# ${special()} ${common()} ${note}`,
      paragraph(),
      `## ${special()} ${common()}`,
      paragraph(),
      `${paragraph()} See [[${other}]].`,
      `- ${sentence()}\n- ${sentence()}`,
      paragraph(),
    ];
    const file = join(folder, path(note));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${text.join('\n\n')}\n`);
  }
}
