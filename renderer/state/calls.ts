import type { Bridge, WindowCallName, WindowEvents, WindowOutput } from '../../main/control/window-calls.ts';

declare global {
  interface Window {
    readonly soloist: Bridge;
  }
}

/** What a call was refused with: the same details as in the terminal. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: string;
  readonly hint: string | undefined;

  constructor({ code, message, hint }: { code: string; message: string; hint?: string | undefined }) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** Asks the main process. Rejects with a `CallError` that can be shown as it is. */
export async function call<Name extends WindowCallName>(
  name: Name,
  ...input: Parameters<Bridge[Name]>
): Promise<WindowOutput<Name>> {
  const ask = window.soloist[name] as (...input: unknown[]) => ReturnType<Bridge[Name]>;
  const answer = await ask(...input);
  if (!answer.ok) throw new CallError(answer.error);
  return answer.value as WindowOutput<Name>;
}

/** Calls the listener with each event of this name; returns how to end that. */
export function on<Name extends keyof WindowEvents>(
  event: Name,
  listener: (data: WindowEvents[Name]) => void,
): () => void {
  return window.soloist.on(event, listener);
}
