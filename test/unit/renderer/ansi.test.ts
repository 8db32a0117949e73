import { describe, expect, test } from 'vitest';
import { carried, paletteColor, plain, spansOf } from '../../../renderer/run/ansi.ts';
import { contrast, readable, styleOf } from '../../../renderer/run/colors.ts';

const ESC = '\x1b';
const textOf = (line: string): string =>
  spansOf(line)
    .map(({ text }) => text)
    .join('');

describe('a line of output', () => {
  test('is spans of one style each', () => {
    expect(spansOf(`a${ESC}[31;1mred${ESC}[4mboth${ESC}[0m end`)).toEqual([
      { text: 'a', foreground: undefined, background: undefined, decorations: [] },
      { text: 'red', foreground: { name: 'red' }, background: undefined, decorations: ['bold'] },
      {
        text: 'both',
        foreground: { name: 'red' },
        background: undefined,
        decorations: ['bold', 'underline'],
      },
      { text: ' end', foreground: undefined, background: undefined, decorations: [] },
    ]);
  });

  test('has 256 and true colours, and swaps them when reversed', () => {
    const [palette, real, reversed] = spansOf(`${ESC}[38;5;208mx${ESC}[48;2;1;2;3my${ESC}[7mz`);
    expect(palette?.foreground).toEqual({ rgb: [255, 135, 0] });
    expect(real?.background).toEqual({ rgb: [1, 2, 3] });
    expect(reversed).toMatchObject({ foreground: { rgb: [1, 2, 3] }, background: { rgb: [255, 135, 0] } });
    expect(paletteColor(16)).toEqual([0, 0, 0]);
    expect(paletteColor(231)).toEqual([255, 255, 255]);
    expect(paletteColor(255)).toEqual([238, 238, 238]);
  });

  test('begins in the style that the lines before have left', () => {
    let before = carried('', `${ESC}[31mred`);
    before = carried(before, `still ${ESC}[1mbold`);
    expect(spansOf('x', before)[0]).toMatchObject({ foreground: { name: 'red' }, decorations: ['bold'] });
    expect(carried(before, `${ESC}[m`)).toBe('');
    let long = '';
    for (let line = 0; line < 10_000; line++)
      long = carried(long, `${ESC}[38;2;${line % 256};0;${line >> 8}mx`);
    expect(long.length).toBeLessThan(2_000);
  });

  test('shows what a terminal would after a carriage return', () => {
    expect(plain('10%\r50%\r100%\r')).toBe('100%');
    expect(spansOf(`${ESC}[32m10%\r100%`)[0]).toMatchObject({ text: '100%', foreground: { name: 'green' } });
  });

  test.each([
    ['a title', `${ESC}]0;title\x07text`],
    ['a link', `${ESC}]8;;http://example.com${ESC}\\text${ESC}]8;;${ESC}\\`],
    ['cursor movements', `${ESC}[2Kte${ESC}[1;1Hxt${ESC}[?25l`],
    ['two characters', `${ESC}7text${ESC}(B`],
    ['control characters', 'te\x08\x00xt\x07'],
    ['an unfinished sequence', `text${ESC}[3`],
  ])('leaves out %s', (_, line) => {
    expect(plain(line)).toBe('text');
    expect(textOf(line)).toBe('text');
  });

  test('keeps markup as text', () => {
    expect(textOf('<img src=x onerror=alert(1)>&amp;')).toBe('<img src=x onerror=alert(1)>&amp;');
  });
});

describe('colours', () => {
  test.each(['light', 'dark'] as const)('can be read in the %s theme, whatever was asked for', (theme) => {
    const rgbOf = (css: string | undefined): [number, number, number] =>
      (css?.match(/\d+/g)?.map(Number) ?? []) as [number, number, number];
    const ground = theme === 'light' ? ([250, 250, 251] as const) : ([24, 24, 27] as const);
    const asked = [
      ...Array.from({ length: 256 }, (_, index) => `${ESC}[38;5;${index}mx`),
      ...Array.from({ length: 256 }, (_, index) => `${ESC}[48;5;${index}mx`),
      ...Array.from({ length: 256 }, (_, index) => `${ESC}[38;5;${index};48;5;${(index * 7) % 256}mx`),
      ...Array.from({ length: 16 }, (_, index) => `${ESC}[2;38;5;${index}mx`),
      `${ESC}[7mx`,
      `${ESC}[2mx`,
    ];
    for (const line of asked) {
      const [span] = spansOf(line);
      if (span === undefined) throw new Error('no span');
      const style = styleOf(span, theme);
      const behind = style.backgroundColor === undefined ? ground : rgbOf(style.backgroundColor);
      expect(contrast(rgbOf(style.color), behind), JSON.stringify(line)).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('stay as they are where they can be read', () => {
    expect(readable([0, 0, 0], [255, 255, 255])).toEqual([0, 0, 0]);
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
  });
});
