import { useEffect, useRef } from 'preact/hooks';
import type { GraphAnswer } from '../../../client/index.ts';
import { layoutOf } from '../graph/drawing.ts';
import type { Layout, Point } from '../graph/layout.ts';
import { go, place } from '../place/place.ts';
import { Answered } from '../session/answered.tsx';
import type { Calls } from '../session/session.ts';
import { useAnswer } from '../session/use-answer.ts';
import { columnOfStatus, markOf } from '../tasks/columns.ts';
import { changes } from '../tasks/lists.ts';
import { groupedBy } from '../text/grouped-by.ts';
import { many, spoken } from '../text/words.ts';

type Node = GraphAnswer['tasks'][number];
type Need = GraphAnswer['needs'][number];

interface Drawn {
  readonly graph: GraphAnswer;
  readonly layout: Layout;
}

const SIZE = { width: 170, height: 44 };
const SHOWN_CHARACTERS = 24;

/** The column in which a task stands, which has a mark as well as a colour. */
function standing({ status, stuck_needs, unmet_needs }: Node): string {
  if (status !== 'pending' || unmet_needs === 0) return columnOfStatus(status);
  return stuck_needs > 0 ? 'stuck' : 'blocked';
}

async function draw(client: Calls, project: string, task: string): Promise<Drawn> {
  const graph = await client.getGraph({ project, ...(task === '' ? {} : { task }) });
  return { graph, layout: await layoutOf(graph, SIZE) };
}

/** What needs what: around the task that is open, or of the whole project. */
export function GraphView() {
  const { project, task } = place.value;
  const { answer, problem } = useAnswer(
    (client) => draw(client, project, task),
    `${project}/${task}`,
    changes.value,
  );
  return (
    <main class="page graph">
      <h2>{task === '' ? `The graph of ${project}` : `What lies around ${task}`}</h2>
      {task !== '' && (
        <button type="button" onClick={() => go({ task: '' })}>
          Show the whole project
        </button>
      )}
      <Answered answer={answer} problem={problem}>
        {(drawn) => <Drawing key={task} {...drawn} about={task} />}
      </Answered>
    </main>
  );
}

/** The middle of the task that the graph is about, or else of the first one in the order of work. */
function beginningOf({ nodes }: Layout, about: string): Point {
  const [first = { x: 0, y: 0 }] = [...nodes.values()].sort(
    (one, other) => one.x - other.x || one.y - other.y,
  );
  return nodes.get(about) ?? first;
}

function Drawing({ graph, layout, about }: Drawn & { about: string }) {
  const box = useRef<HTMLElement>(null);
  // A graph of many tasks is empty in its corner.
  useEffect(() => {
    const { x, y } = beginningOf(layout, about);
    const { clientWidth = 0, clientHeight = 0 } = box.current ?? {};
    box.current?.scrollTo(x - clientWidth / 2, y - clientHeight / 2);
  }, []);
  const { tasks, needs, is_whole } = graph;
  if (tasks.length === 0) return <p>No task of this project needs another.</p>;
  return (
    <>
      <p>
        {many(tasks.length, 'task')}, {many(needs.length, 'need')}
        {!is_whole && '. There are more: open a task to see what lies around it'}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <section ref={box} class="scroll" aria-label="Graph" tabIndex={0}>
        <svg width={layout.width} height={layout.height}>
          <title>Tasks and their needs</title>
          {needs.map((need, index) => (
            <Edge
              key={`${need.task_id} ${need.kind} ${need.need}`}
              need={need}
              points={layout.edges[index]}
            />
          ))}
          {tasks.map((task) => (
            <NodeView key={task.task_id} task={task} at={layout.nodes.get(task.task_id)} />
          ))}
        </svg>
      </section>
      <details>
        <summary>As a table</summary>
        <Table tasks={tasks} needs={needs} />
      </details>
    </>
  );
}

function Edge({ need, points = [] }: { need: Need; points: readonly Point[] | undefined }) {
  const path = points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  return <path class={`edge ${need.state}`} d={path} />;
}

function NodeView({ task, at }: { task: Node; at: Point | undefined }) {
  const name = standing(task);
  const mark = markOf(name);
  const text = [...task.description].slice(0, SHOWN_CHARACTERS).join('');
  const open = () => go({ task: task.task_id });
  if (at === undefined) return null;
  return (
    // An SVG has no button of its own.
    // biome-ignore lint/a11y/useSemanticElements: see above
    <g
      class={`node ${name}`}
      transform={`translate(${at.x - SIZE.width / 2} ${at.y - SIZE.height / 2})`}
      role="button"
      tabIndex={0}
      aria-label={`${mark} ${task.task_id} ${text}, ${spoken(name)}`}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') open();
      }}
    >
      <rect width={SIZE.width} height={SIZE.height} rx={5} />
      <text x={8} y={18}>
        {`${mark} ${task.task_id} `}
      </text>
      <text class="small" x={8} y={35}>
        {text}
      </text>
    </g>
  );
}

function Table({ tasks, needs }: Pick<GraphAnswer, 'tasks' | 'needs'>) {
  const byTask = groupedBy(needs, ({ task_id }) => task_id);
  return (
    <table>
      <tbody>
        {tasks.map((task) => (
          <tr key={task.task_id}>
            <th scope="row">{task.task_id}</th>
            <td>{spoken(standing(task))}</td>
            <td>
              {byTask
                .get(task.task_id)
                ?.map(({ parent, state }) => `${parent} (${state})`)
                .join(', ') ?? 'needs nothing'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
