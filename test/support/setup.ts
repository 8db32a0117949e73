import { configureGlobal } from 'fast-check';
import { TEST_SEED } from './seed.ts';

// A failed property prints its own seed and path; this one makes a whole run of the tests the same again.
if (process.env.SOLOIST_TEST_SEED) configureGlobal({ seed: TEST_SEED });
