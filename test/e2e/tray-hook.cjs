// Loaded into the app's main process before it starts (-r): remembers the tray's menu, which Electron does not give out
// again, so that a test can choose from it. The app itself knows nothing of tests.
const { Tray } = require('electron');

const { setContextMenu, setImage, setToolTip } = Tray.prototype;
const seen = { menu: undefined, tooltip: '', images: 0 };
globalThis.soloistTray = seen;
Tray.prototype.setContextMenu = function (menu) {
  seen.menu = menu;
  return Reflect.apply(setContextMenu, this, [menu]);
};
Tray.prototype.setToolTip = function (text) {
  seen.tooltip = text;
  return Reflect.apply(setToolTip, this, [text]);
};
Tray.prototype.setImage = function (image) {
  seen.images += 1;
  return Reflect.apply(setImage, this, [image]);
};
