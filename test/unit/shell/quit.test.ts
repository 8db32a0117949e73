import { pino } from 'pino';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Daemon } from '../../../main/daemon/daemon.ts';
import { Quit } from '../../../main/shell/quit.ts';

/** Electron, which only the app itself has: what it was told, and what the person answers. */
const electron = vi.hoisted(() => ({
  told: [] as string[],
  answer: (): Promise<{ response: number }> => Promise.resolve({ response: 0 }),
}));
vi.mock('electron', () => ({
  app: {
    on: () => {},
    exit: (code: number) => electron.told.push(`exit ${code}`),
    relaunch: ({ args }: { args: string[] }) => electron.told.push(`relaunch ${args.join(' ')}`),
  },
  dialog: { showMessageBox: () => electron.answer() },
}));

beforeEach(() => {
  electron.told = [];
});

function quitWith(world: { runs: number; ready: string | undefined; outcome?: 'exit' | 'failed' }) {
  const { told } = electron;
  return new Quit({
    daemon: { stop: async () => void told.push('daemon stopped') } as unknown as Daemon,
    logger: pino({ enabled: false }),
    runs: () => world.runs,
    updates: {
      get ready() {
        return world.ready;
      },
      install: async (isRestart) => {
        told.push(`install ${world.ready} ${isRestart ? 'and restart' : ''}`.trim());
        return world.outcome ?? 'exit';
      },
    },
    options: ['--home', '/home'],
    release: async () => void told.push('released'),
  });
}

test('a new version is put in place once all is given back', async () => {
  const quit = quitWith({ runs: 0, ready: '2.0.0' });
  await Promise.all([quit.ask('update'), quit.ask('update'), quit.ask('quit')]);
  expect(electron.told).toEqual(['daemon stopped', 'released', 'install 2.0.0 and restart', 'exit 0']);
});

test.each([
  ['cannot be put in place', { ready: '2.0.0', outcome: 'failed' as const }],
  ['is not wanted any more when the question about runs is answered', { ready: undefined }],
])('who asked for a restart gets the old version, where the new one %s', async (_, after) => {
  const world: Parameters<typeof quitWith>[0] = { runs: 1, ready: '2.0.0' };
  electron.answer = async () => {
    Object.assign(world, after);
    return { response: 0 };
  };
  await quitWith(world).ask('update');
  expect(electron.told.slice(-2)).toEqual(['relaunch --home /home', 'exit 0']);
});

test('who only quits gets no restart, and a signal installs nothing', async () => {
  await quitWith({ runs: 0, ready: undefined }).ask();
  await quitWith({ runs: 0, ready: '2.0.0' }).now({ kind: 'signal', signal: 'SIGTERM' }, 0);
  expect(electron.told.filter((word) => /relaunch|install/.test(word))).toEqual([]);
});
