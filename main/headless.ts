import { headlessProgram } from './headless-program.ts';

void headlessProgram(process.argv.slice(2)).then((code) => process.exit(code));
