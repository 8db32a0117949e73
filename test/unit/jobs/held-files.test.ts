import { expect, test } from 'vitest';
import { HeldFiles } from '../../../main/daemon/jobs/held-files.ts';
import { job } from '../../daemon/jobs/support.ts';

function held(overlap: 'skip' | 'replace', state: { isGoing: boolean }) {
  const arrived: (readonly string[])[] = [];
  const files = new HeldFiles({
    job: (name) => job(name, 'true', { folder: '/', token: '' }, { overlap: { kind: overlap } }),
    has: () => state.isGoing,
    arrive: (_, list) => arrived.push(list),
  });
  return { files, arrived };
}

test('files that come while the job runs make one run after its end', () => {
  const state = { isGoing: false };
  const { files, arrived } = held('skip', state);
  files.came('import', ['/a']);
  state.isGoing = true;
  files.came('import', ['/c', '/b']);
  files.came('import', ['/b', '/d']);
  files.ended('import');
  expect(arrived).toEqual([['/a']]);
  state.isGoing = false;
  files.ended('import');
  files.ended('import');
  expect(arrived).toEqual([['/a'], ['/b', '/c', '/d']]);
});

test('another overlap policy decides for itself', () => {
  const { files, arrived } = held('replace', { isGoing: true });
  files.came('import', ['/a']);
  expect(arrived).toEqual([['/a']]);
});
