import { once } from 'node:events';
import { connect } from 'node:net';

const SUCCESS = 1;
const SET_INPUT_FOCUS = 42;
const GET_INPUT_FOCUS = 43;
/** The keyboard goes to whatever window the pointer is over. */
const POINTER_ROOT = 1;

/**
 * Takes the keyboard from whatever window of an X display has it, as a click elsewhere does. Rejects where there is no
 * such display, or it wants a password.
 */
export async function takeFocus(display = process.env.DISPLAY ?? ''): Promise<void> {
  const number = /^:(\d+)/.exec(display)?.[1];
  if (number === undefined) throw new Error(`"${display}" is no display of this computer`);
  const socket = connect(`/tmp/.X11-unix/X${number}`);
  try {
    await once(socket, 'connect');
    // Byte order, protocol 11.0, no authorization.
    socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    const [answer] = await once(socket, 'data');
    if (answer[0] !== SUCCESS) throw new Error(`the display ${display} refuses: ${answer.subarray(8)}`);
    socket.write(Buffer.from([SET_INPUT_FOCUS, 0, 3, 0, POINTER_ROOT, 0, 0, 0, 0, 0, 0, 0]));
    // The answer to a question comes when what was asked before is done.
    socket.write(Buffer.from([GET_INPUT_FOCUS, 0, 1, 0]));
    await once(socket, 'data');
  } finally {
    socket.destroy();
  }
}
