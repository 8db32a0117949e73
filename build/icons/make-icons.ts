/**
 * Draws the icons from soloist.svg with Electron's own renderer. Run by hand after a change of the drawing:
 *   node build/icons/make-icons.ts      (in a desktop, or behind xvfb-run)
 * What it writes is committed, so that a build needs no screen.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron } from 'playwright-core';
import type { TrayState } from '../../main/control/app-calls.ts';

const folder = import.meta.dirname;
const svg = readFileSync(join(folder, 'soloist.svg'), 'utf8');

/**
 * The parts of each state's icon, which differ in shape, and its colour where icons have one: of the palette of Okabe and
 * Ito, in shades that have a contrast of 3 to 1 with white and with black.
 */
const states: Record<TrayState, { parts: readonly string[]; colour: string }> = {
  running: { parts: ['note'], colour: '#009e73' },
  working: { parts: ['note', 'play'], colour: '#1f86cf' },
  paused: { parts: ['note', 'pause'], colour: '#808080' },
  stopped: { parts: ['hollow-note', 'stop'], colour: '#808080' },
  attention: { parts: ['note', 'exclamation'], colour: '#d55e00' },
  duplicate: { parts: ['pair'], colour: '#b565a0' },
};

/** macOS colours template images itself: black and alpha. `NAME@2x` is for screens of twice the density. */
const templateSizes = { 'Template.png': 16, 'Template@2x.png': 32 };
const colouredSizes = { '.png': 16, '@1.5x.png': 24, '@2x.png': 32, '-large.png': 48 };

function drawing(parts: readonly string[], colour: string): string {
  const shown = parts.map((part) => `#${part}`).join(', ');
  const style = `<style>svg > [id] { display: none } ${shown} { display: inline }</style>`;
  return svg.replace('<svg ', `<svg color="${colour}" `).replace('</svg>', `${style}</svg>`);
}

/** The note on a round tile, for windows, notifications and packages; `margin` around it, of 256. */
const tile = (margin: number): string => {
  const size = 256 - 2 * margin;
  const at = (part: number): number => Math.round(margin + part * size);
  const note = `x="${at(0.2)}" y="${at(0.13)}" width="${Math.round(0.75 * size)}" height="${Math.round(0.75 * size)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256" width="256" height="256">
  <rect x="${margin}" y="${margin}" width="${size}" height="${size}" rx="${0.23 * size}" fill="#0b6b52" />
  ${drawing(['note'], '#ffffff').replace('width="16" height="16"', note)}
</svg>`;
};
const windowTile = tile(16);
/** By Apple's grid: 824 of 1024 pixels. */
const macTile = tile(25);

interface Wanted {
  readonly text: string;
  readonly size: number;
}
const wanted: (Wanted & { readonly file: string })[] = [{ file: 'soloist.png', text: windowTile, size: 256 }];
for (const size of [16, 32, 48, 64, 128, 256, 512])
  wanted.push({ file: `linux/${size}x${size}.png`, text: windowTile, size });
for (const [state, { parts, colour }] of Object.entries(states)) {
  for (const [suffix, size] of Object.entries(templateSizes))
    wanted.push({ file: `tray/${state}${suffix}`, text: drawing(parts, '#000000'), size });
  for (const [suffix, size] of Object.entries(colouredSizes))
    wanted.push({ file: `tray/${state}${suffix}`, text: drawing(parts, colour), size });
}

/** Types of an .icns file that hold a PNG, by its size: https://en.wikipedia.org/wiki/Apple_Icon_Image_format */
const icnsTypes = {
  icp4: 16,
  icp5: 32,
  ic11: 32,
  ic12: 64,
  ic07: 128,
  ic13: 256,
  ic08: 256,
  ic14: 512,
  ic09: 512,
  ic10: 1024,
};
const icoSizes = [16, 24, 32, 48, 64, 256];

/** In the page: draws an SVG at exactly this many pixels; returns a PNG as base64. */
const draw = `async (text, size) => {
  const image = new Image();
  const sized = text.replace(/width="\\d+" height="\\d+"/, 'width="' + size + '" height="' + size + '"');
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(sized);
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size });
  canvas.getContext('2d').drawImage(image, 0, 0, size, size);
  return canvas.toDataURL('image/png').split(',')[1];
}`;

const program = mkdtempSync(join(tmpdir(), 'make-icons-'));
writeFileSync(join(program, 'package.json'), '{ "main": "main.js" }');
writeFileSync(join(program, 'main.js'), "require('electron').app.on('window-all-closed', () => {});");
const executable = process.env.ELECTRON_OVERRIDE_DIST_PATH;
const electron = await _electron.launch({
  args: [program, '--no-sandbox'],
  ...(executable === undefined ? {} : { executablePath: resolve(executable, 'electron') }),
});
async function png({ text, size }: Wanted): Promise<Buffer> {
  const script = `(${draw})(${JSON.stringify(text)}, ${size})`;
  const encoded = await electron.evaluate(async ({ app, BrowserWindow }, script) => {
    await app.whenReady();
    const page = BrowserWindow.getAllWindows()[0] ?? new BrowserWindow({ show: false });
    if (page.webContents.getURL() === '') await page.loadURL('about:blank');
    return page.webContents.executeJavaScript(script) as Promise<string>;
  }, script);
  return Buffer.from(encoded, 'base64');
}

/** Each image with its type and length before it; the length of all at the beginning. Numbers are big-endian. */
async function icns(): Promise<Buffer> {
  const parts = await Promise.all(
    Object.entries(icnsTypes).map(async ([type, size]) => {
      const image = await png({ text: macTile, size });
      return Buffer.concat([Buffer.from(type), numbers('BE', 4, 8 + image.length), image]);
    }),
  );
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from('icns'), numbers('BE', 4, 8 + body.length), body]);
}

/** A list of sizes and places, then the images: https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10) */
async function ico(): Promise<Buffer> {
  const images = await Promise.all(icoSizes.map((size) => png({ text: windowTile, size })));
  let place = 6 + 16 * images.length;
  const list = images.map((image, index) => {
    // A size of 256 is written as 0.
    const size = (icoSizes[index] ?? 0) % 256;
    const entry = [
      Buffer.from([size, size, 0, 0]),
      numbers('LE', 2, 1, 32),
      numbers('LE', 4, image.length, place),
    ];
    place += image.length;
    return Buffer.concat(entry);
  });
  return Buffer.concat([numbers('LE', 2, 0, 1, images.length), ...list, ...images]);
}

function numbers(order: 'BE' | 'LE', bytes: 2 | 4, ...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(bytes * values.length);
  values.forEach((value, index) => {
    if (order === 'BE') buffer.writeUIntBE(value, bytes * index, bytes);
    else buffer.writeUIntLE(value, bytes * index, bytes);
  });
  return buffer;
}

for (const sub of ['tray', 'linux']) mkdirSync(join(folder, sub), { recursive: true });
for (const { file, ...one } of wanted) writeFileSync(join(folder, file), await png(one));
writeFileSync(join(folder, 'soloist.icns'), await icns());
writeFileSync(join(folder, 'soloist.ico'), await ico());
await electron.close();
rmSync(program, { recursive: true });
