import type { CommandWords, Installation } from '../../main/installation.ts';

/** An installation of which only the daemon can be started, with this command. */
export const installationOf = (...daemon: CommandWords): Installation => ({
  daemon,
  tool: [''],
  app: () => ({ reason: 'There is none here.' }),
});
