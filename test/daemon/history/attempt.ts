import { openHistory } from '../../../main/daemon/history/history.ts';

/** Opens the history in the file given and claims a run. Prints `done`, or the code of the error. */

const [file = ''] = process.argv.slice(2);
try {
  const { history } = openHistory(file, {
    now: () => new Date(),
    onFlushError: (error) => {
      throw error;
    },
  });
  history.claim({ job: 'backup', trigger: { kind: 'person' }, attempt: 1, at: Date.now() });
  await history.close();
  console.log('done');
} catch (error) {
  console.log(error instanceof Error && 'code' in error ? error.code : error);
}
