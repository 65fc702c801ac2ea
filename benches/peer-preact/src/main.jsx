/** The widget's overview by Preact and inline SVG. */

import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { createUseOverview } from "../../widget/peer/overview.js";
import { Page, TaskTable } from "../../widget/peer/parts.jsx";
import { Chart, Trend } from "./charts.jsx";

const ROW = 44;
/** Rows that are drawn: those in sight, and a few around them. */
const DRAWN = 32;
const AROUND = 8;

const useOverview = createUseOverview({ useState, useEffect, useRef });

function Table({ overview }) {
  const [first, setFirst] = useState(0);
  const { items } = overview.tasks;
  const onScroll = ({ currentTarget: { scrollTop } }) => {
    const next = Math.max(0, Math.floor(scrollTop / ROW / AROUND) * AROUND - AROUND);
    setFirst(next);
    if (next + 2 * DRAWN > items.length) overview.more();
  };
  return (
    <div id="rows" className="rows" role="region" tabIndex={0} aria-label="Table: Tasks" onScroll={onScroll}>
      <TaskTable overview={overview} first={first} rows={items.slice(first, first + DRAWN)} />
    </div>
  );
}

function App() {
  const overview = useOverview();
  if (!overview.dashboard || !overview.tasks) return null;
  return <Page overview={overview} Chart={Chart} Trend={Trend} Table={Table} />;
}

render(<App />, document.querySelector("#root"));
