import type { ExplainAnswer } from '../../../client/index.ts';
import { tell, tellProblem } from '../notices/notices.ts';
import { may, type Scope, session } from '../session/session.ts';
import { refreshAll } from '../tasks/lists.ts';

type Call = ExplainAnswer['conditions'][number]['calls'][number];
type Mended = 'updateTaskStatus' | 'deleteNeed' | 'provideArtifact' | 'editTask' | 'putProject';

interface Mending {
  readonly method: Mended;
  readonly scopes: readonly Scope[];
  readonly label: (given: Readonly<Record<string, unknown>>) => string;
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
  },
  provide_artifact: {
    method: 'provideArtifact',
    scopes: ['write'],
    label: ({ name }) => `Say that ${String(name)} is there`,
  },
  edit_task: { method: 'editTask', scopes: ['write'], label: () => 'Make it due now' },
  put_project: { method: 'putProject', scopes: ['admin'], label: () => 'Resume the project' },
};

/** Why the task can or cannot be claimed, with the button that mends it. */
export function Explain({ explained }: { explained: ExplainAnswer }) {
  const { conditions, claimable } = explained;
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
                <Mend key={JSON.stringify(call)} call={call} />
              ))}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Mend({ call }: { call: Call }) {
  const mending = MENDINGS[call.operation];
  if (mending === undefined || !may(...mending.scopes)) return null;
  if (call.arguments['force'] === true && !may('admin')) return null;
  const label = mending.label(call.arguments);
  const run = async () => {
    try {
      const client = session.value?.client;
      // The service names the operation and gives the arguments that it takes.
      await client?.[mending.method](call.arguments as never);
      tell(`Done: ${label}`);
    } catch (error) {
      tellProblem(error);
    }
    await refreshAll();
  };
  return (
    <button type="button" onClick={() => void run()}>
      {label}
    </button>
  );
}
