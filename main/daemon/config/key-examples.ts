import type { ActionName } from '../actions/action.ts';

/** Keys of soloist.yaml that belong together, each with an example of its use. */
export interface KeyGroup {
  readonly title: string;
  /** The path above the keys, with a dot at its end; NAME stands for the name of a job or a guard. */
  readonly below: '' | 'jobs.NAME.' | 'jobs.NAME.with.' | 'guards.NAME.' | 'on_alert.' | 'log.';
  /** The action of which these are the settings. */
  readonly use?: ActionName;
  /**
   * Each key below that path with an example: lines of YAML as they stand there, of the whole file for keys of the file, of
   * a job, a guard, `on_alert` or `log` for theirs.
   */
  readonly examples: Readonly<Record<string, string>>;
}

/** Every key, in the order in which the reference tells of them. A test holds it against the schema. */
export const keyGroups: readonly KeyGroup[] = [
  {
    title: 'The file',
    below: '',
    examples: {
      timezone: 'timezone: Europe/Berlin',
      max_concurrent: 'max_concurrent: 4',
      defaults: 'defaults: { timeout: 1h, missed: once }',
      jobs: 'jobs: { hello: { run: echo hello, every: 1h } }',
      guards: 'guards: { notes: { match: python -m notes.daemon } }',
      on_alert: 'on_alert: { run: [say, Alert] }',
      log: 'log: { level: debug, keep: 7d }',
    },
  },
  {
    title: 'A job: what it runs',
    below: 'jobs.NAME.',
    examples: {
      run: 'run: [restic, backup, ~/Documents]',
      shell: 'shell: /bin/zsh',
      use: 'use: screenshots',
      with: 'with: { vault: ~/notes }',
      cwd: 'cwd: ~/reports',
      env: 'env: { LANG: C.UTF-8 }',
      env_file: 'env_file: [common.env, secrets.env]',
      stdin: 'stdin: "yes\\n"',
      'stdin.file': 'stdin: { file: answers.txt }',
      success_codes: 'success_codes: [0, 3]',
      description: 'description: Copies the documents',
      enabled: 'enabled: false',
      tags: 'tags: [home, backup]',
    },
  },
  {
    title: 'A job: what makes it due',
    below: 'jobs.NAME.',
    examples: {
      schedule: 'schedule: ["0 3 * * *", "@weekly"]',
      timezone: 'timezone: Asia/Tokyo',
      every: 'every: 15m',
      at: 'at: 2026-12-24T18:00',
      watch: 'watch: ~/Scans',
      'watch.path': 'watch: { path: [~/Scans, ~/Faxes] }',
      'watch.patterns': 'watch: { path: ~/Scans, patterns: ["*.pdf"] }',
      'watch.ignore': 'watch: { path: ~/Scans, ignore: ["*.tmp", "old/**"] }',
      'watch.settle': 'watch: { path: ~/Scans, settle: 5s }',
      on_start: 'on_start: true',
      after: 'after: backup',
    },
  },
  {
    title: 'A job: how its runs go',
    below: 'jobs.NAME.',
    examples: {
      timeout: 'timeout: 10m',
      grace: 'grace: 30s',
      retry: 'retry: 3',
      'retry.attempts': 'retry: { attempts: 5 }',
      'retry.backoff': 'retry: { attempts: 5, backoff: 1m..1h }',
      overlap: 'overlap: queue',
      'overlap.queue': 'overlap: { queue: 10 }',
      'overlap.parallel': 'overlap: { parallel: 2 }',
      missed: 'schedule: "0 3 * * *"\nmissed: once',
      'missed.all': 'every: 1h\nmissed: { all: 10 }',
      missed_grace: 'every: 1h\nmissed: once\nmissed_grace: 12h',
      jitter: 'every: 1h\njitter: 5m',
      orphans: 'orphans: keep',
      quiet_after: 'quiet_after: 3d',
      notify: 'notify: always',
    },
  },
  {
    title: 'A job: a service',
    below: 'jobs.NAME.',
    examples: {
      keep_alive: 'keep_alive: true',
      'keep_alive.restart': 'keep_alive: { restart: on-failure }',
      'keep_alive.backoff': 'keep_alive: { backoff: 5s..10m }',
    },
  },
  {
    title: 'A job: what is kept of its output',
    below: 'jobs.NAME.',
    examples: {
      output: 'output: { limit: 1MB, keep: { runs: 100 } }',
      'output.limit': 'output: { limit: 1MB }',
      'output.keep': 'output: { keep: { runs: 100, age: 30d } }',
      'output.keep.runs': 'output: { keep: { runs: 100 } }',
      'output.keep.age': 'output: { keep: { age: 30d } }',
      'output.keep.size': 'output: { keep: { size: 10MB } }',
    },
  },
  {
    title: 'The action "screenshots"',
    below: 'jobs.NAME.with.',
    use: 'screenshots',
    examples: {
      vault: 'vault: ~/notes',
      attachments: 'attachments: Pictures',
      note: 'note: "Journal/{date:YYYY}/{date:YYYY-MM-DD}.md"',
      template: 'template: Templates/Day.md',
      ocr: 'ocr: false',
      language: 'language: eng+deu',
      // biome-ignore lint/suspicious/noThenProperty: it is the word that people write, and nothing awaits it.
      then: 'then: move',
    },
  },
  {
    title: 'The action "links"',
    below: 'jobs.NAME.with.',
    use: 'links',
    examples: {
      vault: 'vault: ~/notes',
      exclude: 'exclude: ["Templates/**"]',
      suggestions: 'suggestions: 10',
      threshold: 'threshold: 0.55',
      section: 'section: "## See also"',
      embeddings: 'embeddings: { model: nomic-embed-text }',
      'embeddings.model': 'embeddings: { model: nomic-embed-text }',
      'embeddings.url': 'embeddings: { model: nomic-embed-text, url: "http://127.0.0.1:11434" }',
    },
  },
  {
    title: 'A guard',
    below: 'guards.NAME.',
    examples: {
      match: "match: '/^node .*server\\.js$/'",
      max: 'max: 2',
      keep: 'keep: newest',
      act: 'act: end',
    },
  },
  {
    title: 'Alerts',
    below: 'on_alert.',
    examples: {
      run: 'run: \'echo "$SOLOIST_ALERT_MESSAGE" >> ~/alerts.txt\'',
      shell: 'shell: /bin/zsh',
    },
  },
  {
    title: 'The log of the daemon',
    below: 'log.',
    examples: { level: 'level: debug', keep: 'keep: 7d', max_size: 'max_size: 10MB' },
  },
];
