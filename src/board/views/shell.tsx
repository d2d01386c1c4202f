import { useEffect } from 'preact/hooks';
import { Drawer } from '../drawer/drawer.tsx';
import { AddTask } from '../levers/add-task.tsx';
import { Pause } from '../levers/pause.tsx';
import { go, NO_FILTER, place, viewOf } from '../place/place.ts';
import { VIEWS, type View } from '../place/views.ts';
import { may, type Session, signOut } from '../session/session.ts';
import { isLive, keepLive } from '../tasks/live.ts';
import { AgentsView } from './agents-view.tsx';
import { ChartsView } from './charts-view.tsx';
import { Fold } from './fold.tsx';
import { GraphView } from './graph-view.tsx';
import { ProjectView } from './project-view.tsx';

const TITLES: Readonly<Record<View, string>> = {
  tasks: 'Tasks',
  graph: 'Graph',
  agents: 'Agents',
  charts: 'Charts',
};

const SHOWN: Readonly<Record<View, () => preact.JSX.Element>> = {
  tasks: ProjectView,
  graph: GraphView,
  agents: AgentsView,
  charts: ChartsView,
};

/** The board of somebody who has signed in. */
export function Shell({ session }: { session: Session }) {
  const at = place.value;
  const view = viewOf(at);
  const [only, ...others] = session.projects;
  useEffect(keepLive, []);
  useEffect(() => {
    // Where there is one project only, it is the one that is meant.
    if (at.project === '' && only !== undefined && others.length === 0)
      go({ project: only.project_id }, true);
  }, [at.project, only]);
  useEffect(() => {
    document.title = at.project === '' ? 'Task board' : `${at.project} · ${TITLES[view]} · Task board`;
  }, [at.project, view]);
  const View = SHOWN[view];
  return (
    <>
      <header class="bar">
        <h1>Task board</h1>
        <ProjectChoice session={session} />
        <nav aria-label="Views">
          {VIEWS.map((name) => (
            <button
              key={name}
              type="button"
              aria-current={name === view ? 'page' : undefined}
              onClick={() => go({ view: name })}
            >
              {TITLES[name]}
            </button>
          ))}
        </nav>
        {at.project !== '' && <Live />}
        <span class="spring" />
        <Fold label="More">
          {at.project !== '' && may('write') && <AddTask />}
          {at.project !== '' && may('admin') && <Pause session={session} />}
          <span class="who" title={`Scopes: ${session.credential.scopes.join(', ')}`}>
            {session.credential.name}
          </span>
          <button type="button" onClick={() => signOut()}>
            Sign out
          </button>
        </Fold>
      </header>
      {at.project === '' ? <Projects session={session} /> : <View />}
      {at.project !== '' && at.task !== '' && <Drawer key={at.task} taskId={at.task} />}
    </>
  );
}

function ProjectChoice({ session }: { session: Session }) {
  const chosen = place.value.project;
  const known = session.projects.map(({ project_id }) => project_id);
  const names = chosen === '' || known.includes(chosen) ? known : [chosen, ...known];
  return (
    <select
      aria-label="Project"
      value={chosen}
      onChange={(event) => go({ ...NO_FILTER, project: event.currentTarget.value, task: '' })}
    >
      <option value="">Choose a project</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Live() {
  return (
    <span class={isLive.value ? 'live' : 'live lost'} role="status">
      {isLive.value ? '● live' : '◌ not live: connecting'}
    </span>
  );
}

function Projects({ session }: { session: Session }) {
  return (
    <main class="page">
      <h2>Projects</h2>
      {session.projects.length === 0 && (
        <p>No project has a task yet. Add one over the API, or run the demo.</p>
      )}
      <ul class="projects">
        {session.projects.map(({ project_id, paused }) => (
          <li key={project_id}>
            <button type="button" onClick={() => go({ project: project_id })}>
              {project_id}
            </button>
            {paused !== null && <span class="paused">paused: {paused.reason}</span>}
          </li>
        ))}
      </ul>
    </main>
  );
}
