import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ExplainAnswer, TaskAnswer } from '../../../client/index.ts';
import { actionsOf } from '../levers/actions.ts';
import { Menu } from '../levers/menu.tsx';
import { go, place } from '../place/place.ts';
import { Answered } from '../session/answered.tsx';
import { type Calls, may } from '../session/session.ts';
import { useAnswer } from '../session/use-answer.ts';
import { type Card, cardOf } from '../tasks/card.ts';
import { columnOfStatus } from '../tasks/columns.ts';
import { changes } from '../tasks/lists.ts';
import { spoken } from '../text/words.ts';
import { isFocusLost, useWayBack } from '../views/landing.ts';
import { Attempts } from './attempts.tsx';
import { EditForm, editDraftOf } from './edit-form.tsx';
import { Explain } from './explain.tsx';
import { Fields } from './fields.tsx';
import { askGone, Gone, type GoneTask } from './gone.tsx';
import { History } from './history.tsx';
import { Notes } from './notes.tsx';

interface Shown {
  readonly answer: TaskAnswer;
  readonly explained: ExplainAnswer;
}

async function ask(client: Calls, task_id: string, project: string): Promise<Shown | GoneTask> {
  try {
    const [answer, explained] = await Promise.all([
      client.getTask({ task_id, project, include: 'attempts,checkpoint,needs' }),
      client.explainTask({ task_id, project }),
    ]);
    return { answer, explained };
  } catch (error) {
    return await askGone(client, task_id, project, error);
  }
}

/** Everything about one task; asked again with each change that the board hears of. */
export function Drawer({ taskId }: { taskId: string }) {
  const box = useRef<HTMLElement>(null);
  const goBack = useWayBack();
  const { project } = place.value;
  const { answer, problem } = useAnswer(
    (client) => ask(client, taskId, project),
    `${project}/${taskId}`,
    changes.value,
  );
  useEffect(() => {
    box.current?.focus();
    return goBack;
  }, []);
  // What had the focus may be gone with what was mended, deleted or restored.
  useEffect(() => {
    if (isFocusLost()) box.current?.focus();
  }, [answer.value]);
  const close = () => go({ task: '' });
  return (
    <aside
      ref={box}
      class="drawer"
      aria-labelledby="drawer-title"
      tabIndex={-1}
      onKeyDown={(event) => {
        // What is being typed would be lost.
        if (event.key === 'Escape' && !document.activeElement?.matches('input, textarea')) close();
      }}
    >
      <div class="drawer-top">
        <h2 id="drawer-title">{taskId}</h2>
        <button type="button" onClick={close} aria-label="Close the task">
          ×
        </button>
      </div>
      <Answered answer={answer} problem={problem}>
        {(shown) => ('last' in shown ? <Gone {...shown} /> : <Whole {...shown} />)}
      </Answered>
    </aside>
  );
}

function Whole({ answer, explained }: Shown) {
  const { task, attempts = [], needs = [] } = answer;
  const draft = editDraftOf(task);
  // What was typed before is offered again.
  const isEditing = useSignal(draft.isKept);
  const wasEditing = useRef(isEditing.value);
  useEffect(() => {
    if (wasEditing.current === isEditing.value) return;
    wasEditing.current = isEditing.value;
    document.querySelector<HTMLElement>('.drawer :is(.form textarea, .levers button)')?.focus();
  }, [isEditing.value]);
  if (isEditing.value) {
    const done = () => {
      isEditing.value = false;
    };
    return <EditForm task={task} done={done} />;
  }
  return (
    <>
      <p class="state">
        <span class={`status ${task.status}`}>{spoken(task.status)}</span> priority {task.priority}
        {task.stale && <strong> · what it needed was withdrawn</strong>}
      </p>
      <Levers
        card={cardOf(task)}
        isKept={draft.isKept}
        edit={() => {
          isEditing.value = true;
        }}
      />
      <Explain task={task} explained={explained} />
      <Fields task={task} needs={needs} dependents={explained.dependents} />
      <Notes task={task} />
      <Attempts task={task} attempts={attempts} checkpoint={answer.checkpoint} />
      <History task={task} />
    </>
  );
}

function Levers({ card, isKept, edit }: { card: Card; isKept: boolean; edit: () => void }) {
  const isOpen = useSignal(false);
  const actions = actionsOf(card, columnOfStatus(card.status));
  if (!may('write') && actions.length === 0) return null;
  return (
    <div class="levers">
      {may('write') && (
        <button type="button" onClick={edit}>
          Edit{isKept && ' (not sent)'}
        </button>
      )}
      {actions.length > 0 && (
        <button
          type="button"
          aria-haspopup="menu"
          aria-expanded={isOpen.value}
          onClick={() => {
            isOpen.value = true;
          }}
        >
          Actions ▾
        </button>
      )}
      {isOpen.value && (
        <Menu
          label={`What to do with ${card.task_id}`}
          actions={actions}
          close={() => {
            isOpen.value = false;
          }}
        />
      )}
    </div>
  );
}
