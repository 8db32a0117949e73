import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ToolView } from '../../main/control/app-calls.ts';
import { type CallError, call } from '../state/calls.ts';
import { windowStrings } from '../strings.ts';
import { Group, Setting } from './setting.tsx';

const strings = windowStrings.settings.tool;

type ToolCall = 'tool' | 'installTool' | 'uninstallTool';

/** What can be done about a state, the likeliest first. */
function actionsFor({ kind }: ToolView): readonly (readonly [name: string, call: ToolCall])[] {
  const look = [strings.look, 'tool'] as const;
  const uninstall = [strings.uninstall, 'uninstallTool'] as const;
  switch (kind) {
    case 'none':
      return [[strings.install[kind], 'installTool']];
    case 'stale':
      return [[strings.install[kind], 'installTool'], uninstall];
    case 'installed':
      return [uninstall];
    case 'not-on-path':
    case 'shadowed':
      return [look, uninstall];
    case 'foreign':
      return [look, [strings.install[kind], 'installTool']];
    case 'unsupported':
      return [];
  }
}

/** The command-line tool: whether terminals find it, and what puts it there. */
export function ToolSettings() {
  const tool = useSignal<ToolView | undefined>(undefined);
  const error = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const controls = useRef<HTMLDivElement>(null);
  const isAsked = useRef(false);
  const ask = async (name: ToolCall): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    try {
      tool.value = await call(name, {});
      error.value = undefined;
    } catch (reason) {
      const { message, hint } = reason as CallError;
      error.value = [message, hint].filter(Boolean).join(' ');
    }
    isBusy.value = false;
  };
  useEffect(() => void ask('tool'), []);
  const shown = tool.value;
  // The button that had the focus may be gone with the state that it was for.
  useEffect(() => {
    if (isAsked.current && document.activeElement === document.body)
      controls.current?.querySelector('button')?.focus();
    isAsked.current = false;
  }, [shown]);
  return (
    <Group title={strings.title} topic="tool">
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
          <div class="setting-control" ref={controls}>
            {actionsFor(shown).map(([name, wanted]) => (
              <button
                type="button"
                class="button"
                key={wanted}
                aria-disabled={isBusy.value}
                onClick={() => {
                  isAsked.current = true;
                  void ask(wanted);
                }}
              >
                {name}
              </button>
            ))}
          </div>
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
    case 'shadowed':
      return (
        <>
          {strings.shadowed(tool.by)} <code>{tool.path}</code>
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
