import type { Task } from '../../../client/index.ts';
import { TaskLink } from '../drawer/task-link.tsx';
import { endClaim } from '../levers/actions.ts';
import { place } from '../place/place.ts';
import { Problem } from '../session/answered.tsx';
import { type Calls, may } from '../session/session.ts';
import { useAnswer } from '../session/use-answer.ts';
import { changes } from '../tasks/lists.ts';
import { halfMinute, now } from '../text/clock.ts';
import { groupedBy } from '../text/grouped-by.ts';
import { ago, cost, duration, many } from '../text/words.ts';
import { TableHead } from './table-head.tsx';

/** More agents than that at work are not shown; the page says so. */
const MOST = 500;

const FIELDS = [
  'task_id',
  'claimed_by',
  'lease_expires_at',
  'last_heartbeat_at',
  'attempt',
  'max_attempts',
  'progress',
  'usage',
  'revision',
] as const satisfies readonly (keyof Task)[];

type Held = Pick<Task, (typeof FIELDS)[number]>;

const NOBODY = { held: [], isCut: false };

async function askHeld(client: Calls, project: string): Promise<{ held: readonly Held[]; isCut: boolean }> {
  const { tasks, next_cursor } = await client.listTasks({
    project,
    status: 'in_progress',
    fields: FIELDS.join(','),
    limit: MOST,
  });
  // The service answers the fields that it is asked for.
  const held = (tasks as Held[]).filter(({ claimed_by }) => claimed_by !== null);
  return { held, isCut: next_cursor !== null };
}

/** Who holds what, and for how long. */
export function AgentsView() {
  const { project } = place.value;
  const { answer, problem } = useAnswer((client) => askHeld(client, project), project, changes.value);
  const { held, isCut } = answer.value ?? NOBODY;
  const agents = groupedBy(held, ({ claimed_by }) => claimed_by ?? '');
  return (
    <main class="page">
      <h2>Agents at work</h2>
      <Problem>{problem}</Problem>
      {agents.size === 0 && problem.value === '' && (
        <p>{answer.value === null ? 'Asking …' : 'Nobody holds a task.'}</p>
      )}
      {isCut && <p>These are the first {MOST} tasks in progress.</p>}
      {agents.size > 0 && (
        <table class="agents">
          <TableHead
            titles={['Agent', 'Task', 'Lease', 'Last heard', 'Attempt', 'Progress', 'Used', 'Levers']}
          />
          <tbody>
            {[...agents].flatMap(([agent, tasks]) =>
              tasks.map((task) => <Row key={task.task_id} agent={agent} task={task} />),
            )}
          </tbody>
        </table>
      )}
      <Today />
    </main>
  );
}

/** What the agents have used today: the service counts it anew, so the view asks for it less often. */
function Today() {
  const { project } = place.value;
  const { answer, problem } = useAnswer(
    (client) => client.getStatistics({ project, days: 1 }),
    project,
    halfMinute.value,
  );
  const { agents_today = [], agents_left_out = 0 } = answer.value ?? {};
  return (
    <section>
      <h2 id="today">Claims that ended today (UTC)</h2>
      <Problem>{problem}</Problem>
      {answer.value !== null && agents_today.length === 0 && <p>None yet.</p>}
      {agents_today.length > 0 && (
        <table aria-labelledby="today">
          <TableHead titles={['Agent', 'Attempts', 'Tokens', 'Cost']} />
          <tbody>
            {agents_today.map(({ agent_id, attempts, input_tokens, output_tokens, cost_micro_usd }) => (
              <tr key={agent_id}>
                <th scope="row" dir="auto">
                  {agent_id}
                </th>
                <td>{attempts}</td>
                <td>{(input_tokens + output_tokens).toLocaleString()}</td>
                <td>{cost(cost_micro_usd)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {agents_left_out > 0 && <p>{many(agents_left_out, 'agent')} with a lower cost are left out.</p>}
    </section>
  );
}

function Row({ agent, task }: { agent: string; task: Held }) {
  const { task_id, lease_expires_at, last_heartbeat_at, attempt, max_attempts, progress, usage } = task;
  const left = lease_expires_at === null ? 0 : Date.parse(lease_expires_at) - now.value;
  return (
    <tr>
      <th scope="row" dir="auto">
        {agent}
      </th>
      <td>
        <TaskLink id={task_id} />
      </td>
      <td class={left > 0 ? '' : 'problem'}>{left > 0 ? `${duration(left)} left` : 'expired'}</td>
      <td>{last_heartbeat_at !== null && ago(last_heartbeat_at, now.value)}</td>
      <td>
        {attempt} of {max_attempts}
      </td>
      <td dir="auto">
        {progress?.percent != null && `${progress.percent} % `}
        {progress?.note}
      </td>
      <td>
        {usage != null && many((usage.input_tokens ?? 0) + (usage.output_tokens ?? 0), 'token')}
        {usage?.cost_micro_usd != null && `, ${cost(usage.cost_micro_usd)}`}
      </td>
      <td>
        {may('write', 'admin') && (
          <button type="button" onClick={() => void endClaim(task_id)}>
            End the claim on {task_id}
          </button>
        )}
      </td>
    </tr>
  );
}
