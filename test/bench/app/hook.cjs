// Loaded into an app's main process (-r): notes when its tray is there, and clicks the icon when it gets SIGUSR2, noting
// when the window that this opens is painted.
const { appendFileSync } = require('node:fs');
const { BrowserWindow, Tray } = require('electron');

const note = (what, more = {}) =>
  appendFileSync(process.env.BENCH_NOTES, `${JSON.stringify({ what, at: Date.now(), ...more })}\n`);
const { setToolTip } = Tray.prototype;
let tray;
Tray.prototype.setToolTip = function (text) {
  if (tray === undefined) {
    tray = this;
    note('tray');
  }
  return Reflect.apply(setToolTip, this, [text]);
};

const visible = () => BrowserWindow.getAllWindows().find((window) => window.isVisible());
const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 1));

process.on('SIGUSR2', async () => {
  const begun = performance.now();
  const open = visible();
  tray.emit('click', {}, tray.getBounds());
  if (open !== undefined) {
    note('hidden');
    return;
  }
  while (visible() === undefined) await nextTurn();
  const page = visible().webContents;
  // Painted, with what the page has to show in it.
  await page.executeJavaScript(
    `new Promise((resolve) => {
      const look = () => document.querySelector('.popover') === null
        ? requestAnimationFrame(look) : requestAnimationFrame(() => setTimeout(resolve));
      look();
    })`,
  );
  note('painted', { ms: performance.now() - begun });
});
