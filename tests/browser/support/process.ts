/** Programs under test: started, listened to, stopped. */

import { spawn, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** The suite's own environment without what it says to the suite: a program takes ORIEL_… for its own. */
function environment(more: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("ORIEL_"));
  return { ...Object.fromEntries(own), ...more };
}

/** A program that runs, with everything that it ever printed. */
export class Running {
  readonly #child: ChildProcess;
  readonly #name: string;
  #output = "";
  #exited = false;

  constructor(name: string, file: string, args: string[], env: Record<string, string>) {
    this.#name = name;
    this.#child = spawn(file, args, { env: environment(env), stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (this.#output += text));
    }
    this.#child.once("exit", () => (this.#exited = true));
  }

  /** Both streams so far. */
  get output(): string {
    return this.#output;
  }

  /** Waits until `url` answers 200, or says what the program printed instead. */
  async answers(url: string): Promise<void> {
    const until = Date.now() + 30_000;
    for (;;) {
      const status = await fetch(url).then((response) => response.status, () => 0);
      if (status === 200) return;
      if (this.#exited || Date.now() > until) throw new Error(`${this.#name} does not answer at ${url}:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async stop(): Promise<void> {
    if (this.#exited) return;
    this.#child.kill("SIGINT");
    const killer = setTimeout(() => this.#child.kill("SIGKILL"), 5_000);
    await once(this.#child, "exit");
    clearTimeout(killer);
  }
}

/** Runs a program to its end and gives what it printed on stdout. */
export async function run(file: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const child = spawn(file, args, { env: environment(env), stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
  return stdout.trim();
}

/** A port that was free a moment ago, of those that no connection of a browser takes for itself. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(() => true, () => false);
    server.close();
    if (isFree) return once(server, "close").then(() => port);
  }
}
