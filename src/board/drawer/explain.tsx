import type { ExplainAnswer, Need, Task } from '../../../client/index.ts';
import { pauseAgain } from '../levers/actions.ts';
import { change, client } from '../levers/change.ts';
import { may, reloadProjects, type Scope } from '../session/session.ts';

type Call = ExplainAnswer['conditions'][number]['calls'][number];
type Mended = 'updateTaskStatus' | 'deleteNeed' | 'provideArtifact' | 'editTask' | 'putProject';

interface Mending {
  readonly method: Mended;
  readonly scopes: readonly Scope[];
  readonly label: (given: Readonly<Record<string, unknown>>) => string;
  /** What takes it back; undefined where the service cannot. */
  readonly undo?: (task: Task, need: Need | undefined) => (() => Promise<unknown>) | undefined;
}

/** What the service may propose that a button can do, by the names of its operations. */
const MENDINGS: Readonly<Record<string, Mending>> = {
  move_task: {
    method: 'updateTaskStatus',
    scopes: ['write'],
    label: ({ task_id }) => `Reset ${String(task_id)} to pending`,
  },
  delete_need: {
    method: 'deleteNeed',
    scopes: ['write'],
    label: ({ need }) => `Do without ${String(need)}`,
    undo: ({ task_id, project_id: project }, found) => {
      if (found === undefined) return undefined;
      const { need, when, group, on_failure } = found;
      return () => client().putNeed({ task_id, project, need, when, group, on_failure });
    },
  },
  provide_artifact: {
    method: 'provideArtifact',
    scopes: ['write'],
    label: ({ name }) => `Say that ${String(name)} is there`,
  },
  edit_task: {
    method: 'editTask',
    scopes: ['write'],
    label: () => 'Make it due now',
    undo: ({ task_id, project_id: project, not_before }) =>
      not_before === null ? undefined : () => client().editTask({ task_id, project, not_before }),
  },
  put_project: {
    method: 'putProject',
    scopes: ['admin'],
    label: () => 'Resume the project',
    undo: pauseAgain,
  },
};

/** Why the task can or cannot be claimed, with the button that mends it. */
export function Explain({ task, explained }: { task: Task; explained: ExplainAnswer }) {
  const { conditions, claimable, needs } = explained;
  const unmet = conditions.filter(({ met, condition }) => !met && condition !== 'scope');
  return (
    <section aria-labelledby="explain">
      <h3 id="explain">{claimable ? 'An agent can claim it' : 'Why no agent can claim it now'}</h3>
      {unmet.length > 0 && (
        <ul class="conditions">
          {unmet.map(({ condition, fact, calls }) => (
            <li key={condition} dir="auto">
              {fact}
              {calls.map((call) => (
                <Mend key={JSON.stringify(call)} call={call} task={task} needs={needs} />
              ))}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Mend({ call, task, needs }: { call: Call; task: Task; needs: readonly Need[] }) {
  const mending = MENDINGS[call.operation];
  if (mending === undefined || !may(...mending.scopes)) return null;
  if (call.arguments['force'] === true && !may('admin')) return null;
  const label = mending.label(call.arguments);
  const run = async () => {
    const need = needs.find(({ kind, need: name }) => kind === 'task' && name === call.arguments['need']);
    const undo = mending.undo?.(task, need);
    await change(
      () => undefined,
      // The service names the operation and gives the arguments that it takes.
      () => client()[mending.method](call.arguments as never),
      `Done: ${label}${undo === undefined ? '. This cannot be undone' : ''}`,
      undo,
    );
    if (mending.method === 'putProject') await reloadProjects();
  };
  return (
    <button type="button" onClick={() => void run()}>
      {label}
    </button>
  );
}
