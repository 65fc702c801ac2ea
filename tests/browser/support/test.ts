/** The suite's `test`: one running system, and a witness on every page. */

import { expect, test as base, type ConsoleMessage, type Frame, type FrameLocator, type Page } from "@playwright/test";
import { System } from "./system.ts";

/** What a page's browser complained about, and where it went. */
export class Witness {
  readonly complaints: string[] = [];
  readonly urls: string[] = [];
  readonly #events: string[] = [];
  readonly #refreshes: string[] = [];

  constructor(page: Page) {
    page.on("console", (message: ConsoleMessage) => {
      if (message.type() === "error" || message.type() === "warning") this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("request", (request) => this.urls.push(request.url()));
  }

  /** Events of dashboards, in order: `ready`, or an error's code. */
  get events(): readonly string[] {
    return this.#events;
  }

  /** How tokens were renewed after the first, in order: `ok`, or a failure's code. */
  get refreshes(): readonly string[] {
    return this.#refreshes;
  }

  /** Collects the events of every document that `page` shows from now on. */
  async listen(page: Page): Promise<void> {
    await page.exposeFunction("orielSuiteEvent", (event: string) => this.#events.push(event));
    await page.exposeFunction("orielSuiteRefresh", (outcome: string) => this.#refreshes.push(outcome));
    await page.addInitScript(() => {
      const { orielSuiteEvent: tell, orielSuiteRefresh: refresh } = window as unknown as Record<string, ((what: string) => void) | undefined>;
      if (window !== window.top || !tell || !refresh) return;
      document.addEventListener("oriel-token-refresh", (event) => refresh((event as CustomEvent<{ code?: string }>).detail.code ?? "ok"));
      document.addEventListener("oriel-ready", () => tell("ready"));
      document.addEventListener("oriel-error", (event) => tell((event as CustomEvent<{ code: string }>).detail.code));
    });
  }

  /** Waits until dashboards have told exactly this. */
  async told(...events: string[]): Promise<void> {
    await expect.poll(() => this.events).toEqual(events);
  }
}

export const test = base.extend<{ witness: Witness }, { system: System }>({
  system: [
    async ({}, use) => {
      const system = await System.start();
      await use(system);
      await system.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  witness: [
    async ({ page }, use) => {
      const witness = new Witness(page);
      await witness.listen(page);
      await use(witness);
    },
    { auto: true },
  ],
});

export { expect };

/** The inside of the page's `nth` dashboard. */
export function dashboard(page: Page, nth = 0): FrameLocator {
  return page.locator("oriel-dashboard").nth(nth).frameLocator("iframe");
}

/** The markup of a dashboard that gets its tokens from the page's endpoint `token`. */
export function element(embed: string, token = "token"): string {
  return `<oriel-dashboard embed="${embed}" token-endpoint="{page}/${token}"></oriel-dashboard>`;
}

/** The frame of the page's `nth` dashboard. */
export async function frameOf(page: Page, nth = 0): Promise<Frame> {
  const handle = await page.locator("oriel-dashboard").nth(nth).locator("iframe").elementHandle();
  const frame = await handle?.contentFrame();
  if (!frame) throw new Error("There is no frame.");
  return frame;
}

/** Waits until the frame is exactly as high as its content, with no scroll bar in it, and gives that height. */
export async function settledHeight(page: Page): Promise<number> {
  const frame = await frameOf(page);
  const measure = () =>
    frame.evaluate(() => {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
      const content = Math.ceil(document.getElementById("oriel-root")?.getBoundingClientRect().bottom ?? 0);
      return { wide: scrollWidth > clientWidth, high: scrollHeight > clientHeight, spare: window.innerHeight - content };
    });
  await expect.poll(measure).toEqual({ wide: false, high: false, spare: 0 });
  return frame.evaluate(() => window.innerHeight);
}
