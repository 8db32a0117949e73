import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchJob } from '../contenders.ts';

const GET_STATE =
  '<?xml version="1.0"?><methodCall><methodName>supervisor.getState</methodName></methodCall>';

/** Writes a supervisord.conf in a folder, with each job as a program that is not started. Returns its path. */
export function supervisordConfiguration(folder: string, jobs: readonly BenchJob[]): string {
  const programs = jobs.map(
    ({ name, command }) =>
      `[program:${name}]\ncommand=${typeof command === 'string' ? command : command.join(' ')}\nautostart=false\n`,
  );
  const text = `[supervisord]
nodaemon=true
logfile=${join(folder, 'supervisord.log')}
pidfile=${join(folder, 'supervisord.pid')}
childlogdir=${folder}

[unix_http_server]
file=${socketIn(folder)}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

${programs.join('\n')}`;
  const path = join(folder, 'supervisord.conf');
  writeFileSync(path, text);
  return path;
}

/** Resolves when the supervisord of this folder answers. */
export async function supervisordAnswers(folder: string): Promise<void> {
  while (!(await asked(socketIn(folder)))) await sleep(2);
}

const socketIn = (folder: string): string => join(folder, 'supervisor.sock');

function asked(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({
      socketPath,
      path: '/RPC2',
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
    });
    call.once('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.once('error', () => resolve(false));
    call.end(GET_STATE);
  });
}
