/** Of new versions of the app. */
export const updateStrings = {
  title: 'Updates',
  on: 'Keep Soloist up to date',
  off: 'Soloist does not look for new versions.',
  never: 'Soloist has not looked for a new version yet.',
  lastChecked: (when: string) => `This is the newest version (looked ${when})`,
  checking: 'Looking for a new version …',
  waiting: (version: string) => `Soloist ${version} is there; it is downloaded once no run is in progress`,
  downloading: (version: string, percent: number) => `Downloading Soloist ${version}: ${percent} %`,
  ready: (version: string) => `Soloist ${version} is ready, and is put in place when Soloist ends`,
  readyShort: (version: string) => `Soloist ${version} is ready`,
  failed: (when: string, message: string) =>
    `Looking for a new version failed ${when}: ${message}. Soloist tries again tomorrow.`,
  check: 'Check now',
  install: 'Restart to update',
};
