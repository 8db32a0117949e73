import { missingForWindows } from '../e2e/runtime.ts';
import { beginTemporary } from './temporary.ts';

/** Called by the test runner before all tests; what it returns is called after them. */
export default function setup(): () => void {
  const end = beginTemporary();
  const missing = missingForWindows();
  const say = (): void => {
    for (const reason of missing)
      console.log(
        `SKIPPED: the tests of the app's windows and its package (test/e2e, test/packaged). ${reason}`,
      );
  };
  say();
  return () => {
    end();
    say();
  };
}
