/** The frame's side of the token exchange, and the reads. The first two start as soon as there is a token. */

const token = new Promise((resolve) => {
  addEventListener("message", (event) => {
    if (event.source !== parent || event.data !== "connect") return;
    const [port] = event.ports;
    port.onmessage = ({ data }) => resolve(data.token);
    new ResizeObserver(() => port.postMessage({ height: document.documentElement.offsetHeight })).observe(document.documentElement);
  });
  parent.postMessage("hello", "*");
});

/** Reads a path of the API. */
export async function read(path) {
  const response = await fetch(path, { headers: { authorization: `Bearer ${await token}` }, credentials: "omit" });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

const range = new URLSearchParams(location.search).get("range") ?? "12w";

/** What a question asks for, as paths of the API. */
export const paths = ({ sort = "", statuses = [] }) => {
  const status = statuses.length ? `&status=${statuses.join(",")}` : "";
  return {
    dashboard: `/v1/embed/dashboard?range=${range}${status}`,
    tasks: `/v1/embed/tasks?limit=50${sort && `&sort=${sort}`}${status}`,
  };
};

/** The first question's answers, under way before anything renders. */
const early = new Map(Object.values(paths({})).map((path) => [path, read(path)]));

/** A read that was started early, once, or a new one. */
export function take(path) {
  const started = early.get(path);
  early.delete(path);
  return started ?? read(path);
}
