/** The charts by Chart.js: of it only what they need, and without its animations, which would only cost it time. */

import { BarController, BarElement, CategoryScale, Chart as ChartJs, Filler, LinearScale, LineController, LineElement, PointElement } from "chart.js";
import { useEffect, useRef } from "react";
import { bars, shortDay, STACK, STATUSES, workload } from "../../widget/peer/model.js";

ChartJs.register(BarController, BarElement, CategoryScale, Filler, LinearScale, LineController, LineElement, PointElement);
Object.assign(ChartJs.defaults, { animation: false, maintainAspectRatio: false });

const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);
const axes = (more) => ({ x: { grid: { display: false } }, y: { beginAtZero: true, grid: { color: ink("--chart-grid") } }, ...more });

const configs = {
  "status-over-time": ({ status_over_time: { points } }) => ({
    type: "line",
    data: {
      labels: points.map(({ date }) => shortDay(date)),
      datasets: STACK.map((status) => {
        const colour = ink(`--status-${status.replace("_", "-")}`);
        return { label: STATUSES[status], data: points.map((point) => point[status]), fill: true, backgroundColor: colour, borderColor: colour, pointRadius: 0 };
      }),
    },
    options: { scales: axes({ y: { beginAtZero: true, stacked: true } }) },
  }),
  throughput: (dashboard) => barChart(bars.throughput(dashboard)),
  "cycle-time": (dashboard) => barChart(bars["cycle-time"](dashboard)),
  workload(dashboard) {
    const rows = workload(dashboard);
    const set = (place, colour) => ({ data: rows.map((row) => row[place]), backgroundColor: ink(colour) });
    return {
      type: "bar",
      data: { labels: rows.map(([name]) => name), datasets: [set(1, "--chart-accent"), set(2, "--chart-overdue")] },
      options: { indexAxis: "y", scales: { x: { stacked: true }, y: { stacked: true, grid: { display: false } } } },
    };
  },
};

const barChart = (rows) => ({
  type: "bar",
  data: { labels: rows.map(([name]) => name), datasets: [{ data: rows.map(([, tasks]) => tasks), backgroundColor: ink("--chart-accent") }] },
  options: { scales: axes() },
});

function useChart(config, of) {
  const canvas = useRef(null);
  useEffect(() => {
    const chart = new ChartJs(canvas.current, config());
    return () => chart.destroy();
  }, [of]);
  return canvas;
}

/** A chart of the overview in its place. */
export function Chart({ slug, dashboard }) {
  const canvas = useChart(() => configs[slug](dashboard), dashboard);
  return (
    <div className="plot" data-chart={slug} style={{ "--rows": workload(dashboard).length }}>
      <canvas className="plot__canvas" role="img" aria-labelledby={slug} ref={canvas} />
    </div>
  );
}

/** The last weeks of a number. */
export function Trend({ values }) {
  const config = () => ({
    type: "line",
    data: { labels: values, datasets: [{ data: values, borderColor: ink("--chart-accent"), borderWidth: 1.5, pointRadius: 0 }] },
    options: { scales: { x: { display: false }, y: { display: false } } },
  });
  return <canvas className="plot__canvas" aria-hidden="true" ref={useChart(config, values.join())} />;
}
