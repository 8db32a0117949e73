/** A step that takes back what another one did. */
export type Undo = () => void | Promise<void>;

/**
 * Takes steps back in reverse order and empties the list. Every step is tried; what one throws goes to
 * `onError`, since the next ones must not depend on it.
 */
export async function undoAll(steps: Undo[], onError: (error: unknown) => void): Promise<void> {
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    try {
      await step();
    } catch (error) {
      onError(error);
    }
  }
}
