// What people write with node-cron and child_process: node node-cron.cjs JOBS.json. Tells on descriptor 3 that it runs.
const { spawn } = require('node:child_process');
const { readFileSync, writeSync } = require('node:fs');
const cron = require('node-cron');

for (const { pattern, command } of JSON.parse(readFileSync(process.argv[2], 'utf8')))
  cron.schedule(pattern, () => {
    const [program, ...words] = typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
    spawn(program, words, { stdio: 'ignore' });
  });
writeSync(3, 'running\n');
