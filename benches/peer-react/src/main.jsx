/** The widget's overview by React, Chart.js and a virtual table. */

import "../../../widget/styles/index.css";
import { useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import { createUseOverview } from "../../widget/peer/overview.js";
import { Page } from "../../widget/peer/parts.jsx";
import { Chart, Trend } from "./charts.jsx";
import { Table } from "./table.jsx";

const useOverview = createUseOverview({ useState, useEffect, useRef });

function App() {
  const overview = useOverview();
  if (!overview.dashboard || !overview.tasks) return null;
  return <Page overview={overview} Chart={Chart} Trend={Trend} Table={Table} />;
}

createRoot(document.querySelector("#root")).render(<App />);
