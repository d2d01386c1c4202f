interface Props {
  readonly title: string;
  readonly bars: readonly (readonly [string, number])[];
  readonly written: (value: number) => string;
}

const WIDTH = 640;
const ROW = 22;
const NAMES = 200;
const VALUES = 90;

/** Bars, and the same as a table for those who cannot see them. */
export function BarChart({ title, bars, written }: Props) {
  const most = Math.max(1, ...bars.map(([, value]) => value));
  const room = WIDTH - NAMES - VALUES;
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      {bars.length === 0 && <p>Nothing to show</p>}
      <svg viewBox={`0 0 ${WIDTH} ${bars.length * ROW}`} aria-hidden="true">
        {bars.map(([name, value], row) => (
          <g key={name} transform={`translate(0 ${row * ROW})`}>
            <text x={NAMES - 8} y={ROW - 7} text-anchor="end">
              {name.length > 32 ? `${name.slice(0, 31)}…` : name}
            </text>
            <rect
              x={NAMES}
              y={3}
              height={ROW - 6}
              width={Math.max(value > 0 ? 2 : 0, (value / most) * room)}
            />
            <text x={NAMES + (value / most) * room + 6} y={ROW - 7}>
              {written(value)}
            </text>
          </g>
        ))}
      </svg>
      <details>
        <summary>As a table</summary>
        <table>
          <caption class="hidden">{title}</caption>
          <tbody>
            {bars.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{written(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
