import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'plist';
import { beforeEach, expect, test } from 'vitest';
import { launchdService } from '../../../main/service/launchd.ts';
import type { Ended, ServiceManager, ServicePlan } from '../../../main/service/service.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const plan: ServicePlan = {
  suffix: null,
  command: [
    '/Applications/Soloist.app/Contents/MacOS/Soloist',
    '--cli',
    '--',
    '--home',
    '/a <b> & "c"',
    'up',
  ],
  logs: '/Users/ada/Library/Application Support/Soloist/logs',
};
/** As `launchctl print` says of a service that runs. */
const printed = `gui/501/app.soloist.daemon = {
	active count = 1
	path = /Users/ada/Library/LaunchAgents/app.soloist.daemon.plist
	state = running

	program = /Applications/Soloist.app/Contents/MacOS/Soloist
	minimum runtime = 30
	pid = 4242
	last exit code = (never exited)
}
`;

let user: string;
let ran: string[];
let loaded: boolean;
let refuses: string | undefined;
let service: ServiceManager;
const ended = (exitCode: number, stdout = '', stderr = ''): Ended => ({ exitCode, stdout, stderr });

/** A launchd that remembers what it has loaded. */
function run(file: string, words: readonly string[]): Ended {
  ran.push([file, ...words].join(' '));
  const [verb] = words;
  if (verb === refuses) return ended(125, '', 'Domain does not support specified action');
  if (verb === 'print') return loaded ? ended(0, printed) : ended(113, '', 'Could not find service');
  if (verb === 'bootstrap') loaded = true;
  if (verb === 'bootout') loaded = false;
  return ended(0);
}

const target = 'gui/501/app.soloist.daemon';
beforeEach(() => {
  user = temporaryFolder();
  ran = [];
  loaded = false;
  refuses = undefined;
  service = launchdService({ plan, run, user, uid: 501 });
});

test('the property list is what launchd.plist(5) asks for', () => {
  service.write();
  expect(service.path).toBe(join(user, 'Library/LaunchAgents/app.soloist.daemon.plist'));
  expect(parse(readFileSync(service.path, 'utf8'))).toEqual({
    Label: 'app.soloist.daemon',
    ProgramArguments: plan.command,
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 30,
    ProcessType: 'Standard',
    ExitTimeOut: 120,
    StandardOutPath: '/dev/null',
    StandardErrorPath: `${plan.logs}/stderr.log`,
  });
});

test('it is loaded into the session of the person, anew if it was', async () => {
  expect(service.state()).toEqual({ kind: 'none' });
  service.write();
  expect(service.state()).toMatchObject({ kind: 'installed', isRight: true, isEnabled: false, pid: null });
  ran = [];
  await service.start();
  await service.start();
  expect(ran.filter((line) => !line.includes('print'))).toEqual([
    `launchctl enable ${target}`,
    `launchctl bootstrap gui/501 ${service.path}`,
    `launchctl bootout ${target}`,
    `launchctl enable ${target}`,
    `launchctl bootstrap gui/501 ${service.path}`,
  ]);
  expect(service.state()).toMatchObject({
    isEnabled: true,
    pid: 4242,
    said: 'running',
  });
});

test('it is unloaded and removed', async () => {
  service.write();
  await service.start();
  service.remove();
  expect(ran.at(-1)).toBe(`launchctl bootout ${target}`);
  expect(existsSync(service.path)).toBe(false);
});

test('a refusal of launchd says what to do', async () => {
  service.write();
  refuses = 'bootstrap';
  await expect(service.start()).rejects.toMatchObject({
    code: 'service-manager-refused',
    message: expect.stringContaining('Domain does not support specified action'),
    hint: expect.stringContaining('Log in at the screen once'),
  });
});

test('another home has a name of its own, and a foreign file stays', () => {
  const other = launchdService({ plan: { ...plan, suffix: '0badcafe' }, run, user, uid: 501 });
  expect(other.path).toMatch(/app\.soloist\.daemon\.0badcafe\.plist$/);
  mkdirSync(dirname(service.path), { recursive: true });
  writeFileSync(service.path, '<plist/>');
  expect(service.state()).toEqual({ kind: 'foreign', path: service.path });
  expect(() => service.write()).toThrow('Soloist did not write it');
});

test('rests until the next login, which loads its file again', () => {
  service.write();
  expect(service.rest()).toBe(false);
  loaded = true;
  ran = [];
  expect(service.rest()).toBe(true);
  expect(ran).toEqual([`launchctl print ${target}`, `launchctl bootout ${target}`]);
  expect(existsSync(service.path)).toBe(true);
});
