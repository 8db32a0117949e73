import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Check, HealthReport } from '../../../main/daemon/health/report.ts';
import { eventually, killOwner, soloist } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/temporary.ts';

let home: string;
beforeEach(() => {
  home = join(temporaryFolder(), 'home');
  mkdirSync(home, { mode: 0o700 });
});
afterEach(async () => {
  await soloist(home, ['down', '--timeout', '2s']);
  killOwner(home);
});

const configure = (text: string): void => writeFileSync(join(home, 'soloist.yaml'), text);

function get(path: string): Promise<{ status: number; type: string; body: string }> {
  return new Promise((resolve, reject) => {
    request({ socketPath: join(home, 'daemon.sock'), path }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: String(response.headers['content-type']),
          body,
        }),
      );
    })
      .on('error', reject)
      .end();
  });
}

async function health(): Promise<{ exitCode: number | null; report: HealthReport }> {
  const { exitCode, stdout } = await soloist(home, ['--json', 'health']);
  return { exitCode, report: JSON.parse(stdout).data };
}

const find = ({ checks }: HealthReport, name: string, subject: string | null = null): Check | undefined =>
  checks.find((check) => check.name === name && check.subject === subject);

test('without a daemon the exit code is 3, and the reason is said', async () => {
  const { exitCode, stderr } = await soloist(home, ['health']);
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining('No daemon is running')]);
});

test('a daemon without jobs is well, over HTTP too', async () => {
  await soloist(home, ['up']);
  const { exitCode, report } = await health();
  expect(report.checks.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  expect(exitCode).toBe(0);
  expect(await get('/v1/health')).toMatchObject({ status: 200, type: 'application/json' });
  const metrics = await get('/v1/metrics');
  expect(metrics).toMatchObject({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
  expect(metrics.body).toContain('soloist_health 0\n');
  const status = await soloist(home, ['status']);
  expect(status.stdout).toMatch(/Health +all is well/);
});

test('exit code, HTTP status, figures and status follow the verdict, to the error and back', async () => {
  const inbox = join(home, 'inbox');
  mkdirSync(inbox);
  configure(`jobs:\n  import: { run: "true", watch: ${inbox} }\n  moody: { run: "test -f ${home}/well" }\n`);
  await soloist(home, ['up']);
  expect((await health()).exitCode).toBe(0);

  await soloist(home, ['run', 'moody', '--wait']);
  const warned = await health();
  expect([warned.exitCode, warned.report.verdict]).toEqual([1, 'warning']);
  expect(find(warned.report, 'job', 'moody')).toMatchObject({ remedy: { command: 'soloist run moody' } });
  expect((await get('/v1/health')).status).toBe(200);

  rmSync(inbox, { recursive: true });
  await eventually('it is noticed', async () => (await health()).exitCode === 2);
  const answer = await get('/v1/health');
  expect([answer.status, JSON.parse(answer.body).verdict]).toEqual([503, 'error']);
  expect((await get('/v1/metrics')).body).toContain('soloist_check{check="watchers"} 2\n');
  const text = await soloist(home, ['health']);
  expect(text.exitCode).toBe(2);
  expect(text.stdout).toContain(`Not there: ${inbox} (import)`);
  expect((await soloist(home, ['status'])).stdout).toMatch(/Health +2 errors, 1 warning: /);

  mkdirSync(inbox);
  writeFileSync(join(home, 'well'), '');
  await soloist(home, ['run', 'moody', '--wait']);
  await eventually('it is well again', async () => (await health()).exitCode === 0);
});

test('configuration: a broken one is told, until it is mended', async () => {
  configure('jobs:\n  fine: { run: "true" }\n');
  await soloist(home, ['up']);
  expect(find((await health()).report, 'configuration')?.verdict).toBe('ok');
  configure('jobs:\n  fine: { rum: "true" }\n');
  await eventually(
    'it is told',
    async () => find((await health()).report, 'configuration')?.verdict === 'warning',
  );
  const { report } = await health();
  expect(find(report, 'configuration')).toMatchObject({
    sentence: expect.stringContaining('the former one stays in force'),
    remedy: { command: 'soloist config check' },
  });
  expect(find(report, 'log')?.verdict).toBe('ok');
  configure('jobs:\n  fine: { run: "true" }\n');
  await eventually(
    'it is mended',
    async () => find((await health()).report, 'configuration')?.verdict === 'ok',
  );
});

test('a pipe in place of the owner record holds nobody up', async () => {
  execFileSync('mkfifo', [join(home, 'daemon.owner.json')]);
  expect((await soloist(home, ['status'], { timeout: 10_000 })).exitCode).toBe(3);
});
