/** The charts as inline SVG, in the pixels of their place. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { bars, grouped, shortDay, STACK, STATUSES, workload } from "../../widget/peer/model.js";

const MARGIN = { left: 40, right: 8, top: 8, bottom: 24 };
const NAMES = 96;
const LINES = 4;
const ROW = 28;

const fill = (name) => ({ fill: `var(--${name})` });
const label = { ...fill("text-muted"), fontSize: "11px" };

/** A round number that is not below `max`, in steps of a line each. */
function ceiling(max) {
  const step = 10 ** Math.floor(Math.log10(Math.max(1, max / LINES)));
  return Math.ceil(Math.max(1, max) / LINES / step) * step * LINES;
}

/** Grid lines with their numbers, and under them the names of some columns. */
function Axes({ width, height, top, names, right = MARGIN.right, isPoints = false }) {
  const y = (value) => height - MARGIN.bottom - (value / top) * (height - MARGIN.top - MARGIN.bottom);
  const column = (width - MARGIN.left - right) / Math.max(1, names.length - (isPoints ? 1 : 0));
  const every = Math.ceil(56 / column);
  const lines = Array.from({ length: LINES + 1 }, (_, line) => (top / LINES) * line);
  return (
    <>
      {lines.map((value) => (
        <g key={value}>
          <line x1={MARGIN.left} x2={width - right} y1={y(value)} y2={y(value)} style={{ stroke: "var(--chart-grid)" }} />
          <text x={MARGIN.left - 6} y={y(value) + 4} text-anchor="end" style={label}>{grouped(value)}</text>
        </g>
      ))}
      {names.map((name, index) => index % every === 0 && (
        <text key={name} x={MARGIN.left + (index + (isPoints ? 0 : 0.5)) * column} y={height - 6} text-anchor="middle" style={label}>{name}</text>
      ))}
    </>
  );
}

function Areas({ dashboard: { status_over_time: { points } }, width, height }) {
  const top = ceiling(Math.max(...points.map((point) => STACK.reduce((sum, status) => sum + point[status], 0))));
  const x = (index) => MARGIN.left + (index / Math.max(1, points.length - 1)) * (width - MARGIN.left - NAMES);
  const y = (value) => height - MARGIN.bottom - (value / top) * (height - MARGIN.top - MARGIN.bottom);
  let foot = points.map(() => 0);
  const areas = STACK.map((status) => {
    const head = foot.map((value, index) => value + points[index][status]);
    const edge = (values) => values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
    const area = { status, outline: [...edge(head), ...edge(foot).reverse()].join(" ") };
    foot = head;
    return area;
  });
  return (
    <>
      <Axes width={width} height={height} top={top} names={points.map(({ date }) => shortDay(date))} right={NAMES} isPoints />
      {areas.map(({ status, outline }, index) => (
        <g key={status} style={fill(`status-${status.replace("_", "-")}`)}>
          <polygon points={outline} />
          <rect x={width - NAMES + 6} y={height - MARGIN.bottom - (index + 1) * 20} width="8" height="8" />
          <text x={width - NAMES + 20} y={height - MARGIN.bottom - (index + 1) * 20 + 8} style={label}>{STATUSES[status]}</text>
        </g>
      ))}
    </>
  );
}

function Bars({ rows, width, height }) {
  const top = ceiling(Math.max(...rows.map(([, tasks]) => tasks)));
  const column = (width - MARGIN.left - MARGIN.right) / rows.length;
  return (
    <>
      <Axes width={width} height={height} top={top} names={rows.map(([name]) => name)} />
      {rows.map(([name, tasks], index) => {
        const high = (tasks / top) * (height - MARGIN.top - MARGIN.bottom);
        return <rect key={name} x={MARGIN.left + (index + 0.15) * column} y={height - MARGIN.bottom - high} width={0.7 * column} height={high} style={fill("chart-accent")} />;
      })}
    </>
  );
}

function People({ dashboard, width }) {
  const rows = workload(dashboard);
  const scale = (width - 2 * NAMES) / Math.max(1, ...rows.map(([, open, late]) => open + late));
  return rows.map(([name, open, late], index) => (
    <g key={name} transform={`translate(0 ${index * ROW})`}>
      <text x={NAMES + 24} y="18" text-anchor="end" style={label}>{name}</text>
      <rect x={NAMES + 32} y="6" width={open * scale} height="16" style={fill("chart-accent")} />
      <rect x={NAMES + 32 + open * scale} y="6" width={late * scale} height="16" style={fill("chart-overdue")} />
      <text x={NAMES + 38 + (open + late) * scale} y="18" style={label}>{grouped(open + late)}</text>
    </g>
  ));
}

/** A chart of the overview, as large as its place. */
export function Chart({ slug, dashboard }) {
  const place = useRef(null);
  const [size, setSize] = useState(null);
  useLayoutEffect(() => {
    const measure = () => setSize({ width: place.current.clientWidth, height: place.current.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  const props = { ...size, dashboard };
  return (
    <div className="plot" data-chart={slug} style={{ "--rows": workload(dashboard).length }} ref={place}>
      {size && (
        <svg className="plot__canvas" role="img" aria-labelledby={slug}>
          {slug === "status-over-time" ? <Areas {...props} /> : slug === "workload" ? <People {...props} /> : <Bars {...props} rows={bars[slug](dashboard)} />}
        </svg>
      )}
    </div>
  );
}

/** The last weeks of a number. */
export function Trend({ values }) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const points = values.map((value, index) => `${index},${1 - (value - low) / (high - low || 1)}`).join(" ");
  return (
    <svg className="plot__canvas" aria-hidden="true" viewBox={`0 -0.1 ${values.length - 1} 1.2`} preserveAspectRatio="none">
      <polyline points={points} style={{ fill: "none", stroke: "var(--chart-accent)", strokeWidth: 1.5, vectorEffect: "non-scaling-stroke" }} />
    </svg>
  );
}
