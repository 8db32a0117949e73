import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../support/temporary.ts';

const long = (topic: string): string =>
  Array.from(
    { length: 40 },
    (_, day) => `- Day ${day + 1}: looked at ${topic} again, wrote the numbers down and went to bed early.`,
  ).join('\n');

/** Notes of which some belong together and are not linked; other line endings, scripts and sizes among them. */
const notes = {
  'Bread/Sourdough starter.md': `---
tags: [baking]
---
# Sourdough starter

Feed the starter with rye flour and water each morning. When it doubles within four hours, the
starter is **ready**: it floats, smells of yoghurt and raises a loaf without yeast.

A starter that was kept cold needs two feedings before the dough rises well.
`,
  'Bread/Rye loaf.md': `# Rye loaf

Rye flour has little gluten, so the dough stays sticky and the loaf is baked in a tin. It takes a
sourdough starter that was fed the evening before; without a lively starter the loaf stays flat.

## Steps

1. Mix flour, water, starter and salt.
2. Let the dough rise until it has doubled.
`,
  'Garden/Tomatoes.md': `# Tomatoes\r\n\r\nSow the tomato seeds indoors in March, and plant the seedlings out after the last frost. Side shoots\r\nare pinched out, or the plants put all of their strength into leaves.\r\n\r\n## Related\r\n\r\n- [[Watering]]\r\n`,
  'Garden/Seedlings.md': `# Seedlings

Seedlings under a lamp grow leggy when it hangs too high. Tomato seedlings are planted deeper than they
stood, up to the first leaves, after the last frost.
`,
  'Garden/Watering.md': '# Watering\n\nEarly in the morning, at the roots, never over the leaves.\n',
  'Garden/Diary.md': `# Garden diary

${long('the compost heap')}

The tomato seedlings had a night of frost: the leaves of those that were planted out are black, those
under the lamp are well.

${long('the rain gauge')}
`,
  'מתכונים/לחם שיפון.md': `# לחם שיפון

קמח שיפון ומחמצת: את המחמצת מאכילים בבוקר, והבצק תופח עד הערב. Rye flour, sourdough starter, dough and
loaf are the English words for it.
`,
} as const;

export interface Vault {
  readonly path: string;
  read(note: string): string;
  write(note: string, text: string): void;
}

/** A vault of its own with these notes. */
export function linksVault(): Vault {
  const path = temporaryFolder();
  const vault: Vault = {
    path,
    read: (note) => readFileSync(join(path, note), 'utf8'),
    write(note, text) {
      mkdirSync(dirname(join(path, note)), { recursive: true });
      writeFileSync(join(path, note), text);
    },
  };
  for (const [note, text] of Object.entries(notes)) vault.write(note, text);
  return vault;
}

export const noteNames = Object.keys(notes);
