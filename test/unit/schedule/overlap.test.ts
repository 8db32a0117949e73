import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decideOverlap,
  mostAtOnce,
  type OverlapDecision,
  type OverlapPolicy,
} from '../../../main/daemon/schedule/overlap.ts';

const cases: [policy: OverlapPolicy, running: string[], queued: string[], decision: OverlapDecision][] = [
  [{ kind: 'skip' }, [], [], { kind: 'start' }],
  [{ kind: 'skip' }, ['a'], [], { kind: 'skip', reason: 'still-running' }],
  [{ kind: 'skip' }, [], ['b'], { kind: 'skip', reason: 'still-waiting' }],
  [{ kind: 'queue', limit: 2 }, [], [], { kind: 'start' }],
  [{ kind: 'queue', limit: 2 }, ['a'], [], { kind: 'queue' }],
  [{ kind: 'queue', limit: 2 }, [], ['b'], { kind: 'queue' }],
  [{ kind: 'queue', limit: 2 }, ['a'], ['b', 'c'], { kind: 'skip', reason: 'queue-full' }],
  [{ kind: 'replace' }, [], [], { kind: 'start' }],
  [{ kind: 'replace' }, ['a'], [], { kind: 'replace', end: ['a'], drop: [] }],
  [{ kind: 'replace' }, ['a'], ['b'], { kind: 'replace', end: ['a'], drop: ['b'] }],
  [{ kind: 'replace' }, [], ['b'], { kind: 'replace', end: [], drop: ['b'] }],
  [{ kind: 'parallel', limit: 2 }, ['a'], [], { kind: 'start' }],
  [{ kind: 'parallel', limit: 2 }, ['a'], ['b'], { kind: 'skip', reason: 'parallel-limit' }],
  [{ kind: 'parallel', limit: 2 }, ['a', 'b'], [], { kind: 'skip', reason: 'parallel-limit' }],
];

test.each(cases)('%j with %j going and %j waiting', (policy, running, queued, decision) => {
  expect(decideOverlap(policy, running, queued)).toEqual(decision);
});

test('whatever comes in whatever order, a job keeps within its policy and every due time has one fate', () => {
  const policy: fc.Arbitrary<OverlapPolicy> = fc.oneof(
    fc.constantFrom<OverlapPolicy>({ kind: 'skip' }, { kind: 'replace' }),
    fc.integer({ min: 1, max: 4 }).map((limit): OverlapPolicy => ({ kind: 'queue', limit })),
    fc.integer({ min: 1, max: 4 }).map((limit): OverlapPolicy => ({ kind: 'parallel', limit })),
  );
  // A job becomes due, one of its runs ends, or one that waits gets its turn.
  const events = fc.array(fc.constantFrom('due', 'due', 'end', 'turn'), { maxLength: 80, size: 'max' });
  let due = 0;
  fc.assert(
    fc.property(policy, events, (one, happenings) => {
      let running: string[] = [];
      let queued: string[] = [];
      const fates = new Map<string, string>();
      let count = 0;
      for (const happening of happenings) {
        if (happening === 'end') {
          const ended = running.shift();
          if (ended !== undefined) fates.set(ended, 'ended');
        } else if (happening === 'turn' && running.length < mostAtOnce(one)) {
          const next = queued.shift();
          if (next !== undefined) running.push(next);
        } else if (happening === 'due') {
          const id = `run-${count}`;
          count += 1;
          const decision = decideOverlap(one, running, queued);
          if (decision.kind === 'skip') fates.set(id, decision.reason);
          else if (decision.kind === 'replace') {
            for (const other of [...decision.end, ...decision.drop]) fates.set(other, 'cancelled');
            running = running.filter((other) => !decision.end.includes(other));
            queued = [...queued.filter((other) => !decision.drop.includes(other)), id];
          } else {
            // There may be no room for it at all yet.
            queued.push(id);
          }
        }
        expect(running.length).toBeLessThanOrEqual(mostAtOnce(one));
        if (one.kind === 'queue') expect(queued.length).toBeLessThanOrEqual(Math.max(1, one.limit));
        if (one.kind === 'parallel') expect(running.length + queued.length).toBeLessThanOrEqual(one.limit);
        if (one.kind === 'skip' || one.kind === 'replace') expect(queued.length).toBeLessThanOrEqual(1);
      }
      expect(new Set([...fates.keys(), ...running, ...queued]).size).toBe(count);
      expect(fates.size + running.length + queued.length).toBe(count);
      due += count;
    }),
    { numRuns: 500 },
  );
  console.log(`${due} due times`);
});
