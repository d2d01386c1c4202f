import { daysText } from './query-texts.ts';
import type { Row } from './row.ts';
import { row } from './typed-row.ts';

/** The rows of projects as a whole. */
export const PROJECT_ROUTES: readonly Row[] = [
  row({
    operation: 'list_projects',
    method: 'get',
    path: '/projects',
    query: [],
    names: { id: 'listProjects', tag: 'projects', answer: 'ProjectsAnswer' },
  }),
  row({
    operation: 'get_project',
    method: 'get',
    path: '/projects/{project_id}',
    query: [],
    names: { id: 'getProject', tag: 'projects', answer: 'ProjectAnswer' },
  }),
  row({
    operation: 'put_project',
    method: 'put',
    path: '/projects/{project_id}',
    query: [],
    names: { id: 'putProject', tag: 'projects', answer: 'PutProjectAnswer', body: 'ProjectRequest' },
  }),
  row({
    operation: 'read_statistics',
    method: 'get',
    path: '/statistics',
    query: ['project', 'days'],
    texts: { days: daysText },
    names: { id: 'getStatistics', tag: 'projects', answer: 'StatisticsAnswer' },
  }),
  row({
    operation: 'export_project',
    method: 'get',
    path: '/export',
    query: ['project', 'cursor'],
    names: { id: 'exportProject', tag: 'projects', text: 'application/x-ndjson' },
    serve: async (asked) => (await import('./export/serve-export.ts')).serveExport(asked),
  }),
  row({
    operation: 'import_lines',
    method: 'post',
    path: '/import',
    query: [],
    names: { id: 'importLines', tag: 'projects', answer: 'ImportAnswer', body: 'ImportRequest' },
  }),
];
