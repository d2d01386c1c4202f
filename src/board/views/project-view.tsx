import { useEffect, useRef } from 'preact/hooks';
import { place } from '../place/place.ts';
import { session } from '../session/session.ts';
import { columns } from '../tasks/lists.ts';
import { written } from '../text/words.ts';
import { ColumnView } from './column-view.tsx';
import { Filters } from './filters.tsx';
import { shownColumn } from './focus.ts';

/** The columns of a project, with what narrows them down. */
export function ProjectView() {
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const toSearch = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.target !== document.body) return;
      event.preventDefault();
      search.current?.focus();
    };
    addEventListener('keydown', toSearch);
    return () => removeEventListener('keydown', toSearch);
  }, []);
  const dense = place.value.density === 'dense' ? ' dense' : '';
  return (
    <main class="project">
      <Paused />
      <Filters search={search} />
      <nav class="tabs" aria-label="Columns">
        {columns.value.map(({ column, list }) => (
          <button
            key={column.id}
            type="button"
            aria-pressed={shownColumn.value === column.id}
            onClick={() => {
              shownColumn.value = column.id;
            }}
          >
            <span aria-hidden="true">{column.mark}</span> {column.title} {list.total.value?.count ?? ''}
          </button>
        ))}
      </nav>
      <div class={`columns${dense}`}>
        {columns.value.map((shown) => (
          <ColumnView key={shown.column.id} {...shown} />
        ))}
      </div>
    </main>
  );
}

function Paused() {
  const paused = session.value?.projects.find(({ project_id }) => project_id === place.value.project)?.paused;
  if (paused == null) return null;
  return (
    <p class="banner" role="status">
      The project is paused, so agents get no task
      {paused.until === null ? '' : ` until ${written(paused.until)}`}:{' '}
      <span dir="auto">{paused.reason}</span>
    </p>
  );
}
