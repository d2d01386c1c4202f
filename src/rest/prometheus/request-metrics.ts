import { DURATION_BUCKETS, type RequestTotals, type RouteTotals } from '../../http/request-counters.ts';
import { type Metric, type Sample, toNumber } from './exposition.ts';

const BUCKETS = DURATION_BUCKETS.map(toNumber);

/** Presents what one process has counted; a route has samples from its first request on. */
export function requestMetrics({ since, routes }: RequestTotals): Metric[] {
  return [
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      help: 'When this process began to count requests, in seconds since the epoch.',
      samples: [{ labels: {}, value: since }],
    },
    {
      name: 'http_requests_total',
      type: 'counter',
      help: 'Requests that were answered.',
      samples: routes.flatMap((route) => counted(route, 'status_class', route.by_status_class)),
    },
    {
      name: 'http_request_errors_total',
      type: 'counter',
      help: 'Answers with an error, by its code; those of tools over MCP, too.',
      samples: routes.flatMap((route) => counted(route, 'code', route.by_code)),
    },
    {
      name: 'http_request_duration_seconds',
      type: 'histogram',
      help: 'Time until an answer was made, the wait that the client asked for included.',
      samples: routes.flatMap(histogram),
    },
  ];
}

function counted(
  { method, route }: RouteTotals,
  label: string,
  counts: ReadonlyMap<string, number>,
): Sample[] {
  return [...counts].map(([key, value]) => ({ labels: { method, route, [label]: key }, value }));
}

function histogram({ method, route, durations, duration_seconds }: RouteTotals): Sample[] {
  const labels = { method, route };
  return [
    ...BUCKETS.map((le, index) => ({
      suffix: '_bucket',
      labels: { ...labels, le },
      value: durations[index] ?? 0,
    })),
    { suffix: '_sum', labels, value: duration_seconds },
    { suffix: '_count', labels, value: durations.at(-1) ?? 0 },
  ];
}
