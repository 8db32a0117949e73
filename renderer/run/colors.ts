import type { Color, Rgb, Span } from './ansi.ts';

export type Theme = 'light' | 'dark';

/** The terminal's sixteen colours, and the text and ground of an output, as they are in each theme. */
const named: Readonly<Record<Theme, Readonly<Record<string, Rgb>>>> = {
  light: {
    foreground: [29, 29, 31],
    background: [250, 250, 251],
    black: [29, 29, 31],
    red: [178, 24, 36],
    green: [20, 110, 50],
    yellow: [130, 90, 0],
    blue: [20, 80, 190],
    magenta: [150, 30, 140],
    cyan: [0, 105, 120],
    white: [110, 110, 115],
    'bright-black': [100, 100, 106],
    'bright-red': [200, 30, 40],
    'bright-green': [15, 120, 60],
    'bright-yellow': [140, 95, 0],
    'bright-blue': [0, 95, 215],
    'bright-magenta': [170, 40, 165],
    'bright-cyan': [0, 115, 135],
    'bright-white': [80, 80, 86],
  },
  dark: {
    foreground: [235, 235, 240],
    background: [24, 24, 27],
    black: [130, 130, 138],
    red: [255, 115, 110],
    green: [90, 205, 120],
    yellow: [230, 190, 90],
    blue: [110, 170, 255],
    magenta: [225, 135, 230],
    cyan: [95, 205, 220],
    white: [220, 220, 226],
    'bright-black': [150, 150, 158],
    'bright-red': [255, 140, 135],
    'bright-green': [120, 230, 150],
    'bright-yellow': [250, 215, 120],
    'bright-blue': [145, 190, 255],
    'bright-magenta': [240, 165, 245],
    'bright-cyan': [130, 225, 240],
    'bright-white': [255, 255, 255],
  },
};

/** The contrast that text needs (WCAG 2.2, 1.4.3). */
const READABLE = 4.5;

export type SpanStyle = { readonly color?: string; readonly backgroundColor?: string };

/** How a span is coloured in a theme, readable whatever colours the job asked for. */
export function styleOf({ foreground, background, decorations }: Span, theme: Theme): SpanStyle {
  const isDim = decorations.includes('dim');
  if (foreground === undefined && background === undefined && !isDim) return {};
  const ground = background === undefined ? rgbOf({ name: 'background' }, theme) : rgbOf(background, theme);
  const text = rgbOf(foreground ?? { name: 'foreground' }, theme);
  const color = readable(isDim ? mixed(text, ground, 0.35) : text, ground);
  return {
    color: cssOf(color),
    ...(background === undefined ? {} : { backgroundColor: cssOf(ground) }),
  };
}

function rgbOf(color: Color, theme: Theme): Rgb {
  return 'rgb' in color ? color.rgb : (named[theme][color.name] ?? named[theme].foreground ?? [0, 0, 0]);
}

const cssOf = (rgb: Rgb): string => `rgb(${rgb.map(Math.round).join(' ')})`;

const mixed = (one: Rgb, other: Rgb, share: number): Rgb => [
  one[0] + (other[0] - one[0]) * share,
  one[1] + (other[1] - one[1]) * share,
  one[2] + (other[2] - one[2]) * share,
];

/** The colour, moved towards black or white as far as it must be to be read on the ground. */
export function readable(color: Rgb, ground: Rgb): Rgb {
  const pole: Rgb =
    contrast([255, 255, 255], ground) > contrast([0, 0, 0], ground) ? [255, 255, 255] : [0, 0, 0];
  for (let share = 0; share < 1; share += 0.05) {
    const tried = mixed(color, pole, share);
    if (contrast(tried, ground) >= READABLE) return tried;
  }
  return pole;
}

/** Contrast ratio by WCAG 2.2, from 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((channel) => {
    const share = Math.round(channel) / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
