import { describe, expect, test } from 'vitest';
import { emptyConfiguration } from '../../../main/daemon/config/resolve.ts';
import { TRIGGER_KEYS } from '../../../main/daemon/config/schema.ts';
import { broken, job, jobProblem, OPTIONS, problem, service, triggered, valid } from './loading.ts';

describe('the file as a whole', () => {
  test('the example of the documentation', () => {
    const configuration = valid(`
timezone: Europe/Berlin              # default: the computer's
max_concurrent: 4
defaults: { timeout: 1h, shell: /bin/zsh }
jobs:
  import-screenshots:
    run: ~/bin/import-screenshots.sh "$SOLOIST_FILES"
    watch: { path: ~/Pictures/Screenshots, patterns: ["Screenshot_*.png"], settle: 2s }
  backup:
    run: [restic, backup, ~/Documents]     # a list runs without a shell
    schedule: "0 3 * * *"                  # or every: 15m, or at: 2026-12-24T18:00
    missed: once
    retry: { attempts: 3, backoff: 30s..10m }
  sync:
    run: rclone mount ...
    keep_alive: { restart: on-failure, backoff: 1s..5m }
`);
    expect(configuration.timezone).toBe('Europe/Berlin');
    expect(configuration.maxConcurrent).toBe(4);
    expect([...configuration.jobs.keys()]).toEqual(['import-screenshots', 'backup', 'sync']);
    expect(configuration.jobs.get('import-screenshots')).toMatchObject({
      kind: 'triggered',
      command: { kind: 'shell', shell: '/bin/zsh', text: '~/bin/import-screenshots.sh "$SOLOIST_FILES"' },
      triggers: [
        {
          kind: 'watch',
          paths: ['/home/ada/Pictures/Screenshots'],
          patterns: ['Screenshot_*.png'],
          ignore: [],
          settle: 2_000,
        },
      ],
      timeout: 3_600_000,
    });
    expect(configuration.jobs.get('backup')).toMatchObject({
      command: { kind: 'program', program: 'restic', arguments: ['backup', '/home/ada/Documents'] },
      triggers: [{ kind: 'schedule', patterns: ['0 3 * * *'], timezone: 'Europe/Berlin' }],
      missed: { kind: 'once' },
      retry: { attempts: 3, backoff: { from: 30_000, to: 600_000 } },
    });
    const sync = configuration.jobs.get('sync');
    expect(sync).toMatchObject({
      kind: 'service',
      restart: 'on-failure',
      backoff: { from: 1_000, to: 300_000 },
    });
    // The time limit of `defaults` would end the service after an hour.
    expect(sync).not.toHaveProperty('timeout');
  });

  test.each([
    '',
    '\n',
    '# only a comment\n',
    'jobs:\n',
    'jobs: {}',
    'jobs: null',
    '{}',
    '---\n',
    'defaults:\nlog:\njobs:\nguards:\non_alert:\n',
    'guards: {}',
  ])('%j holds no jobs and is right', (text) => {
    expect(valid(text)).toEqual(emptyConfiguration(OPTIONS));
  });

  test('what is left out', () => {
    expect(valid('')).toEqual({
      timezone: 'Europe/Vienna',
      maxConcurrent: 10,
      log: { level: 'info', keep: 14 * 86_400_000, maxSize: 50_000_000 },
      output: { limit: 10_000_000, keep: { runs: 1_000, age: 90 * 86_400_000, size: 100_000_000 } },
      jobs: new Map(),
      guards: new Map(),
      onAlert: undefined,
    });
    expect(triggered('')).toEqual({
      kind: 'triggered',
      name: 'one',
      description: undefined,
      tags: [],
      enabled: true,
      command: { kind: 'shell', shell: '/bin/sh', text: 'x' },
      cwd: '/home/ada',
      environment: { defaults: {}, files: [], own: {} },
      stdin: { kind: 'none' },
      grace: 10_000,
      orphans: 'end',
      output: { limit: 10_000_000, keep: { runs: 1_000, age: 90 * 86_400_000, size: 100_000_000 } },
      successCodes: [0],
      notify: 'on-failure',
      triggers: [],
      timeout: undefined,
      retry: { attempts: 1, backoff: { from: 30_000, to: 600_000 } },
      overlap: { kind: 'skip' },
      missed: { kind: 'skip' },
      missedGrace: undefined,
      jitter: 0,
      quietAfter: 'usual',
    });
  });

  test.each([
    ['hello', '', '"hello"'],
    ['- a\n- b', '', 'a list'],
    ['5', '', '5'],
    ['jobs: []', 'jobs', 'an empty list'],
    ['jobs: [a]', 'jobs', 'a list'],
    ['jobs: text', 'jobs', '"text"'],
    ['timezone: Mars/Base', 'timezone', '"Mars/Base"'],
    ['timezone: "+02:00"', 'timezone', '"+02:00"'],
    ['timezone:', 'timezone', 'empty'],
    ['max_concurrent: 0', 'max_concurrent', '0'],
    ['max_concurrent: 1001', 'max_concurrent', '1001'],
    ['max_concurrent: 1.5', 'max_concurrent', '"1.5"'],
    ['max_concurrent: many', 'max_concurrent', '"many"'],
    ['log: { level: loud }', 'log.level', '"loud"'],
    ['log: { keep: 5 }', 'log.keep', '5'],
    ['log: { max_size: 1B }', 'log.max_size', '"1B"'],
    ['log: { max_size: big }', 'log.max_size', '"big"'],
    ['log: loud', 'log', '"loud"'],
    ['defaults: { run: x }', 'defaults.run', '"x"'],
    ['defaults: { every: 5m }', 'defaults.every', '"5m"'],
    ['defaults: 5', 'defaults', '5'],
    ['name: me', 'name', '"me"'],
  ])('%s is wrong', (text, path, value) => {
    expect(problem(text)).toMatchObject({ path, value });
  });

  test('log settings', () => {
    expect(valid('log: { level: debug, keep: 2d, max_size: 1GB }').log).toEqual({
      level: 'debug',
      keep: 172_800_000,
      maxSize: 1e9,
    });
  });

  test.each([
    'UTC',
    'Europe/Berlin',
    'Asia/Kolkata',
    'America/Argentina/Buenos_Aires',
    'US/Eastern',
    'Australia/Lord_Howe',
  ])('the time zone %s', (zone) => {
    expect(valid(`timezone: ${zone}`).timezone).toBe(zone);
  });
});

describe('job names', () => {
  test.each([
    'a',
    'backup-2',
    'Nightly backup',
    'über',
    '日本語',
    'a.b',
    'a:b',
    '🦊',
    'constructor',
    'toString',
    'x'.repeat(100),
  ])('%s', (name) => {
    expect([...valid(`jobs: { ${JSON.stringify(name)}: { run: x } }`).jobs.keys()]).toEqual([name]);
  });

  test.each([
    '',
    ' ',
    'a/b',
    'a\\b',
    '..',
    '.hidden',
    '-x',
    ' a',
    'a ',
    'a\nb',
    'a\u0007',
    'a\u202eb',
    'daemon',
    '42',
    'x'.repeat(101),
    '🦊'.repeat(51),
  ])('%j is refused', (name) => {
    expect(problem(`jobs: { ${JSON.stringify(name)}: { run: x } }`).kind).toBe('unusable-key');
  });

  test('__proto__ is refused and changes nothing', () => {
    expect(problem('jobs: { __proto__: { run: x } }').kind).toBe('unusable-key');
    expect(problem('jobs:\n  __proto__:\n    run: x\n').kind).toBe('unusable-key');
    expect(problem('jobs:\n  a:\n    run: x\n    env:\n      __proto__: x\n').kind).toBe('unusable-key');
    expect(Object.hasOwn(Object.prototype, 'run')).toBe(false);
  });

  test('names that differ in case only', () => {
    expect(problem('jobs: { Backup: { run: x }, backup: { run: x } }')).toMatchObject({
      kind: 'conflict',
      path: 'jobs.backup',
    });
  });
});

describe('what is run', () => {
  test('text is for the shell', () => {
    expect(job('run: echo 1').command).toEqual({ kind: 'shell', shell: '/bin/sh', text: 'echo 1' });
    expect(job('run: |\n  echo 1\n  echo 2').command).toEqual({
      kind: 'shell',
      shell: '/bin/sh',
      text: 'echo 1\necho 2\n',
    });
  });

  test('a list is a program with its arguments, exactly as written', () => {
    expect(
      job('run: [~/bin/x, 5, 0755, 1.10, true, True, ~, ~/a, "~b", "", -0, 1e3, 12345678901234567890]')
        .command,
    ).toEqual({
      kind: 'program',
      program: '/home/ada/bin/x',
      arguments: [
        '5',
        '0755',
        '1.10',
        'true',
        'True',
        '/home/ada',
        '/home/ada/a',
        '~b',
        '',
        '-0',
        '1e3',
        '12345678901234567890',
      ],
    });
  });

  test.each([
    'run:',
    'run: ""',
    'run: "  "',
    'run: []',
    'run: [""]',
    'run: [null]',
    'run: [[a]]',
    'run: { a: 1 }',
    'run: 5',
    'run: "a\\0b"',
    'run: ["a\\0b"]',
  ])('%s is refused', (line) => {
    expect(jobProblem(line).path).toMatch(/^jobs\.one\.run/);
  });

  test('a job without run, a job that is no mapping', () => {
    expect(problem('jobs: { a: { every: 5m } }')).toMatchObject({ kind: 'missing-key', path: 'jobs.a.run' });
    expect(problem('jobs: { a: }')).toMatchObject({ path: 'jobs.a', value: 'empty' });
    expect(problem('jobs: { a: echo }')).toMatchObject({ path: 'jobs.a', value: '"echo"' });
  });
});

describe('paths', () => {
  test('~ is the home folder, relative ones start at the file', () => {
    expect(job('cwd: ~').cwd).toBe('/home/ada');
    expect(job('cwd: ~/x/../y').cwd).toBe('/home/ada/y');
    expect(job('cwd: scripts').cwd).toBe('/home/ada/.config/soloist/scripts');
    expect(job('cwd: /srv/').cwd).toBe('/srv');
    expect(job('cwd: ~other').cwd).toBe('/home/ada/.config/soloist/~other');
    expect(job('env_file: ../.env').environment.files).toEqual(['/home/ada/.config/.env']);
    expect(job('shell: ~/bin/sh').command).toMatchObject({ shell: '/home/ada/bin/sh' });
    expect(job('shell: zsh').command).toMatchObject({ shell: 'zsh' });
    expect(job('stdin: { file: in.txt }').stdin).toEqual({
      kind: 'file',
      path: '/home/ada/.config/soloist/in.txt',
    });
  });

  test('on Windows', () => {
    const options = {
      platform: 'win32',
      userFolder: 'C:\\Users\\Ada',
      fileFolder: 'C:\\Users\\Ada\\Soloist',
    } as const;
    const windows = valid(
      'jobs: { a: { run: dir, cwd: ~/x }, b: { run: x, cwd: "~\\\\y" }, c: { run: x, cwd: z } }',
      options,
    );
    expect(windows.jobs.get('a')).toMatchObject({ cwd: 'C:\\Users\\Ada\\x', command: { shell: 'cmd.exe' } });
    expect(windows.jobs.get('b')?.cwd).toBe('C:\\Users\\Ada\\y');
    expect(windows.jobs.get('c')?.cwd).toBe('C:\\Users\\Ada\\Soloist\\z');
  });

  test.each([
    'cwd: ""',
    'cwd: 5',
    'cwd: [a]',
    'cwd:',
    'env_file: []',
    'env_file: [5]',
    'shell: ""',
    'shell: [a]',
    'stdin: { fil: a }',
    'stdin: [a]',
    'stdin: 5',
    'stdin: "\\0"',
  ])('%s is refused', (line) => {
    expect(broken(`jobs:\n  one:\n    run: x\n    ${line}\n`).length).toBeGreaterThan(0);
  });
});

describe('triggers', () => {
  test('each kind, several at once', () => {
    const lines = `
schedule: ["0 3 * * *", "@daily"]
every: 15m
at: [2026-12-24T18:00, "2026-12-24 18:00:30", 2026-12-24T18:00Z, 2026-12-24T18:00+02:00, 2026-12-24]
watch: [~/a, { path: [b, /c], patterns: "*.png", ignore: [x, y], settle: 0s }]
on_start: true
timezone: Asia/Kolkata`;
    const zone = 'Asia/Kolkata';
    expect(triggered(lines).triggers).toEqual([
      { kind: 'schedule', patterns: ['0 3 * * *', '@daily'], timezone: zone },
      { kind: 'every', interval: 900_000 },
      { kind: 'at', time: '2026-12-24T18:00:00', timezone: zone },
      { kind: 'at', time: '2026-12-24T18:00:30', timezone: zone },
      { kind: 'at', time: '2026-12-24T18:00:00Z', timezone: zone },
      { kind: 'at', time: '2026-12-24T16:00:00Z', timezone: zone },
      { kind: 'at', time: '2026-12-24T00:00:00', timezone: zone },
      { kind: 'watch', paths: ['/home/ada/a'], patterns: [], ignore: [], settle: 2_000 },
      {
        kind: 'watch',
        paths: ['/home/ada/.config/soloist/b', '/c'],
        patterns: ['*.png'],
        ignore: ['x', 'y'],
        settle: 0,
      },
      { kind: 'start' },
    ]);
  });

  test('time zones: the job, then defaults, then the file, then the computer', () => {
    const zone = (lines: string, head: string) => triggered(`schedule: "@daily"\n${lines}`, head).triggers[0];
    expect(zone('timezone: UTC', 'timezone: Asia/Tokyo\ndefaults: { timezone: Asia/Dubai }\n')).toMatchObject(
      { timezone: 'UTC' },
    );
    expect(zone('', 'timezone: Asia/Tokyo\ndefaults: { timezone: Asia/Dubai }\n')).toMatchObject({
      timezone: 'Asia/Dubai',
    });
    expect(zone('', 'timezone: Asia/Tokyo\n')).toMatchObject({ timezone: 'Asia/Tokyo' });
    expect(zone('', '')).toMatchObject({ timezone: 'Europe/Vienna' });
  });

  test('after: each job is a trigger', () => {
    const jobs = valid('jobs: { a: { run: x }, b: { run: x, after: a }, c: { run: x, after: [a, b] } }').jobs;
    expect(jobs.get('b')).toMatchObject({ triggers: [{ kind: 'after', job: 'a' }] });
    expect(jobs.get('c')).toMatchObject({
      triggers: [
        { kind: 'after', job: 'a' },
        { kind: 'after', job: 'b' },
      ],
    });
  });

  test('on_start: false is no trigger', () => {
    expect(triggered('on_start: false').triggers).toEqual([]);
  });

  test.each([
    'schedule: daily',
    'schedule: "* *"',
    'schedule: []',
    'schedule: ["@daily", 5]',
    'schedule: 5',
    'every: 0s',
    'every: 999ms',
    'every: 15',
    'every: [5m]',
    'every: 3651d',
    'at: tomorrow',
    'at: 2026-02-30',
    'at: 2026-12-24T24:00',
    'at: 1969-12-31',
    'at: 9999-12-31',
    'at: 2026-12-24T18',
    'at: 2026-12-24T18:00+99:00',
    'at: []',
    'at: 5',
    'watch: ""',
    'watch: []',
    'watch: 5',
    'watch: { patterns: "*" }',
    'watch: { path: a, settle: 2 }',
    'watch: { path: a, settle: 2h }',
    'watch: { path: [] }',
    'watch: { path: a, recursive: true }',
    'on_start: yes',
    'on_start: 1',
    'after: nobody',
    'after: []',
    'after: 5',
    'timezone: Nowhere/Land',
  ])('%s is refused', (line) => {
    expect(jobProblem(line).path).toMatch(/^jobs\.one\.\w/);
  });
});

describe('policies', () => {
  test.each([
    ['timeout: 90s', { timeout: 90_000 }],
    ['timeout: none', { timeout: undefined }],
    ['grace: 0s', { grace: 0 }],
    ['retry: 3', { retry: { attempts: 3, backoff: { from: 30_000, to: 600_000 } } }],
    ['retry: none', { retry: { attempts: 1, backoff: { from: 30_000, to: 600_000 } } }],
    ['retry: { attempts: 2 }', { retry: { attempts: 2, backoff: { from: 30_000, to: 600_000 } } }],
    ['retry: { attempts: 2, backoff: 5s }', { retry: { attempts: 2, backoff: { from: 5_000, to: 5_000 } } }],
    ['overlap: skip', { overlap: { kind: 'skip' } }],
    ['overlap: replace', { overlap: { kind: 'replace' } }],
    ['overlap: queue', { overlap: { kind: 'queue', limit: 100 } }],
    ['overlap: { queue: 5 }', { overlap: { kind: 'queue', limit: 5 } }],
    ['overlap: parallel', { overlap: { kind: 'parallel', limit: 10 } }],
    ['overlap: { parallel: 2 }', { overlap: { kind: 'parallel', limit: 2 } }],
    ['missed: skip\nevery: 5m', { missed: { kind: 'skip' } }],
    ['missed: once\nevery: 5m', { missed: { kind: 'once' } }],
    ['missed: all\nevery: 5m', { missed: { kind: 'all', limit: 100 } }],
    ['missed: { all: 7 }\nevery: 5m', { missed: { kind: 'all', limit: 7 } }],
    ['missed: once\nmissed_grace: 6h\nevery: 5m', { missedGrace: 21_600_000 }],
    ['missed_grace: none', { missedGrace: undefined }],
    ['jitter: 30s', { jitter: 30_000 }],
    ['orphans: keep', { orphans: 'keep' }],
    ['output: { limit: 1GB }', { output: { limit: 1e9, keep: { runs: 1_000, size: 1e8 } } }],
    ['output: { keep: { runs: 3 } }', { output: { limit: 1e7, keep: { runs: 3, age: 7_776_000_000 } } }],
    [
      'output: { limit: 1MiB, keep: { runs: 1, age: 1h, size: 1kB } }',
      { output: { limit: 1_048_576, keep: { runs: 1, age: 3_600_000, size: 1_000 } } },
    ],
    ['output: {}', { output: { limit: 1e7 } }],
    ['success_codes: 3', { successCodes: [3] }],
    ['success_codes: [0, 3, 255]', { successCodes: [0, 3, 255] }],
    ['quiet_after: 3d', { quietAfter: 259_200_000 }],
    ['quiet_after: none', { quietAfter: undefined }],
    ['quiet_after: usual', { quietAfter: 'usual' }],
    ['notify: never', { notify: 'never' }],
    ['notify: always', { notify: 'always' }],
    ['enabled: false', { enabled: false }],
    ['description: What it is', { description: 'What it is' }],
    ['tags: [a, 2024, b c]', { tags: ['a', '2024', 'b c'] }],
    ['stdin: hello', { stdin: { kind: 'text', text: 'hello' } }],
    ['stdin: ""', { stdin: { kind: 'text', text: '' } }],
    [
      'env: { A: 1, B: 0x10, C: true, D: "", E: 1.10 }',
      { environment: { own: { A: '1', B: '0x10', C: 'true', D: '', E: '1.10' } } },
    ],
    ['keep_alive: false\nevery: 5m', { kind: 'triggered' }],
  ])('%s', (lines, expected) => {
    expect(triggered(lines)).toMatchObject(expected);
  });

  test.each([
    ['timeout: 0s', 'jobs.one.timeout'],
    ['timeout: never', 'jobs.one.timeout'],
    ['grace: 2h', 'jobs.one.grace'],
    ['grace: none', 'jobs.one.grace'],
    ['retry: 0', 'jobs.one.retry'],
    ['retry: 1001', 'jobs.one.retry'],
    ['retry: forever', 'jobs.one.retry'],
    ['retry: { attempts: many }', 'jobs.one.retry.attempts'],
    ['retry: { backoff: 5s }', 'jobs.one.retry.attempts'],
    ['retry: { attempts: 2, backoff: 10m..30s }', 'jobs.one.retry.backoff'],
    ['retry: { attempts: 2, backof: 5s }', 'jobs.one.retry.backof'],
    ['output: 10MB', 'jobs.one.output'],
    ['output: { limit: 10 }', 'jobs.one.output.limit'],
    ['output: { limit: 999B }', 'jobs.one.output.limit'],
    ['output: { limits: 10MB }', 'jobs.one.output.limits'],
    ['output: { keep: 90d }', 'jobs.one.output.keep'],
    ['output: { keep: { runs: 0 } }', 'jobs.one.output.keep.runs'],
    ['output: { keep: { age: 5m } }', 'jobs.one.output.keep.age'],
    ['output: { keep: { size: big } }', 'jobs.one.output.keep.size'],
    ['overlap: wait', 'jobs.one.overlap'],
    ['overlap: {}', 'jobs.one.overlap'],
    ['overlap: { queue: 1, parallel: 2 }', 'jobs.one.overlap'],
    ['overlap: { parallel: 0 }', 'jobs.one.overlap.parallel'],
    ['missed: twice', 'jobs.one.missed'],
    ['missed: { all: 0 }', 'jobs.one.missed.all'],
    ['missed_grace: 0s', 'jobs.one.missed_grace'],
    ['jitter: 8d', 'jobs.one.jitter'],
    ['jitter: none', 'jobs.one.jitter'],
    ['orphans: kill', 'jobs.one.orphans'],
    ['success_codes: 256', 'jobs.one.success_codes'],
    ['success_codes: -1', 'jobs.one.success_codes'],
    ['success_codes: []', 'jobs.one.success_codes'],
    ['success_codes: [0, x]', 'jobs.one.success_codes[1]'],
    ['quiet_after: soon', 'jobs.one.quiet_after'],
    ['notify: true', 'jobs.one.notify'],
    ['enabled: "true"', 'jobs.one.enabled'],
    ['enabled: on', 'jobs.one.enabled'],
    ['description: 5', 'jobs.one.description'],
    ['description: ""', 'jobs.one.description'],
    ['tags: a', 'jobs.one.tags'],
    ['tags: [[a]]', 'jobs.one.tags[0]'],
    ['env: [A]', 'jobs.one.env'],
    ['env: { A: }', 'jobs.one.env.A'],
    ['env: { A: [1] }', 'jobs.one.env.A'],
    ['env: { A: "\\0" }', 'jobs.one.env.A'],
    ['env: { "A=B": 1 }', 'jobs.one.env["A=B"]'],
    ['env: { "": 1 }', 'jobs.one.env[""]'],
    ['env: { SOLOIST_JOB: x }', 'jobs.one.env.SOLOIST_JOB'],
    ['keep_alive: always', 'jobs.one.keep_alive'],
    ['keep_alive: { restart: on-fail }', 'jobs.one.keep_alive.restart'],
    ['keep_alive: { backoff: 1ms }', 'jobs.one.keep_alive.backoff'],
    ['colour: red', 'jobs.one.colour'],
  ])('%s is refused', (lines, path) => {
    expect(jobProblem(lines).path).toBe(path);
  });
});

describe('defaults', () => {
  test('apply to every job that does not say otherwise', () => {
    const head = `
defaults:
  timeout: 1h
  grace: 1s
  retry: 2
  overlap: queue
  missed: once
  missed_grace: 2h
  jitter: 1m
  orphans: keep
  output: { limit: 1MB, keep: { runs: 10, size: 5MB } }
  success_codes: [0, 1]
  quiet_after: 1d
  notify: never
  shell: bash
  cwd: /srv
  env: { A: 1, B: 2 }
  env_file: ~/.env
`;
    expect(triggered('every: 5m\nenv: { B: 3 }', head)).toMatchObject({
      timeout: 3_600_000,
      grace: 1_000,
      retry: { attempts: 2 },
      overlap: { kind: 'queue' },
      missed: { kind: 'once' },
      missedGrace: 7_200_000,
      jitter: 60_000,
      orphans: 'keep',
      output: { limit: 1e6, keep: { runs: 10, age: 7_776_000_000, size: 5e6 } },
      successCodes: [0, 1],
      quietAfter: 86_400_000,
      notify: 'never',
      command: { shell: 'bash' },
      cwd: '/srv',
      environment: { defaults: { A: '1', B: '2' }, files: ['/home/ada/.env'], own: { B: '3' } },
    });
    const own =
      'every: 5m\ntimeout: none\nretry: none\noverlap: skip\nmissed: all\nmissed_grace: none\njitter: 0s\n' +
      'output: { keep: { runs: 20 } }\norphans: end\nsuccess_codes: 0\nquiet_after: none\nnotify: always\nshell: sh\ncwd: /\nenv_file: /e\ngrace: 5s';
    expect(triggered(own, head)).toMatchObject({
      timeout: undefined,
      grace: 5_000,
      retry: { attempts: 1 },
      overlap: { kind: 'skip' },
      missed: { kind: 'all' },
      missedGrace: undefined,
      jitter: 0,
      orphans: 'end',
      output: { limit: 1e6, keep: { runs: 20, age: 7_776_000_000, size: 5e6 } },
      successCodes: [0],
      quietAfter: undefined,
      notify: 'always',
      command: { shell: 'sh' },
      cwd: '/',
      environment: { files: ['/e'], own: {} },
    });
  });
});

describe('guards', () => {
  const guard = (lines: string) => valid(`guards: { "my notes": { ${lines} } }`).guards.get('my notes');

  test.each([
    ['match: "python -m daemon"', { match: 'python -m daemon', max: 1, keep: 'oldest', act: 'alert' }],
    ['match: x, max: 0, keep: newest, act: end', { match: 'x', max: 0, keep: 'newest', act: 'end' }],
    [String.raw`match: '/^python\d? -m \w+$/'`, { match: String.raw`/^python\d? -m \w+$/` }],
    ['match: /opt/notes/bin', { match: '/opt/notes/bin' }],
  ])('%s', (lines, expected) => {
    expect(guard(lines)).toMatchObject({ name: 'my notes', ...expected });
  });

  test.each([
    ['{}', 'guards.one.match'],
    ['{ match: }', 'guards.one.match'],
    ['{ match: " " }', 'guards.one.match'],
    ['{ match: 5 }', 'guards.one.match'],
    ['{ match: "/(/" }', 'guards.one.match'],
    ['{ match: "/.*/" }', 'guards.one.match'],
    ['{ match: x, max: -1 }', 'guards.one.max'],
    ['{ match: x, max: 1001 }', 'guards.one.max'],
    ['{ match: x, keep: old }', 'guards.one.keep'],
    ['{ match: x, act: kill }', 'guards.one.act'],
    ['{ match: x, run: y }', 'guards.one.run'],
    ['x', 'guards.one'],
  ])('%s is refused', (written, path) => {
    expect(problem(`guards: { one: ${written} }`).path).toBe(path);
  });

  test('a bad expression is told with its reason', () => {
    expect(problem('guards: { one: { match: "/(/" } }').message).toContain('(unterminated group)');
    expect(problem('guards: { one: { match: "/.*/" } }').message).toContain('(it matches every process)');
  });

  test('are named as jobs are', () => {
    expect(problem('guards: { "-x": { match: x } }').path).toBe('guards["-x"]');
  });
});

describe('on_alert', () => {
  const command = (lines: string, head = '') => valid(`${head}on_alert: { ${lines} }`).onAlert?.command;

  test.each([
    ['run: mail me', '', { kind: 'shell', text: 'mail me', shell: '/bin/sh' }],
    ['run: mail me', 'defaults: { shell: /bin/zsh }\n', { shell: '/bin/zsh' }],
    ['run: mail me, shell: bash', 'defaults: { shell: /bin/zsh }\n', { shell: 'bash' }],
    ['run: [~/mail, "1"]', '', { kind: 'program', program: '/home/ada/mail', arguments: ['1'] }],
  ])('%s %s', (lines, head, expected) => {
    expect(command(lines, head)).toMatchObject(expected);
  });

  test.each([
    ['{}', 'on_alert.run'],
    ['mail me', 'on_alert'],
    ['{ run: "" }', 'on_alert.run'],
    ['{ run: x, every: 5m }', 'on_alert.every'],
  ])('%s is refused', (written, path) => {
    expect(problem(`on_alert: ${written}`).path).toBe(path);
  });
});

describe('services', () => {
  test.each([
    ['keep_alive: true', { restart: 'always', backoff: { from: 1_000, to: 300_000 } }],
    ['keep_alive: {}', { restart: 'always', backoff: { from: 1_000, to: 300_000 } }],
    ['keep_alive: { restart: on-failure }', { restart: 'on-failure' }],
    ['keep_alive: { backoff: 100ms..1m }', { backoff: { from: 100, to: 60_000 } }],
    [
      'keep_alive: true\norphans: keep\ngrace: 1m\nenabled: false',
      { orphans: 'keep', grace: 60_000, enabled: false },
    ],
  ])('%s', (lines, expected) => {
    expect(service(lines)).toMatchObject(expected);
  });

  test.each(TRIGGER_KEYS)('cannot have %s', (key) => {
    const values = {
      schedule: '"@daily"',
      every: '5m',
      at: '2026-12-24',
      watch: '/a',
      on_start: 'true',
      after: 'other',
    };
    const text = `jobs: { other: { run: x }, one: { run: x, keep_alive: true, ${key}: ${values[key]} } }`;
    expect(problem(text)).toMatchObject({ kind: 'conflict', path: `jobs.one.${key}` });
  });

  test.each([
    'timeout: 1h',
    'retry: 3',
    'overlap: skip',
    'missed: once',
    'missed_grace: 1h',
    'jitter: 1s',
    'quiet_after: 1d',
  ])('cannot have %s', (line) => {
    expect(jobProblem(`keep_alive: true\n${line}`)).toMatchObject({ kind: 'conflict' });
  });

  test('nothing can come after a service', () => {
    expect(problem('jobs: { a: { run: x, keep_alive: true }, b: { run: x, after: a } }')).toMatchObject({
      kind: 'conflict',
      path: 'jobs.b.after',
    });
  });
});
