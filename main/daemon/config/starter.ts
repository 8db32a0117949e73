import { pathToFileURL } from 'node:url';

/**
 * The text of a first soloist.yaml: commented, with one harmless job, and valid as it is. `schema` is the absolute path,
 * or the URL, of the JSON schema, from which editors complete and check the file.
 */
export function starterFile(schema: string): string {
  return `${firstLines(schema)}
# timezone: Europe/Berlin      # of all schedules; the computer's if left out
# max_concurrent: 10           # the most runs at one time

# What applies to every job that does not say otherwise.
defaults:
  timeout: 1h
  # output: { limit: 10MB, keep: { runs: 1000, age: 90d, size: 100MB } }    # what is kept of runs

jobs:
  # A harmless first job: its output shows that Soloist works. Run it at once with: soloist run hello
  hello:
    description: Says hello once an hour
    run: echo "Hello from Soloist, it is $(date)"
    every: 1h

  # Every night at three, and once after the computer was asleep at that time.
  # A list runs as it is, without a shell. Schedules need quotes.
  # backup:
  #   run: [restic, backup, ~/Documents]
  #   schedule: "0 3 * * *"
  #   missed: once
  #   retry: { attempts: 3, backoff: 30s..10m }
  #   quiet_after: 3d

  # When files arrive in a folder.
  # sort-scans:
  #   run: ~/bin/sort-scans.sh "$SOLOIST_FILES"
  #   watch: { path: ~/Documents/Scans, patterns: ["*.pdf"], settle: 2s }

  # A built-in action: screenshots come into a folder of Markdown notes, with their text.
  # phone-screenshots:
  #   use: screenshots
  #   watch: { path: ~/OneDrive/Pictures/Screenshots }
  #   with: { vault: ~/notes }

  # A service: it always runs, and is started again when it fails.
  # sync:
  #   run: rclone mount remote:documents ~/Remote
  #   keep_alive: { restart: on-failure, backoff: 1s..5m }
`;
}

/** What a configuration begins with: comments that say what it is, and from which schema editors know it. */
export function firstLines(schema: string): string {
  return `# yaml-language-server: $schema=${schemaReference(schema)}
#
# The jobs that Soloist runs. Changes apply as soon as this file is saved.
# 'soloist config check' tells what is wrong with it, 'soloist jobs' what it makes of it.
`;
}

/** As a URL, since the reference ends at the first space. */
function schemaReference(schema: string): string {
  return /^[a-z]{2,}:/i.test(schema) ? encodeURI(schema) : pathToFileURL(schema).href;
}
