import { MARK_VARIABLE } from './mark.ts';

/** What a guard calls itself in the system's process list; the mark of its run is the next word. */
export const GUARD_NAME = 'soloist-guard';

/**
 * The words that let the job begin: one for the shell, and one that its guard finds there when the daemon is gone. In one
 * piece, so that no job is without its guard. A pipe that closes without them starts nothing.
 */
export const GO = 'go\nbegun\n';

/** The word that sends the guard home: the run has ended and nothing of it is left. */
export const ENDED = 'ended\n';

/** The signals that reach a whole process group and can be ignored: a guard outlives them all. */
const IGNORED = 'HUP INT QUIT PIPE ALRM TERM USR1 USR2 TSTP TTIN TTOU XCPU';

/**
 * Ends a run whose daemon is gone: its group ("0" is the guard's own, which the guard keeps from being given
 * to strangers for as long as it lives) and those that left the group but still carry the mark. `ps -E` is
 * macOS. The last line ends the guard too.
 */
export const END_RUN = `PATH=/bin:/usr/bin:$PATH
marked() {
  if [ -r /proc/self/environ ]; then
    for file in $(grep -lsF "${MARK_VARIABLE}=$1" /proc/[0-9]*/environ); do
      file=\${file#/proc/}; echo "\${file%/environ}"
    done
  else
    ps -A -E -ww -o pid=,command= | while read -r pid text; do
      case $text in *"${MARK_VARIABLE}=$1"*) echo "$pid" ;; esac
    done
  fi
}
found=$(marked "$1")
kill -s TERM 0 $found
kill -s CONT 0 $found
sleep "$2" || sleep $((\${2%.*} + 1))
for round in 1 2 3 4 5 6 7 8 9; do
  found=$(marked "$1")
  [ -n "$found" ] || break
  kill -s KILL $found
done
kill -s KILL 0`;

/**
 * The shell that a run begins as, and becomes: it leaves a guard behind, waits for the word to go, and is
 * replaced by the command. So the job is the daemon's own child under the PID that was recorded, and its exit
 * code or signal comes from the kernel; and nothing is left to do between the word and the job. The guard is
 * forked twice, so that a job that waits for all its children does not wait for the guard, and is a member of
 * the job's group, so that the group's number stays taken.
 *
 * Arguments: mark, grace in seconds, shell, END_RUN, then the words of the command. Descriptor 3 is the shell's
 * pipe from the daemon, descriptor 4 the guard's. Where the daemon dies before the shell has read its word, the
 * two may take it from each other: then neither finds its own, and nothing begins.
 */
const GUARDED = `( trap '' ${IGNORED}
  ( read -r soloist_word <&4
    case $soloist_word in ended) exit ;; esac
    read -r soloist_word <&3 && [ "$soloist_word" = begun ] || exit
    unset ${MARK_VARIABLE}
    exec "$3" -c "$4" ${GUARD_NAME} "$1" "$2" 3<&- 4<&- ) &
) </dev/null >/dev/null 2>&1
exec 4<&-
read -r soloist_word <&3 && [ "$soloist_word" = go ] || exit 1
shift 4
exec "$@" 3<&-`;

/** The same without a guard, for a job that outlives its daemon. */
const GATED = `read -r soloist_word <&3 && [ "$soloist_word" = go ] || exit 1
exec "$@" 3<&-`;

/** What happens to a run when its daemon dies: its processes end, or they are kept. */
export type Orphans = 'end' | 'keep';

/**
 * The arguments for a shell that start a command behind the gate. POSIX shell only: it runs in dash, busybox
 * ash and mksh, and in bash and zsh as `sh`.
 *
 * @param shell its path, for the guard to start it again
 * @param run.graceMs between SIGTERM and SIGKILL once the daemon is gone
 */
export function guardArguments(
  shell: string,
  words: readonly string[],
  run: { readonly mark: string; readonly graceMs: number; readonly orphans: Orphans },
): string[] {
  switch (run.orphans) {
    case 'end':
      return ['-c', GUARDED, GUARD_NAME, run.mark, (run.graceMs / 1000).toFixed(3), shell, END_RUN, ...words];
    case 'keep':
      return ['-c', GATED, GUARD_NAME, ...words];
  }
}
