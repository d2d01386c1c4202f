import type { ObserveRequest, RequestFigures } from './request-figures.ts';

/** The part of Workers Analytics Engine's binding that is used. */
export type DataPoints = Pick<AnalyticsEngineDataset, 'writeDataPoint'>;

/** What each place of a data point holds: the columns `blob1`, `blob2` and so on. docs/operations.md has them, too. */
export const BLOBS = ['route', 'method', 'status_class', 'code', 'tool'] as const;
/** The columns `double1`, `double2` and `double3`. */
export const DOUBLES = ['duration_ms', 'database_ms', 'statements'] as const;

/**
 * Writes one data point for each request. Points are sampled by their index, so each route is sampled apart
 * (developers.cloudflare.com/analytics/analytics-engine/sampling). A binding that fails fails no request.
 */
export function dataPointWriter(binding: DataPoints): ObserveRequest {
  return (figures) => {
    try {
      binding.writeDataPoint(dataPointOf(figures));
    } catch {
      // The answer is made; nobody else can do anything about it.
    }
  };
}

function dataPointOf(figures: RequestFigures): AnalyticsEngineDataPoint {
  return {
    indexes: [figures.route],
    blobs: BLOBS.map((name) => figures[name] ?? ''),
    doubles: DOUBLES.map((name) => figures[name]),
  };
}
