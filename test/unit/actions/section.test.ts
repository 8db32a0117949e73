import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { additionTo, withAddition, withoutAddition } from '../../../main/daemon/actions/links/section.ts';
import { parseNote } from '../../../main/daemon/actions/notes/parse.ts';

const LINK = '[[Ünder]]';
const added = (text: string, section = '## Related', link = LINK): string | undefined => {
  const bytes = Buffer.from(text);
  const addition = additionTo(bytes, section, link);
  return addition && withAddition(bytes, addition).toString();
};

describe('a link is added', () => {
  test('in a new section at the end, with the line endings and the last line as they are', () => {
    expect(added('')).toBe(`## Related\n\n- ${LINK}\n`);
    expect(added('Text')).toBe(`Text\n\n## Related\n\n- ${LINK}`);
    expect(added('Text\n')).toBe(`Text\n\n## Related\n\n- ${LINK}\n`);
    expect(added('Text\n\n')).toBe(`Text\n\n## Related\n\n- ${LINK}\n`);
    expect(added('\ufeffText\r\n')).toBe(`\ufeffText\r\n\r\n## Related\r\n\r\n- ${LINK}\r\n`);
    expect(added('---\na: b\n---')).toBe(`---\na: b\n---\n\n## Related\n\n- ${LINK}`);
    expect(added('Text\n', 'See also')).toBe(`Text\n\n## See also\n\n- ${LINK}\n`);
  });

  test('after the last list of the section, as its items are', () => {
    expect(added('## Related\n\n- [[One]]\n')).toBe(`## Related\n\n- [[One]]\n- ${LINK}\n`);
    expect(added('## Related\n* [[One]]\n  * below')).toBe(`## Related\n* [[One]]\n  * below\n* ${LINK}`);
    expect(added('## Related\n\n- [[One]]\n\n## Next\n\nText')).toBe(
      `## Related\n\n- [[One]]\n- ${LINK}\n\n## Next\n\nText`,
    );
    expect(added('## Related ##\n\n- [[One]]  \n\nText\n')).toBe(
      `## Related ##\n\n- [[One]]  \n- ${LINK}\n\nText\n`,
    );
  });

  test('as the first list of a section that has none', () => {
    expect(added('## Related')).toBe(`## Related\n\n- ${LINK}`);
    expect(added('## Related\n')).toBe(`## Related\n\n- ${LINK}\n`);
    expect(added('## Related\n\nWords.\n\n# Next\n')).toBe(`## Related\n\nWords.\n\n- ${LINK}\n\n# Next\n`);
    expect(added('## Related\n## Next\n')).toBe(`## Related\n\n- ${LINK}\n\n## Next\n`);
    expect(added('Related\n---\n\n1. one\n')).toBe(`Related\n---\n\n1. one\n\n- ${LINK}\n`);
    expect(added('# Über\nText', '# Über')).toBe(`# Über\nText\n\n- ${LINK}`);
  });

  test('not in what only looks like the section', () => {
    const code = '```\n## Related\n```\n';
    expect(added(code)).toBe(`${code}\n## Related\n\n- ${LINK}\n`);
    const quoted = '> ## Related\n\n### Related\n\n## Related work\n';
    expect(added(quoted)).toBe(`${quoted}\n## Related\n\n- ${LINK}\n`);
    const indented = '    ## Related\n\n<!--\n## Related\n-->\n';
    expect(added(indented)).toBe(`${indented}\n## Related\n\n- ${LINK}\n`);
  });

  test('not at all to a note that ends within a block that is never closed', () => {
    expect(added('Text\n\n```\ncode\n')).toBeUndefined();
    expect(added('Text\n\n<!-- open\n')).toBeUndefined();
  });

  test('to a long note, and to one that is not UTF-8', () => {
    const long = `${'Paragraph of text.\n\n```\n## Related\n```\n\n'.repeat(20_000)}## Related\n\n- [[One]]\n\n## End\n`;
    expect(added(long)).toBe(long.replace('- [[One]]\n', `- [[One]]\n- ${LINK}\n`));
    const latin = Buffer.from('Stra\xdfe\n\n## Related\n', 'latin1');
    const addition = additionTo(latin, '## Related', '[[X]]');
    expect(addition && withAddition(latin, addition).toString('latin1')).toBe(
      'Stra\xdfe\n\n## Related\n\n- [[X]]\n',
    );
  });
});

/** Blocks as people write them, the awkward ones among them. */
const block = fc.oneof(
  fc.constantFrom(
    '## Related',
    '## Related\n\n- [[One]]',
    '## Related\n- [x] done\n- [[Two|shown]]\n    - below',
    '```md\n## Related\n- [[X]]\n```',
    '~~~\n```\n~~~',
    '> ## Related\n> - quoted',
    '# 見出し',
    '1. one\n2. two',
    '- a\n\n  b',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    '<div>\nhtml\n</div>',
    '<!-- a comment -->',
    'Setext\n======',
    '***',
    '%% hidden %%',
    '$$\nx\n$$',
    '    indented',
    '[^1]: note',
    '- ',
    '*',
  ),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ maxLength: 40 }),
);
const note = fc
  .record({
    mark: fc.boolean(),
    matter: fc.constantFrom('', '---\ntitle: x\n---\n', '---\nbroken: [\n---\n'),
    blocks: fc.array(fc.tuple(block, fc.constantFrom('\n', '\n\n', '\n\n\n', ' \n')), { maxLength: 12 }),
    ending: fc.constantFrom('\n', '\r\n', '\r'),
    last: fc.constantFrom('', '\n', '\n\n', '  '),
  })
  .map(({ mark, matter, blocks, ending, last }) => {
    const text =
      matter +
      blocks
        .map(([each, gap]) => each + gap)
        .join('')
        .trimEnd() +
      last;
    return Buffer.from((mark ? '\ufeff' : '') + text.replaceAll('\n', ending));
  });

test('whatever a note says, all of it stays, the link is in it once more and can be taken out again', () => {
  let fitting = 0;
  fc.assert(
    fc.property(note, (bytes) => {
      const addition = additionTo(bytes, '## Related', '[[Zzyzx]]');
      if (addition === undefined) return;
      fitting++;
      const after = withAddition(bytes, addition);
      // Nothing but the added text is new, and it is one list item, with the section's heading if need be.
      const { offset, text } = addition;
      expect(
        Buffer.concat([after.subarray(0, offset), after.subarray(offset + Buffer.byteLength(text))]),
      ).toEqual(bytes);
      expect(text.replace(/[\r\n\s]/g, '')).toMatch(/^(?:##Related)?[-*+]\[\[Zzyzx\]\]$/);
      const targets = parseNote('n.md', after.toString().replace(/^\ufeff/, '')).links.map(
        ({ target }) => target,
      );
      expect(targets.filter((target) => target === 'Zzyzx')).toHaveLength(1);
      expect(withoutAddition(after, addition)).toEqual(bytes);
      expect(withoutAddition(bytes, addition)).not.toEqual(bytes);
    }),
    { numRuns: 1_000 },
  );
  expect(fitting).toBeGreaterThan(500);
});
