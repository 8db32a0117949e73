import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { CLI, run, soloist } from '../../support/command-line.ts';
import { newHome } from '../../support/homes.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const fixture = resolve(import.meta.dirname, '../../fixtures/systemd-user.sh');

/** Whether a systemd of a person can be had here: it takes root, and a kernel that lets it make control groups. */
function whyNoManager(): string | undefined {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'only root can give it a world of its own';
  if (!existsSync('/lib/systemd/systemd')) return 'there is no systemd';
  const folder = temporaryFolder();
  const script = join(folder, 'script');
  writeFileSync(script, 'exit 0\n');
  const { status, stderr } = spawnSync(fixture, [folder, script], { encoding: 'utf8', timeout: 60_000 });
  return status === 0 ? undefined : stderr;
}

const missing = whyNoManager();
if (missing !== undefined) console.log(`SKIPPED: the service by a real systemd: ${missing}`);

describe.skipIf(missing !== undefined)('with a real systemd', () => {
  let user: string;
  beforeEach(() => {
    user = temporaryFolder();
    mkdirSync(join(user, '.config/soloist'), { recursive: true });
    writeFileSync(
      join(user, '.config/soloist/soloist.yaml'),
      `jobs:\n  slow:\n    run: "trap 'echo ended well; exit 0' TERM; echo begun; while :; do sleep 0.1; done"\n`,
    );
  });

  /** Runs lines of a script beside the manager; returns what they printed, and fails if one does. */
  async function beside(lines: string): Promise<string> {
    const script = join(user, 'script');
    writeFileSync(
      script,
      `set -eu
soloist() { "$NODE" "$CLI" "$@"; }
unit() { systemctl --user show --property="$1" --value soloist.service; }
until_is() { for _ in $(seq 300); do if [ "$(eval "$1" 2>/dev/null)" = "$2" ]; then return; fi; sleep 0.1; done; echo "never: $1 is $2"; exit 98; }
quick() { mkdir -p ~/.config/systemd/user/soloist.service.d; printf '[Service]\\nRestartSec=0.2\\n' >~/.config/systemd/user/soloist.service.d/quick.conf; systemctl --user daemon-reload; }
${lines}
`,
    );
    const { exitCode, stdout, stderr } = await run(fixture, [user, script], {
      environment: { NODE: process.execPath, CLI, SHELL: '/bin/sh' },
      timeout: 120_000,
    });
    expect(exitCode, `${stdout}${stderr}`).toBe(0);
    return stdout;
  }

  test('it is installed, runs, is started again after a kill, and is taken away', async () => {
    const said = await beside(`
soloist service status && exit 1 || echo "status $?"
soloist service install
echo "main $(unit MainPID) $(cat ~/.local/state/soloist/daemon.pid)"
soloist service status; echo "status $?"
soloist service install; echo "again $?"
quick
before=$(unit MainPID)
kill -9 "$before"
until_is 'soloist status >/dev/null; echo $?' 0
echo "other $([ "$(unit MainPID)" != "$before" ] && echo yes)"
soloist run slow
until_is 'soloist logs slow' begun
soloist service uninstall
soloist status || echo "daemon $?"
ls -R ~/.config/systemd/user
soloist up >/dev/null; soloist logs slow; soloist down >/dev/null
`);
    expect(said).toContain(
      "The service is not installed. 'soloist service install' installs it.\nstatus 1\n",
    );
    expect(said).toContain('The service is installed.\n');
    expect(said).toMatch(/main (\d+) \1\n/);
    expect(said).toMatch(/soloist\.service: active \(running\)\nIts daemon runs with PID \d+ \(headless/);
    expect(said).toContain("'loginctl enable-linger' lets your services start with the computer");
    expect(said).toContain('status 0\n');
    expect(said).toMatch(/The service was installed already\.\n.*\n.*\n.*\nagain 0\n/);
    expect(said).toContain('other yes\n');
    expect(said).toContain('The service was removed');
    expect(said).toContain('daemon 3\n');
    expect(said).not.toMatch(/^soloist\.service$/m);
    // The daemon ended its run itself, gracefully.
    expect(said).toContain('ended well\n');
  });

  test('a daemon that runs already is refused, or handed over; and the service does not fight with one', async () => {
    const said = await beside(`
soloist up >/dev/null
soloist service install 2>&1 && exit 1 || echo "refused $?"
test ! -e ~/.config/systemd/user/soloist.service
soloist service install --now; echo "handed $?"
quick
soloist down >/dev/null
until_is 'unit ActiveState' inactive
echo "asked $(unit NRestarts)"
soloist up >/dev/null
systemctl --user start soloist.service
until_is 'unit ActiveState' inactive
echo "beside $(unit NRestarts) $(unit ExecMainStatus)"
soloist service status || echo "status $?"
soloist down >/dev/null
soloist service uninstall >/dev/null
`);
    expect(said).toMatch(
      /^A daemon runs already, with PID \d+ .*Use 'soloist down' first; or .*--now.*\nSee 'soloist help lock'\.\nrefused 1\n/,
    );
    expect(said).toContain('handed 0\n');
    expect(said).toContain('asked 0\n');
    expect(said).toContain('beside 0 0\n');
    expect(said).toMatch(/A daemon runs that the service did not start: PID \d+/);
    expect(said).toContain('status 1\n');
  });

  test('a daemon that `down` had to end by force, or that had crashed, is not started again by its service', async () => {
    writeFileSync(
      join(user, '.config/soloist/soloist.yaml'),
      `jobs:\n  stubborn: { grace: 60s, run: "trap '' TERM INT; echo begun; while :; do sleep 0.1; done" }\n`,
    );
    const said = await beside(`
soloist service install >/dev/null
quick
soloist run stubborn >/dev/null
until_is 'soloist logs stubborn' begun
soloist down --timeout 200ms; echo "forced $?"
until_is 'unit ActiveState' inactive
soloist status >/dev/null || echo "status $?"
printf '[Service]\nRestartSec=300\n' >~/.config/systemd/user/soloist.service.d/quick.conf; systemctl --user daemon-reload
soloist service install >/dev/null
kill -9 "$(unit MainPID)"
until_is 'unit ActiveState' activating
soloist down; echo "cleared $?"
unit ActiveState
soloist down --json
soloist service install >/dev/null; echo "again $?"
soloist down >/dev/null
soloist service uninstall >/dev/null
`);
    expect(said).toMatch(
      /ended by force .*\n.*Its service starts it again at the next login.*\nforced 0\nstatus 3\n/,
    );
    expect(said).toMatch(/had crashed\. .*\n.*Its service.*\ncleared 0\ninactive\n/);
    expect(said).toContain('"stopped":false,"forced":false,"cleared":false}');
    expect(said).toContain('again 0\n');
  });

  test('a broken configuration is told at once, and a daemon that runs with the former one goes on', async () => {
    const said = await beside(`
soloist up >/dev/null
echo 'jobs: [' >~/.config/soloist/soloist.yaml
soloist service install --now 2>&1 && exit 1 || echo "refused $?"
soloist status >/dev/null; echo "status $?"
test ! -e ~/.config/systemd/user/soloist.service
soloist down >/dev/null
rm ~/.config/soloist/soloist.yaml
soloist service install >/dev/null; echo "without jobs $?"
soloist service uninstall >/dev/null
`);
    expect(said).toMatch(/soloist\.yaml:2:1: Not valid YAML.*\n.*\nrefused 1\nstatus 0\n/);
    expect(said).toContain('without jobs 0\n');
  });

  test('another home has a service of its own, and a foreign file is left alone', async () => {
    const said = await beside(`
soloist --home ~/other service install
ls ~/.config/systemd/user | grep -c '^soloist-[0-9a-f]*.service$'
soloist --home ~/other service uninstall
echo '[Unit]' >~/.config/systemd/user/soloist.service
soloist service install 2>&1 || echo "refused $?"
soloist service uninstall 2>&1 || echo "left $?"
cat ~/.config/systemd/user/soloist.service
`);
    expect(said).toMatch(/^1\n/m);
    expect(said).toContain('is there already, and Soloist did not write it.');
    expect(said).toMatch(/refused 1\n[\s\S]*left 1\n\[Unit\]\n$/);
  });

  test('the unit is what systemd takes without a remark', async () => {
    const said = await beside(`
mkdir -p ~/"a 100% \\$HOME 'home'"
soloist --home ~/"a 100% \\$HOME 'home'" service install
systemd-analyze --user verify ~/.config/systemd/user/soloist-*.service 2>&1
echo verified
soloist --home ~/"a 100% \\$HOME 'home'" service uninstall
`);
    expect(said).toMatch(/while you are logged in[^\n]*\nverified\n/);
  });
});

test.skipIf(process.platform !== 'linux' || existsSync('/run/systemd/system'))(
  'without systemd it is said what to do instead, and that works in a shell',
  async () => {
    const user = temporaryFolder();
    const home = newHome();
    const environment = { HOME: user, XDG_CONFIG_HOME: '' };
    const { exitCode, stderr } = await soloist(home, ['service', 'install'], { environment });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('This system is not run by systemd');
    const line = /^ {2}@reboot (.*)$/m.exec(stderr)?.[1] ?? '';
    expect(line).toMatch(/ up --ensure$/);
    expect(existsSync(join(user, '.config/systemd'))).toBe(false);
    expect((await run('/bin/sh', ['-c', line.replaceAll('\\%', '%')])).exitCode).toBe(0);
    expect(readFileSync(join(home, 'daemon.pid'), 'utf8')).toMatch(/^\d+/);
    expect((await soloist(home, ['down'])).exitCode).toBe(0);
    const status = await soloist(home, ['service', 'status'], { environment });
    expect(status.exitCode).toBe(1);
    // It does not send a person to a command that is refused.
    expect(status.stdout).toMatch(/^The service is not installed\.\nThis system is not run by systemd/);
    expect((await soloist(home, ['service', 'uninstall'], { environment })).stdout).toBe(
      'The service is not installed.\n',
    );
  },
);
