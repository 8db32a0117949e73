import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';

const fonts = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
GlobalFonts.registerFromPath(join(fonts, 'ttf/DejaVuSans.ttf'), 'Test Sans');

/** A screenshot with these lines of text in it; another one for each text. */
export function drawScreenshot(lines: readonly string[], format: 'png' | 'jpeg' = 'png'): Buffer {
  const canvas = createCanvas(900, 120 + 70 * lines.length);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#20262e';
  context.font = '36px "Test Sans"';
  for (const [index, line] of lines.entries()) context.fillText(line, 50, 100 + 70 * index);
  return format === 'png' ? canvas.toBuffer('image/png') : canvas.toBuffer('image/jpeg', 92);
}

/** A picture so small that thousands can be made; another one for each number. */
export function tinyPicture(number: number): Buffer {
  const canvas = createCanvas(8, 8);
  const context = canvas.getContext('2d');
  context.fillStyle = `#${(number * 7919 + 1).toString(16).padStart(6, '0').slice(-6)}`;
  context.fillRect(0, 0, 8, 8);
  return canvas.toBuffer('image/png');
}
