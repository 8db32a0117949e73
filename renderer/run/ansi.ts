import Anser from 'anser';

/** A stretch of a line in one style. Colours are names (`red`, `bright-red`) or RGB. */
export interface Span {
  readonly text: string;
  readonly foreground: Color | undefined;
  readonly background: Color | undefined;
  readonly decorations: readonly Decoration[];
}

export type Color = { readonly name: string } | { readonly rgb: Rgb };
export type Rgb = readonly [red: number, green: number, blue: number];
export type Decoration = 'bold' | 'dim' | 'italic' | 'underline' | 'strikethrough';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about.
const STYLES = /\x1b\[[\d;]*m/g;
/** Escape sequences that are no style: of the operating system (titles, links), of the cursor, of two characters. */
const OTHER_SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about.
  /\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[P^_X][^\x1b]*(?:\x1b\\)?|\x1b\[(?![\d;]*m)[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]?|\x1b(?!\[)[\x20-\x2f]*[\x30-\x7e]?/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about.
const CONTROLS = /[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about.
const UNSETTLED = /[\x00-\x08\x0b-\x1f\x7f]/;

/** How many style changes are carried on to the next line at most: no writer nests so many. */
const CARRIED = 64;

/** A line as a terminal would leave it, with style sequences only: what was written over is gone. */
export function settled(line: string): string {
  const written = line.includes('\r') ? overwritten(line) : line;
  return written.search(UNSETTLED) !== -1
    ? written.replace(OTHER_SEQUENCES, '').replace(CONTROLS, '')
    : written;
}

/** The text after the last carriage return, in the styles that were set before it. */
function overwritten(line: string): string {
  const trimmed = line.replace(/\r+$/, '');
  const last = trimmed.lastIndexOf('\r');
  return last === -1 ? trimmed : stylesIn(trimmed.slice(0, last)).join('') + trimmed.slice(last + 1);
}

/** A line's text without its styles. */
export function plain(line: string): string {
  const text = settled(line);
  return text.includes('\x1b') ? text.replace(STYLES, '') : text;
}

const stylesIn = (text: string): string[] => (text.includes('\x1b') ? (text.match(STYLES) ?? []) : []);

/** The style sequences in force after this text, given those in force before it. */
export function carried(before: string, text: string): string {
  const found = stylesIn(text);
  if (found.length === 0) return before;
  const all = [...stylesIn(before), ...found];
  const reset = all.findLastIndex((style) => /^(0?;)*0*m$/.test(style.slice(2)));
  const latest = all.slice(reset + 1);
  return latest
    .filter((style, at) => latest.lastIndexOf(style) === at)
    .slice(-CARRIED)
    .join('');
}

/** A line in spans of one style each, beginning in the style that `before` sets. */
export function spansOf(line: string, before = ''): Span[] {
  const text = settled(line);
  if (before === '' && !text.includes('\x1b'))
    return text === '' ? [] : [{ text, foreground: undefined, background: undefined, decorations: [] }];
  const anser = new Anser();
  const spans: Span[] = [];
  const [first = '', ...chunks] = (before + text).split('\x1b[');
  if (first !== '')
    spans.push({ text: first, foreground: undefined, background: undefined, decorations: [] });
  for (const chunk of chunks) {
    // One chunk at a time, since Anser's entries share one list of decorations.
    const entry = anser.processChunkJson(chunk, { json: true, use_classes: true }, true);
    if (entry.content === '') continue;
    const decorations: readonly string[] = entry.decorations;
    const isReversed = decorations.includes('reverse');
    const foreground = colorOf(entry.fg, entry.fg_truecolor);
    const background = colorOf(entry.bg, entry.bg_truecolor);
    spans.push({
      text: entry.content,
      foreground: isReversed ? (background ?? { name: 'background' }) : foreground,
      background: isReversed ? (foreground ?? { name: 'foreground' }) : background,
      decorations: shownDecorations.filter((decoration) => decorations.includes(decoration)),
    });
  }
  return spans;
}

const shownDecorations: readonly Decoration[] = ['bold', 'dim', 'italic', 'underline', 'strikethrough'];

/** A colour by Anser's class for it. */
function colorOf(name: string | null, trueColor: string | null): Color | undefined {
  if (name === null) return undefined;
  if (name === 'ansi-truecolor') {
    const [red = 0, green = 0, blue = 0] = (trueColor ?? '').split(',').map(Number);
    return { rgb: [red, green, blue] };
  }
  const palette = /^ansi-palette-(\d+)$/.exec(name);
  return palette === null ? { name: name.replace(/^ansi-/, '') } : { rgb: paletteColor(Number(palette[1])) };
}

/** A colour of xterm's 256, from 16 on: a cube of 6 levels a channel, then 24 greys. */
export function paletteColor(index: number): Rgb {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const level = (digit: number): number => (digit === 0 ? 0 : 55 + digit * 40);
  const cube = index - 16;
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)];
}
