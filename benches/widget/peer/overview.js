/** The overview's state, on the hooks of whichever library renders it. */

import { paths, read, take } from "./session.js";

/** Makes the hook that holds what is asked and what was answered. */
export function createUseOverview({ useState, useEffect, useRef }) {
  /** The answer of a path; the last one stays until the next is there. */
  function useRead(path) {
    const [answer, set] = useState({});
    useEffect(() => {
      let isWanted = true;
      take(path).then((value) => isWanted && set({ path, value }));
      return () => void (isWanted = false);
    }, [path]);
    return [answer, set];
  }

  return function useOverview() {
    const [question, ask] = useState({ sort: "", statuses: [] });
    const asked = paths(question);
    const [dashboard] = useRead(asked.dashboard);
    const [tasks, setTasks] = useRead(asked.tasks);
    const isReading = useRef(false);

    /** Appends the next page. */
    async function more() {
      const cursor = tasks.value?.next_cursor;
      if (!cursor || isReading.current) return;
      isReading.current = true;
      const page = await read(`${tasks.path}&cursor=${encodeURIComponent(cursor)}`);
      isReading.current = false;
      setTasks((now) => (now.path === tasks.path ? { ...now, value: { ...page, items: [...now.value.items, ...page.items] } } : now));
    }

    return { question, ask, dashboard: dashboard.value, tasks: tasks.value, isBusy: tasks.path !== asked.tasks, more };
  };
}
