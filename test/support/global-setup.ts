import { missingForWindows } from '../e2e/runtime.ts';
import { beginTemporary } from './temporary.ts';

/** Called by the test runner before all tests; what it returns is called after them. */
export default function setup(): () => void {
  const end = beginTemporary();
  const missing = missingForWindows();
  const say = (): void => {
    if (missing !== undefined)
      console.log(`\nSKIPPED: the tests of the app's windows (test/e2e), since ${missing}.\n`);
  };
  say();
  return () => {
    end();
    say();
  };
}
