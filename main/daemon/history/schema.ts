/** One step of the schema. Steps already released are never edited: a change is a new step at the end. */
export interface Migration {
  /** What `PRAGMA user_version` is after it: 1, 2, 3, ... */
  readonly version: number;
  readonly sql: string;
}

/** `PRAGMA application_id` of a history, "Solo": tells it from another program's database. */
export const APPLICATION_ID = 0x536f6c6f;

/**
 * Times are milliseconds since 1970 (UTC). Job names and boot ids are kept once, in tables of their own,
 * since each run repeats them.
 */
const runsAndJobs: Migration = {
  version: 1,
  sql: `
    CREATE TABLE jobs (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      last_due INTEGER,
      -- Due times up to this one stay claimed although retention has removed their runs.
      forgotten_due INTEGER,
      paused_at INTEGER,
      paused_by TEXT,
      CHECK ((paused_at IS NULL) = (paused_by IS NULL))
    ) STRICT;

    CREATE TABLE boots (
      id INTEGER PRIMARY KEY,
      boot TEXT NOT NULL UNIQUE
    ) STRICT;

    CREATE TABLE runs (
      id INTEGER PRIMARY KEY,
      job INTEGER NOT NULL REFERENCES jobs (id),
      queued_at INTEGER NOT NULL,
      trigger_kind TEXT NOT NULL,
      due INTEGER,
      attempt INTEGER NOT NULL CHECK (attempt >= 1),
      started_at INTEGER,
      ended_at INTEGER,
      outcome TEXT,
      exit_code INTEGER,
      signal TEXT,
      boot INTEGER REFERENCES boots (id),
      shell_pid INTEGER,
      shell_started TEXT,
      shell_group INTEGER,
      child_pid INTEGER,
      child_started TEXT,
      child_group INTEGER,
      output_bytes INTEGER,
      cpu_ms INTEGER,
      peak_memory_bytes INTEGER,
      after_run INTEGER,
      -- The long texts come last: what stands before them is read without them.
      output_file TEXT,
      reason TEXT,
      files TEXT,
      -- What the reader relies on; the check after a crash goes through these too.
      CHECK (trigger_kind IN ('cron', 'every', 'at', 'watch', 'after', 'start', 'person', 'service')),
      CHECK ((trigger_kind IN ('cron', 'every', 'at')) = (due IS NOT NULL)),
      CHECK ((trigger_kind = 'watch') = (files IS NOT NULL)),
      CHECK ((trigger_kind = 'after') = (after_run IS NOT NULL)),
      CHECK (files IS NULL OR json_valid(files)),
      CHECK ((outcome IS NULL) = (ended_at IS NULL)),
      CHECK (outcome IN ('succeeded', 'failed', 'timed-out', 'cancelled', 'skipped', 'lost')),
      CHECK (started_at IS NULL OR (boot IS NOT NULL AND coalesce(shell_pid, child_pid) IS NOT NULL)),
      CHECK (shell_pid IS NULL OR (shell_started IS NOT NULL AND shell_group IS NOT NULL)),
      CHECK (child_pid IS NULL OR (child_started IS NOT NULL AND child_group IS NOT NULL)),
      CHECK (outcome != 'succeeded' OR exit_code IS NOT NULL),
      CHECK (outcome != 'failed' OR (exit_code IS NOT NULL) + (signal IS NOT NULL) + (reason IS NOT NULL) = 1),
      CHECK (outcome NOT IN ('cancelled', 'skipped') OR reason IS NOT NULL),
      CHECK (output_file IS NULL OR output_bytes IS NOT NULL)
    ) STRICT;

    -- A due time is claimed by its row: not even two daemons on one file can run it twice.
    CREATE UNIQUE INDEX runs_claimed ON runs (job, due, attempt) WHERE due IS NOT NULL;
    CREATE INDEX runs_unfinished ON runs (job) WHERE ended_at IS NULL;
    -- By id, which grows even when the clock is set back: which runs of a job are its newest.
    CREATE INDEX runs_of_job ON runs (job);
    -- For pages, which are in the order of time.
    CREATE INDEX runs_by_time ON runs (queued_at);
    CREATE INDEX runs_by_job ON runs (job, queued_at);
    CREATE INDEX runs_by_outcome ON runs (outcome, queued_at) WHERE outcome IS NOT NULL;
    CREATE INDEX runs_by_job_and_outcome ON runs (job, outcome, queued_at) WHERE outcome IS NOT NULL;
    CREATE INDEX runs_with_output ON runs (job) WHERE output_file IS NOT NULL AND ended_at IS NOT NULL;

    -- Output files whose runs let go of them, until they are deleted: a crash in between leaves none behind.
    CREATE TABLE released_outputs (file TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  `,
};

const absencesAndAlerts: Migration = {
  version: 2,
  sql: `
    -- Times through which nothing could run.
    CREATE TABLE absences (
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('asleep', 'down')),
      from_at INTEGER NOT NULL,
      until_at INTEGER NOT NULL,
      CHECK (from_at < until_at)
    ) STRICT;
    CREATE INDEX absences_by_time ON absences (until_at);

    CREATE TABLE alerts (
      id INTEGER PRIMARY KEY,
      -- What it is about: however often that repeats, it is one alert.
      cause TEXT NOT NULL,
      kind TEXT NOT NULL,
      job TEXT,
      run INTEGER,
      message TEXT NOT NULL,
      hint TEXT,
      count INTEGER NOT NULL CHECK (count >= 1),
      first_at INTEGER NOT NULL,
      last_at INTEGER NOT NULL,
      acknowledged_at INTEGER,
      resolved_at INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX alerts_unresolved ON alerts (cause) WHERE resolved_at IS NULL;
    CREATE INDEX alerts_by_time ON alerts (last_at);
  `,
};

/**
 * Processes of a run that goes on which have moved out of its group: not even its mark may lead to them. Their boot is
 * that of the run.
 */
const movedProcesses: Migration = {
  version: 3,
  sql: `
    CREATE TABLE moved_processes (
      run INTEGER NOT NULL REFERENCES runs (id),
      pid INTEGER NOT NULL,
      started TEXT NOT NULL,
      process_group INTEGER NOT NULL,
      PRIMARY KEY (run, pid, started)
    ) STRICT, WITHOUT ROWID;
  `,
};

/** An alert that is over is put away after a while; only one that is over can be. */
const archivedAlerts: Migration = {
  version: 4,
  sql: `
    ALTER TABLE alerts ADD COLUMN archived_at INTEGER CHECK (archived_at IS NULL OR resolved_at IS NOT NULL);
    CREATE INDEX alerts_over ON alerts (resolved_at) WHERE resolved_at IS NOT NULL;
  `,
};

/** All steps, oldest first. */
export const migrations: readonly Migration[] = [
  runsAndJobs,
  absencesAndAlerts,
  movedProcesses,
  archivedAlerts,
];
