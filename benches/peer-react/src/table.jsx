import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { TaskTable } from "../../widget/peer/parts.jsx";

const ROW = 44;
/** The next page is asked for when so few rows are left. */
const AHEAD = 25;

/** Only the rows in sight, and a few around them. */
export function Table({ overview }) {
  const area = useRef(null);
  const { items } = overview.tasks;
  const rows = useVirtualizer({ count: items.length, getScrollElement: () => area.current, estimateSize: () => ROW, overscan: 8 }).getVirtualItems();
  const [first, last] = [rows[0]?.index ?? 0, rows.at(-1)?.index ?? -1];
  const isNearTheEnd = last >= 0 && last + AHEAD > items.length;
  useEffect(() => void (isNearTheEnd && area.current.scrollTop > 0 && overview.more()), [isNearTheEnd, items.length]);
  return (
    <div id="rows" className="rows" role="region" tabIndex={0} aria-label="Table: Tasks" ref={area}>
      <TaskTable overview={overview} first={first} rows={items.slice(first, last + 1)} />
    </div>
  );
}
