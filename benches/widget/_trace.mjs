import { readFileSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { startFront, startHost } from "./servers.mjs";
import { Chromium } from "./chromium.mjs";
const [page, slow, tasks = "500", profileOut] = process.argv.slice(2);
const dir = `.oriel/bench-${tasks}`;
const facts = JSON.parse(readFileSync(`${dir}/sandbox.json`, "utf8"));
const [up, front, hostp] = [18080, 18081, 18082];
const oriel = spawn("target/release/oriel", ["--config", `${dir}/oriel.toml`, "serve"], { env: { ...process.env, ORIEL_LISTEN: `127.0.0.1:${up}`, ORIEL_PUBLIC_URL: `http://127.0.0.1:${front}`, ORIEL_LOG: "warn" }, stdio: "inherit" });
await new Promise((r) => setTimeout(r, 1500));
const origin = `http://127.0.0.1:${front}`;
const f = await startFront(front, up);
const { embed, client_id, client_secret } = facts;
const h = await startHost(hostp, origin, { embed, client_id, client_secret });
const probe = readFileSync(new URL("probe.js", import.meta.url), "utf8");
const SLOW = slow === "slow" ? { rate: 4, latency: 150, bytesPerSecond: 200_000 } : null;
async function one(last) {
  const chromium = await Chromium.launch("/usr/bin/chromium");
  const { targetId } = await chromium.send("Target.createTarget", { url: "about:blank" });
  const { sessionId: page_s } = await chromium.send("Target.attachToTarget", { targetId, flatten: true });
  const prepare = async (session, script) => {
    const send = (m, p) => chromium.send(m, p, session);
    const sent = [send("Page.enable"), send("Runtime.enable"), send("Network.enable")];
    if (SLOW) { sent.push(send("Emulation.setCPUThrottlingRate", { rate: SLOW.rate })); sent.push(send("Network.emulateNetworkConditions", { offline: false, latency: SLOW.latency, downloadThroughput: SLOW.bytesPerSecond, uploadThroughput: SLOW.bytesPerSecond })); }
    if (script) { sent.push(send("Runtime.addBinding", { name: "oriel_bench_painted" })); sent.push(send("Page.addScriptToEvaluateOnNewDocument", { source: script }));
      if (profileOut && last) { sent.push(send("Profiler.enable")); sent.push(send("Profiler.setSamplingInterval", { interval: 200 })); sent.push(send("Profiler.start")); } }
    sent.push(send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }));
    sent.push(send("Runtime.runIfWaitingForDebugger"));
    await Promise.all(sent);
  };
  const painted = new Promise((resolve) => chromium.listen((m, p, s) => {
    if (m === "Target.attachedToTarget" && p.targetInfo.type === "iframe") prepare(p.sessionId, probe);
    else if (m === "Runtime.bindingCalled") resolve({ frame: s, at: Number(p.payload) });
    else if (m === "Target.attachedToTarget") {}
  }));
  const traced = [];
  if (process.env.TRACE && last) { chromium.listen((m,p)=>{ if(m==="Tracing.dataCollected") traced.push(...p.value); });
   await chromium.send("Tracing.start",{transferMode:"ReportEvents",traceConfig:{includedCategories:["devtools.timeline","blink.user_timing","v8","disabled-by-default-devtools.timeline","loading"]}}); }
  await prepare(page_s);
  await chromium.send("Page.navigate", { url: `http://localhost:${hostp}/${page}` }, page_s);
  const { frame, at } = await painted;
  if (profileOut && last) { const { profile } = await chromium.send("Profiler.stop", {}, frame); writeFileSync(profileOut, JSON.stringify(profile)); }
  if (process.env.TRACE && last) { const done=new Promise(r=>chromium.listen(m=>m==="Tracing.tracingComplete"&&r())); await chromium.send("Tracing.end"); await done; writeFileSync(process.env.TRACE, JSON.stringify(traced)); }
  const ev = async (e, s) => (await chromium.send("Runtime.evaluate", { expression: e, awaitPromise: true, returnByValue: true }, s)).result.value;
  const start = await ev("performance.timeOrigin", page_s);
  const res = `({o:performance.timeOrigin, e:[...performance.getEntriesByType('navigation'),...performance.getEntriesByType('resource'),...performance.getEntriesByType('paint'),...performance.getEntriesByType('mark')].map(e=>({t:e.entryType,n:e.name.replace(/^.*:\\d+/,'').slice(0,60),s:e.startTime,q:e.requestStart,r:e.responseStart,d:e.responseEnd,x:e.transferSize,dcl:e.domContentLoadedEventEnd}))})`;
  for (const [name, s] of last ? [["host", page_s], ["frame", frame]] : []) {
    const { o, e } = await ev(res, s);
    console.log(`-- ${name} origin +${(o - start).toFixed(0)}`);
    for (const x of e) console.log(`${x.t.padEnd(11)} ${x.n.padEnd(60)} start ${(x.s + o - start).toFixed(0).padStart(5)} req ${x.q ? (x.q + o - start).toFixed(0).padStart(5) : ""} resp ${x.r ? (x.r + o - start).toFixed(0).padStart(5) : ""} end ${x.d ? (x.d + o - start).toFixed(0).padStart(5) : ""} ${x.x ?? ""}`);
  }
  await chromium.close();
  return at - start;
}
const n = Number(process.env.N ?? 5);
const all = [];
for (let i = 0; i < n; i++) all.push(await one(i === n - 1));
console.log(page, "painted", all.map((x) => x.toFixed(0)).join(" "), "median", all.sort((a, b) => a - b)[n >> 1].toFixed(0));
f.stop(); h.stop(); oriel.kill();
process.exit(0);
