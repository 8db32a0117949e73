/**
 * For a daemon in a Node of its own. V8 would wake an idle one every 8 s to see whether there is garbage. It collects it by
 * itself instead, once, as soon as it has started.
 */
export const NODE_FLAGS: readonly string[] = ['--no-memory-reducer', '--expose-gc'];
