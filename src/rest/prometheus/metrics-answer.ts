import type { StatusMetrics } from '../../domain/metrics.ts';
import type { AppContext } from '../../http/context.ts';
import { EXPOSITION_TYPE, toExposition } from './exposition.ts';
import { taskMetrics } from './task-metrics.ts';

/** Writes the output of read_metrics for Prometheus. */
export function toMetricsAnswer(output: unknown, c: AppContext): Response {
  // The route table uses this function for read_metrics only.
  const { counted } = output as { readonly counted: readonly StatusMetrics[] };
  return c.text(toExposition(taskMetrics(counted)), 200, { 'Content-Type': EXPOSITION_TYPE });
}
