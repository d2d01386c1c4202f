import type { StatusMetrics } from '../../domain/metrics.ts';
import { type AppContext, callerOf } from '../../http/context.ts';
import { EXPOSITION_TYPE, toExposition } from './exposition.ts';
import { requestMetrics } from './request-metrics.ts';
import { taskMetrics } from './task-metrics.ts';

/** Writes the output of read_metrics for Prometheus, and the requests for whoever may see every project. */
export function toMetricsAnswer(output: unknown, c: AppContext): Response {
  // The route table uses this function for read_metrics only.
  const { counted } = output as { readonly counted: readonly StatusMetrics[] };
  const totals = callerOf(c).projects === '*' ? c.get('requestTotals')?.() : undefined;
  const metrics = [...taskMetrics(counted), ...(totals === undefined ? [] : requestMetrics(totals))];
  return c.text(toExposition(metrics), 200, { 'Content-Type': EXPOSITION_TYPE });
}
