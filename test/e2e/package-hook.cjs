// Loaded into the app's main process before it starts (-r): it takes itself for the packaged app, whose resources are in
// the folder that a test names. The app itself knows nothing of tests.
const { app } = require('electron');

Object.defineProperty(app, 'isPackaged', { value: true });
Object.defineProperty(process, 'resourcesPath', { value: process.env.TEST_RESOURCES });
