import { graphlib, layout } from '@dagrejs/dagre';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The middle of each node, by its id. */
  readonly nodes: ReadonlyMap<string, Point>;
  /** The bends of each edge, in the order in which they were given. */
  readonly edges: readonly (readonly Point[])[];
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Lays nodes out in layers from left to right, so that what is needed stands before what needs it. */
export function layOut(
  ids: readonly string[],
  edges: readonly (readonly [from: string, to: string])[],
  size: Size,
): Layout {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 16, ranksep: 60, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of ids) graph.setNode(id, { ...size });
  for (const [from, to] of edges) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    nodes: new Map(ids.map((id) => [id, pointOf(graph.node(id))])),
    edges: edges.map(([from, to]) => graph.edge(from, to).points?.map(pointOf) ?? []),
  };
}

const pointOf = ({ x = 0, y = 0 }: { x?: number; y?: number }): Point => ({ x, y });
