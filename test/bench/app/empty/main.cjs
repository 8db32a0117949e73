// An Electron app that shows an icon in the tray and does nothing else: what Soloist is measured beside.
const { app, nativeImage, Tray } = require('electron');
const { join } = require('node:path');

app.setPath('userData', process.env.BENCH_FOLDER);
let tray;
app.whenReady().then(() => {
  const icon = join(__dirname, '../../../../build/icons/tray/running-large.png');
  tray = new Tray(nativeImage.createFromPath(icon));
  tray.setToolTip('empty');
});
app.on('window-all-closed', () => {});
