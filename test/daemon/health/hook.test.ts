import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Configuration } from '../../../main/daemon/config/configuration.ts';
import { Hook } from '../../../main/daemon/health/hook.ts';
import type { AlertView } from '../../../main/daemon/jobs/views.ts';
import { alert as alertView } from '../../unit/shell/views.ts';
import { configurationOf, job, type LogLine, until, Workshop } from '../jobs/support.ts';
import { forkedAway, Playground } from '../run/support.ts';

type OnAlert = Configuration['onAlert'];
const shell = (text: string): OnAlert => ({ command: { kind: 'shell', text, shell: '/bin/sh' } });

describe('the command of on_alert in a daemon', () => {
  let shop: Workshop;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    shop = new Workshop();
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await shop.close();
  });

  const start = (jobs: Parameters<typeof configurationOf>[0], text: string) =>
    shop.start(jobs, {
      configuration: { ...configurationOf(jobs), onAlert: shell(`cd '${shop.folder}'; ${text}`) },
      loginEnvironment: async () => ({
        kind: 'system',
        variables: { PATH: process.env.PATH ?? '', TOKEN: shop.token, FROM_LOGIN: 'yes' },
      }),
    });
  const runToEnd = async (name: string): Promise<string> => {
    const { id } = await shop.engine.jobs.run(name, []);
    await until('it has ended', () => shop.engine.jobs.show(id).state === 'ended');
    return id;
  };
  const told = () => shop.log.filter(({ msg }) => msg.includes('on_alert'));
  const warned = () => told().filter(({ level }) => level >= 40);

  test('is run when an alert is raised and when it is resolved, and tells of it; not for repeats, nor for acknowledging', async () => {
    const tell = `{ env | grep -E '^(SOLOIST_(ALERT|HOME)|FROM_LOGIN)' | sort; cat; echo ---; } >> told.part; cp told.part told`;
    await start([job('flaky', 'test -e good', shop)], tell);
    const first = await runToEnd('flaky');
    const blocks = (): string[] =>
      existsSync(join(shop.folder, 'told'))
        ? readFileSync(join(shop.folder, 'told'), 'utf8').split('---\n').slice(0, -1)
        : [];
    await until('it was told of', () => blocks().length === 1);
    await runToEnd('flaky');
    const [alert] = shop.engine.jobs.alerts(false);
    shop.engine.jobs.acknowledge(alert?.id ?? '');
    writeFileSync(join(shop.folder, 'good'), '');
    await runToEnd('flaky');
    await until('the end was told of', () => blocks().length === 2);
    await runToEnd('flaky');
    await shop.stop();
    expect(blocks().length).toBe(2);
    const read = (index: number) => {
      const lines = blocks()[index]?.trimEnd().split('\n') ?? [];
      return { variables: lines.slice(0, -1), alert: JSON.parse(lines.at(-1) ?? '') as AlertView };
    };
    expect(read(0).variables).toEqual([
      'FROM_LOGIN=yes',
      'SOLOIST_ALERT_COUNT=1',
      'SOLOIST_ALERT_HINT=Its log says more. The alert goes away when the job succeeds.',
      `SOLOIST_ALERT_ID=${alert?.id}`,
      'SOLOIST_ALERT_JOB=flaky',
      'SOLOIST_ALERT_KIND=failing',
      'SOLOIST_ALERT_MESSAGE=flaky failed with exit code 1.',
      `SOLOIST_ALERT_RUN=${first}`,
      'SOLOIST_ALERT_STATE=raised',
      `SOLOIST_HOME=${shop.home}`,
    ]);
    expect(read(0).alert).toMatchObject({ id: alert?.id, kind: 'failing', job: 'flaky', state: 'open' });
    expect(read(1).variables).toContain('SOLOIST_ALERT_STATE=resolved');
    expect(read(1).variables).toContain('SOLOIST_ALERT_COUNT=2');
    expect(read(1).alert).toMatchObject({ id: alert?.id, state: 'resolved', count: 2 });
    expect(warned()).toEqual([]);
    expect(existsSync(join(shop.home, 'runs', 'alerts'))).toBe(false);
  });

  test('is not run for what stood before the daemon started, and is run for what comes after', async () => {
    const tell = 'echo "$SOLOIST_ALERT_JOB $SOLOIST_ALERT_STATE" >> told';
    const jobs = [job('old', 'test -e good', shop), job('new', 'test -e better', shop)];
    await start(jobs, 'exit 0');
    await runToEnd('old');
    await shop.stop();
    await start(jobs, tell);
    await runToEnd('old');
    writeFileSync(join(shop.folder, 'good'), '');
    await runToEnd('old');
    expect(shop.engine.jobs.alerts(false)).toEqual([]);
    await runToEnd('new');
    await until('it was told of', () => shop.trace('told').length > 0);
    expect(shop.trace('told')).toEqual(['new raised']);
  });

  test('of many failures at one time is run for few, the newest, and the log names the others', async () => {
    const jobs = Array.from({ length: 40 }, (_, index) => job(`bad-${index}`, 'exit 1', shop));
    await start(jobs, 'echo "$SOLOIST_ALERT_ID" >> begun; while [ ! -e go ]; do sleep 0.05; done');
    for (const { name } of jobs) await runToEnd(name);
    await until('all have an alert', () => shop.engine.jobs.alerts(false).length === jobs.length);
    writeFileSync(join(shop.folder, 'go'), '');
    await until('six were run', () => shop.trace('begun').length === 6);
    await until('the others are logged', () => warned().length > 0);
    const ids = shop.engine.jobs.alerts(false).map(({ id }) => Number(id));
    ids.sort((one, other) => one - other);
    expect(shop.trace('begun').map(Number)).toEqual([ids[0], ...ids.slice(-5)]);
    const dropped = warned().flatMap(({ alerts }) => alerts as string[]);
    expect(dropped).toEqual(ids.slice(1, -5).map((id) => `${id} raised`));
    expect(warned()[0]?.msg).toBe(
      'the command of on_alert was not run for 34 alerts, since too many came at one time',
    );
    await shop.stop();
    expect(shop.trace('begun').length).toBe(6);
  });

  test('that fails is logged with what it said, and raises no alert; one that cannot start is told once', async () => {
    const jobs = [job('one', 'exit 1', shop), job('two', 'exit 1', shop), job('three', 'exit 1', shop)];
    await start(jobs, 'echo no mail today >&2; exit 7');
    await runToEnd('one');
    await until('it is logged', () => warned().length === 1);
    expect(warned()[0]).toMatchObject({
      level: 40,
      news: 'raised',
      output: 'no mail today',
      outcome: { kind: 'failed', cause: { kind: 'exit', code: 7 } },
    });
    shop.engine.update({
      ...configurationOf(jobs),
      onAlert: { command: { kind: 'program', program: '/no/such/mailer', arguments: [] } },
    });
    await runToEnd('two');
    await until('it is logged', () => warned().length === 2);
    await runToEnd('three');
    shop.engine.update({ ...configurationOf(jobs.slice(2)), onAlert: shell('exit 0') });
    await until('it works', () => told().some(({ msg }) => msg.includes('was run')));
    expect(warned().length).toBe(2);
    expect(JSON.stringify(warned()[1])).toContain('/no/such/mailer does not exist');
    expect(shop.engine.jobs.alerts(true).map(({ kind }) => kind)).toEqual(['failing', 'failing', 'failing']);
  });

  test('ends with the daemon that stops', async () => {
    const stubborn = `trap '' TERM; echo up >> up; while :; do sleep 0.1; done`;
    await start([job('bad', 'exit 1', shop)], `(${stubborn}) & ${stubborn}`);
    await runToEnd('bad');
    await until('it is up', () => shop.trace('up').length === 2);
    await shop.stop();
    expect(await shop.alive()).toEqual([]);
    expect(existsSync(join(shop.home, 'runs', 'alerts'))).toBe(false);
  });

  test('ends with the daemon that is killed', async () => {
    const bad = job('bad', 'exit 1', shop, { triggers: [{ kind: 'start' }] });
    const away = forkedAway(`echo up >> '${shop.folder}/up'; exec sleep ${shop.token}`);
    const hook = `echo up >> '${shop.folder}/up'; ${away}; exec sleep ${shop.token}`;
    const program = join(import.meta.dirname, '../jobs/daemon-process.ts');
    const words = ['--no-warnings', program, shop.home, shop.token, JSON.stringify([bad]), hook];
    child = spawn(process.execPath, words, { stdio: 'inherit' });
    await until('it is up', () => shop.trace('up').length === 2);
    const asleep = async () => (await shop.alive()).filter(({ command }) => command.startsWith('sleep '));
    await until('both sleep', async () => (await asleep()).length === 2);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await until('nothing is left', async () => (await shop.alive()).length === 0);
  });
});

describe('the command of on_alert', () => {
  let ground: Playground;
  let hook: Hook;
  let log: LogLine[];
  beforeEach(() => {
    ground = new Playground();
    log = [];
  });
  afterEach(async () => {
    await hook.stop();
    await ground.close();
  });

  const begin = async (text: string, limitMs?: number): Promise<void> => {
    hook = new Hook({
      home: realpathSync(ground.folder),
      logger: pino({ level: 'debug' }, { write: (line) => log.push(JSON.parse(line)) }),
      run: await ground.tools(),
      environment: async () => ({ PATH: process.env.PATH ?? '', TOKEN: ground.token }),
      stoodBefore: new Set(),
      isOwner: () => true,
      ...(limitMs === undefined ? {} : { limitMs }),
    });
    hook.configured(shell(text));
  };

  test('that hangs is ended at its limit, with all that it started, and the next one runs', async () => {
    await begin(`case $SOLOIST_ALERT_ID in 1) sleep ${ground.token} & sleep ${ground.token} ;; esac`, 300);
    hook.tell('raised', alertView({ id: '1' }));
    hook.tell('raised', alertView({ id: '2' }));
    await until('both were run', () => log.length === 2);
    expect(log[0]).toMatchObject({ level: 40, alert: '1', outcome: { kind: 'timed-out' } });
    expect(log[1]).toMatchObject({ level: 20, alert: '2' });
    expect(await ground.alive()).toEqual([]);
  });

  test('that leaves a child behind has it ended', async () => {
    await begin(`${forkedAway(`sleep ${ground.token}`)}; sleep ${ground.token} & exit 0`);
    hook.tell('raised', alertView());
    await until('it was run', () => log.length === 1);
    expect(log[0]).toMatchObject({ level: 20, msg: 'the command of on_alert was run' });
    expect(await ground.alive()).toEqual([]);
  });

  test('gets texts that an environment cannot hold cut, and whole on its standard input', async () => {
    await begin('echo "$(printf %s "$SOLOIST_ALERT_MESSAGE" | wc -c) $(wc -c)"; exit 1');
    const message = `a\0b${'x'.repeat(300_000)}`;
    hook.tell('raised', alertView({ message }));
    await until('it was run', () => log.length === 1);
    const [cut, whole] = String(log[0]?.output).split(' ').map(Number);
    expect(cut).toBe(30_000);
    expect(whole).toBeGreaterThan(300_000);
  });
});
