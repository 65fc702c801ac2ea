/** One cold visit of a host page: how long until all is painted, sorted, filtered, and the memory that it took. */

import { readFileSync } from "node:fs";
import { Chromium } from "./chromium.mjs";

const LIMIT_MS = 120_000;
const BINDING = "oriel_bench_painted";
const probe = readFileSync(new URL("probe.js", import.meta.url), "utf8");

/** A line of 1.6 Mbit/s with 150 ms, and a processor that is four times as slow. */
export const SLOW = { rate: 4, latency: 150, bytesPerSecond: 1_600_000 / 8 };

/** Milliseconds and bytes of one visit with a fresh profile; memory is null where it cannot be had. */
export async function visit(program, url, slowness) {
  const chromium = await Chromium.launch(program);
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing was painted within ${LIMIT_MS / 1000} s at ${url}`)), LIMIT_MS);
  });
  try {
    return await Promise.race([measure(chromium, url, slowness), late]);
  } finally {
    clearTimeout(timer);
    await chromium.close();
  }
}

async function measure(chromium, url, slowness) {
  const { targetId } = await chromium.send("Target.createTarget", { url: "about:blank" });
  const { sessionId: page } = await chromium.send("Target.attachToTarget", { targetId, flatten: true });
  const painted = watch(chromium, slowness);
  await prepare(chromium, page, slowness);
  await chromium.send("Page.navigate", { url }, page);

  const { frame, at } = await painted;
  const evaluate = async (expression, session) => {
    const { result, exceptionDetails } = await chromium.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }, session);
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    return result.value;
  };
  const start = await evaluate("performance.timeOrigin", page);
  const sort = await evaluate("oriel_bench.sort()", frame);
  const filter = await evaluate("oriel_bench.filter()", frame);
  return { paint: at - start, sort, filter, ...(await memory(chromium, frame)) };
}

/** Slows down and probes every frame of another origin before it runs, and tells when one is painted. */
function watch(chromium, slowness) {
  return new Promise((resolve, reject) => {
    chromium.listen((method, params, session) => {
      if (method === "Target.attachedToTarget" && params.targetInfo.type === "iframe") {
        prepare(chromium, params.sessionId, slowness, probe).catch(reject);
      } else if (method === "Runtime.bindingCalled" && params.name === BINDING) {
        resolve({ frame: session, at: Number(params.payload) });
      }
    });
  });
}

/** Commands of a session are carried out in the order that they are sent in; the last one lets it run. */
async function prepare(chromium, session, slowness, script) {
  const send = (method, params) => chromium.send(method, params, session);
  const sent = [send("Page.enable"), send("Runtime.enable"), send("Network.enable")];
  if (slowness) {
    const { rate, latency, bytesPerSecond } = slowness;
    sent.push(send("Emulation.setCPUThrottlingRate", { rate }));
    sent.push(send("Network.emulateNetworkConditions", { offline: false, latency, downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond }));
  }
  if (script) {
    sent.push(send("Runtime.addBinding", { name: BINDING }));
    sent.push(send("Page.addScriptToEvaluateOnNewDocument", { source: script }));
  }
  sent.push(send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }));
  sent.push(send("Runtime.runIfWaitingForDebugger"));
  await Promise.all(sent);
}

/** The frame's JavaScript heap, swept, and the memory that its process has to itself and its share of the rest. */
async function memory(chromium, frame) {
  await chromium.send("HeapProfiler.collectGarbage", {}, frame);
  const { usedSize } = await chromium.send("Runtime.getHeapUsage", {}, frame);
  const { processInfo } = await chromium.send("SystemInfo.getProcessInfo");
  // The frame's renderer is the largest: the host page and the spare one do nothing.
  const shares = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => share(id));
  const pss = Math.max(...shares.filter((bytes) => bytes !== null));
  return { heap: usedSize, pss: Number.isFinite(pss) ? pss : null };
}

function share(pid) {
  try {
    return 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]);
  } catch {
    return null;
  }
}
