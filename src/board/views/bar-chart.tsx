import { TableHead } from './table-head.tsx';

interface Props {
  readonly title: string;
  /** What the values of a row are, in their order. */
  readonly series: readonly string[];
  readonly rows: readonly (readonly [name: string, values: readonly (number | null)[]])[];
  readonly written: (value: number) => string;
}

const WIDTH = 640;
const ROW = 22;
const NAMES = 200;
const VALUES = 180;
const ROOM = WIDTH - NAMES - VALUES;

/** Bars, one for each series of a row, and the same as a table for those who cannot see them. */
export function BarChart({ title, series, rows, written }: Props) {
  const most = Math.max(1, ...rows.flatMap(([, values]) => values.map((value) => value ?? 0)));
  const told = (value: number | null) => (value === null ? '–' : written(value));
  const high = (ROW - 6) / series.length;
  const long = (value: number | null) => ((value ?? 0) / most) * ROOM;
  return (
    <figure class="chart">
      <figcaption>
        {title}
        {series.length > 1 &&
          series.map((name, at) => (
            <span key={name} class={`key s${at}`}>
              {name}
            </span>
          ))}
      </figcaption>
      {rows.length === 0 && <p>Nothing to show</p>}
      <svg viewBox={`0 0 ${WIDTH} ${rows.length * ROW}`} aria-hidden="true">
        {rows.map(([name, values], row) => (
          <g key={name} transform={`translate(0 ${row * ROW})`}>
            <text x={NAMES - 8} y={ROW - 7} text-anchor="end">
              {name.length > 26 ? `${name.slice(0, 25)}…` : name}
            </text>
            {values.map((value, at) => (
              <rect
                key={series[at]}
                class={`s${at}`}
                x={NAMES}
                y={3 + at * high}
                height={high}
                width={value === null || value === 0 ? 0 : Math.max(2, long(value))}
              />
            ))}
            <text x={NAMES + Math.max(...values.map(long)) + 6} y={ROW - 7}>
              {values.map(told).join(' / ')}
            </text>
          </g>
        ))}
      </svg>
      <details>
        <summary>As a table</summary>
        <table>
          <caption class="hidden">{title}</caption>
          <TableHead titles={['Row', ...series]} />
          <tbody>
            {rows.map(([name, values]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {values.map((value, at) => (
                  <td key={series[at]}>{told(value)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
