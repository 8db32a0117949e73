/** Stands in for the package `thread-stream`, which pino loads for transports in worker threads. */
export default class NoThreadStream {
  constructor() {
    throw new Error('this build has no worker threads for logging');
  }
}
