import { beginTemporary } from './temporary.ts';

/** Called by the test runner before all tests; what it returns is called after them. */
export default function setup(): () => void {
  return beginTemporary();
}
