import { expect, test } from 'vitest';
import { keysIn, type ReviewCalls, review } from '../../../main/cli/links-review.ts';
import type { SuggestionView } from '../../../main/daemon/actions/links/suggestion.ts';
import { SoloistError } from '../../../main/daemon/errors.ts';

const link = (id: string, passage = `About ${id}.`): SuggestionView => ({
  id,
  job: 'links',
  note: { path: `${id}.md`, title: `Note ${id}` },
  target: { path: `to/${id}.md`, title: `Target ${id}` },
  score: 0.456,
  terms: ['basil', 'tomato'],
  passage,
  state: 'waiting',
  decidedAt: null,
});

async function reviewed(keys: string, links: readonly SuggestionView[], refused: readonly string[] = []) {
  const said: string[] = [];
  const asked: string[] = [];
  const calls: ReviewCalls = {
    waiting: async () => ({ links, total: links.length }),
    async decide(decision, id) {
      if (refused.includes(id))
        throw new SoloistError({ code: 'note-changed', message: 'It changed.', hint: 'Look.' });
      asked.push(`${decision} ${id}`);
      return links.find((each) => each.id === id) ?? link(id);
    },
  };
  const terminal = {
    async *keys() {
      yield* keysIn(keys);
    },
    write: (text: string) => void said.push(text),
    color: false,
  };
  await review(terminal, calls, links, links.length);
  return { asked, text: said.join('') };
}

test('shows both titles, the passage, why and how sure, and does what the keys say', async () => {
  const { asked, text } = await reviewed('aDsq', [link('one'), link('two'), link('three'), link('four')]);
  expect(asked).toEqual(['accept one', 'dismiss two']);
  expect(text).toContain(
    '1 of 4, 46 % sure\n  Note one one.md\n  → Target one to/one.md\n  “About one.”\n  both: basil, tomato',
  );
  expect(text).toContain("Added the link to 'Target one' to one.md.");
  expect(text).toContain('4 of 4');
  expect(text.trimEnd().split('\n').at(-1)).toBe('1 accepted, 1 dismissed, 2 waiting.');
});

test('takes back the last decision, also the one about the last link', async () => {
  const { asked, text } = await reviewed('uauduq', [link('one')]);
  expect(asked).toEqual(['accept one', 'undo one', 'dismiss one', 'undo one']);
  expect(text).toContain('Nothing was decided yet.');
  expect(text).toContain('That was the last one.');
  expect(text).toContain('0 accepted, 0 dismissed, 1 waiting.');
});

test('leaves out the same pair the other way round', async () => {
  const one = link('one');
  const { asked } = await reviewed('aaq', [
    one,
    { ...link('back'), note: one.target, target: one.note },
    link('two'),
  ]);
  expect(asked).toEqual(['accept one', 'accept two']);
});

test('says what was refused, and goes on', async () => {
  const { asked, text } = await reviewed('aa', [link('one'), link('two')], ['one']);
  expect(asked).toEqual(['accept two']);
  expect(text).toContain('It changed. Look.');
});

test('ends with Escape, Control-C or when there is nothing to show, and not with an arrow', async () => {
  for (const key of ['\u001b', '\u0003', '\u0004', 'Q'])
    expect((await reviewed(`\u001b[A${key}a`, [link('one')])).asked).toEqual([]);
  expect((await reviewed('a', [])).text).toBe('No suggested links wait.\n');
  expect(keysIn('a\u001b[1;5A\u001bOPé')).toEqual(['a', '\u001b[1;5A', '\u001bOP', 'é']);
});

test('shows no escape sequences of a note', async () => {
  expect((await reviewed('q', [link('one', 'red \u001b[31m')])).text).not.toContain('\u001b');
});
