import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ToolView } from '../../main/control/app-calls.ts';
import { call } from '../state/calls.ts';
import { windowStrings } from '../strings.ts';
import { Group, Setting } from './setting.tsx';

const strings = windowStrings.settings.tool;

/** The command-line tool: whether terminals find it, and what puts it there. */
export function ToolSettings() {
  const tool = useSignal<ToolView | undefined>(undefined);
  const error = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const ask = async (name: 'tool' | 'installTool' | 'uninstallTool'): Promise<void> => {
    isBusy.value = true;
    try {
      tool.value = await call(name, {});
      error.value = undefined;
    } catch (reason) {
      error.value = (reason as Error).message;
    }
    isBusy.value = false;
  };
  useEffect(() => void ask('tool'), []);
  const shown = tool.value;
  return (
    <Group title={strings.title}>
      <Setting
        title={strings.hint}
        hint={
          <>
            <code class="example">{strings.example}</code>
            <div role="status">{shown === undefined ? strings.looking : <ToolState tool={shown} />}</div>
            {error.value === undefined ? null : (
              <p class="notice is-error" role="alert">
                {error.value}
              </p>
            )}
          </>
        }
      >
        {shown === undefined ? null : (
          <>
            {shown.kind === 'none' || shown.kind === 'stale' ? (
              <button type="button" class="button" disabled={isBusy.value} onClick={() => ask('installTool')}>
                {strings.install[shown.kind]}
              </button>
            ) : null}
            {shown.kind === 'installed' || shown.kind === 'not-on-path' ? (
              <button
                type="button"
                class="button"
                disabled={isBusy.value}
                onClick={() => ask('uninstallTool')}
              >
                {strings.uninstall}
              </button>
            ) : null}
          </>
        )}
      </Setting>
    </Group>
  );
}

function ToolState({ tool }: { readonly tool: ToolView }) {
  switch (tool.kind) {
    case 'none':
      return strings.none;
    case 'unsupported':
      return tool.reason;
    case 'not-on-path':
      return (
        <>
          {strings['not-on-path']} <code>{tool.path}</code>. {strings.advice}
          <code class="example">{tool.advice}</code>
        </>
      );
    default:
      return (
        <>
          {strings[tool.kind]} <code>{tool.path}</code>
        </>
      );
  }
}
