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

/** The note on a round tile, for windows and notifications. */
const tile = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256" width="256" height="256">
  <rect x="16" y="16" width="224" height="224" rx="52" fill="#0b6b52" />
  ${drawing(['note'], '#ffffff').replace('width="16" height="16"', 'x="60" y="44" width="168" height="168"')}
</svg>`;

const wanted: { file: string; text: string; size: number }[] = [
  { file: 'soloist.png', text: tile, size: 256 },
];
for (const [state, { parts, colour }] of Object.entries(states)) {
  for (const [suffix, size] of Object.entries(templateSizes))
    wanted.push({ file: `tray/${state}${suffix}`, text: drawing(parts, '#000000'), size });
  for (const [suffix, size] of Object.entries(colouredSizes))
    wanted.push({ file: `tray/${state}${suffix}`, text: drawing(parts, colour), size });
}

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
mkdirSync(join(folder, 'tray'), { recursive: true });
for (const { file, text, size } of wanted) {
  const script = `(${draw})(${JSON.stringify(text)}, ${size})`;
  const png = await electron.evaluate(async ({ app, BrowserWindow }, script) => {
    await app.whenReady();
    const page = BrowserWindow.getAllWindows()[0] ?? new BrowserWindow({ show: false });
    if (page.webContents.getURL() === '') await page.loadURL('about:blank');
    return page.webContents.executeJavaScript(script) as Promise<string>;
  }, script);
  writeFileSync(join(folder, file), Buffer.from(png, 'base64'));
}
await electron.close();
rmSync(program, { recursive: true });
