import { isolate } from '../bidi.ts';
import { problemPlace } from '../components/problem-place.ts';
import { call } from '../state/calls.ts';
import { healthStrings as strings } from '../strings/health.ts';
import type { Target } from './ending.ts';
import type { Check, Remedy } from './report.ts';

/** What a remedy does: at once, and what is said when it is done; or after a look at the processes that it ends. */
export type Course =
  | { readonly kind: 'at-once'; readonly action: () => Promise<unknown>; readonly done: string }
  | { readonly kind: 'ends'; readonly target: Target };

/** How a remedy is taken; undefined if it names no subject and needs one. */
export function courseOf({ kind, subject }: Remedy, check: Check): Course | undefined {
  const { done } = strings;
  switch (kind) {
    case 'run-job':
      if (subject === null) return undefined;
      return {
        kind: 'at-once',
        action: () => call('run', { job: subject }),
        done: done.started(isolate(subject)),
      };
    case 'edit-configuration': {
      const line = problemPlace(check.sentence)?.line;
      const at = line !== undefined ? { line } : subject !== null ? { job: subject } : {};
      return { kind: 'at-once', action: () => call('edit', at), done: done.editing };
    }
    case 'end-guarded':
      return subject === null ? undefined : { kind: 'ends', target: { kind: 'guard', guard: subject } };
    case 'end-strays':
      return { kind: 'ends', target: { kind: 'strays' } };
    case 'restart':
      return { kind: 'at-once', action: restart, done: done.restarted };
    case 'read-log':
      return { kind: 'at-once', action: () => call('reveal', { what: 'log' }), done: done.revealed };
  }
}

/** A configuration that a restart could not take is no success. */
async function restart(): Promise<void> {
  const { problem } = await call('restart');
  if (problem !== null) throw new Error(problem.message);
}
