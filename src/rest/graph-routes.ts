import { depthText } from './query-texts.ts';
import type { Row } from './row.ts';
import { row } from './typed-row.ts';

/** The rows of the graph. */
export const GRAPH_ROUTES: readonly Row[] = [
  row({
    operation: 'put_need',
    method: 'put',
    path: '/tasks/{task_id}/needs/{need}',
    query: ['project'],
    names: { id: 'putNeed', tag: 'graph', answer: 'NeedAnswer', body: 'NeedRequest' },
  }),
  row({
    operation: 'delete_need',
    method: 'delete',
    path: '/tasks/{task_id}/needs/{need}',
    query: ['project'],
    names: { id: 'deleteNeed', tag: 'graph', answer: 'NeedAnswer' },
  }),
  row({
    operation: 'explain_task',
    method: 'get',
    path: '/tasks/{task_id}/explain',
    query: ['project'],
    names: { id: 'explainTask', tag: 'graph', answer: 'ExplainAnswer' },
  }),
  row({
    operation: 'provide_artifact',
    method: 'put',
    path: '/artifacts/{name}',
    query: ['project'],
    names: { id: 'provideArtifact', tag: 'graph', answer: 'ArtifactAnswer', body: 'ArtifactRequest' },
  }),
  row({
    operation: 'read_graph',
    method: 'get',
    path: '/graph',
    query: ['project', 'task', 'depth'],
    texts: { depth: depthText },
    names: { id: 'getGraph', tag: 'graph', answer: 'GraphAnswer' },
  }),
];
