/** Of new versions of the app. */
export const updateStrings = {
  title: 'Updates',
  on: 'Keep Soloist up to date',
  off: 'It is not looked for new versions.',
  never: 'Not looked for yet',
  lastChecked: (when: string) => `Looked for ${when}: this is the newest version`,
  checking: 'Looking for a new version …',
  waiting: (version: string) => `Soloist ${version} is there; it is downloaded once no run is in progress`,
  downloading: (version: string, percent: number) => `Downloading Soloist ${version}: ${percent} %`,
  ready: (version: string) => `Soloist ${version} is ready, and is put in place when Soloist ends`,
  readyShort: (version: string) => `Soloist ${version} is ready`,
  failed: (when: string, message: string) => `It failed ${when}: ${message}. It is tried again tomorrow.`,
  check: 'Check now',
  install: 'Restart to update',
};
