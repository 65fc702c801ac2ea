/**
 * One dashboard from mount to removal: a frame, the line to it and its tokens.
 * Nothing here outlives `dispose`, and two mounts share nothing.
 */

import type { ToLoader } from "../protocol.ts";
import { Failure } from "./failure.ts";
import { TokenKeeper } from "./keeper.ts";
import { FrameLink } from "./link.ts";
import { type FetchToken, askForToken } from "./source.ts";

export interface MountOptions {
  /** What the frame is put into. */
  root: ShadowRoot;
  /** The origin that frames are loaded from. */
  origin: string;
  embed: string;
  /** The frame's accessible name. */
  title: string;
  source: FetchToken;
  /** The dashboard shows its data; at most once, and it may follow a failure that the frame showed. */
  ready(): void;
  /** The dashboard cannot be shown; at most once. `shown` tells whether the frame says so itself and lets the viewer try again. */
  failed(failure: Failure, shown: boolean): void;
  /** A dashboard that was ready has run out of tokens. It goes on trying. */
  lost(failure: Failure): void;
}

/** Pixels kept until the frame has told its height. */
const FIRST_HEIGHT = 480;

export class Mount {
  readonly #options: MountOptions;
  readonly #removal = new AbortController();
  readonly #frame: HTMLIFrameElement;
  readonly #link: FrameLink;
  readonly #keeper: TokenKeeper;
  #ready = false;
  #failed = false;

  constructor(options: MountOptions) {
    this.#options = options;
    const { signal } = this.#removal;
    this.#keeper = this.#keep();
    this.#frame = createFrame(options);
    this.#link = new FrameLink(
      this.#frame,
      options.origin,
      {
        connected: () => this.#deliver(),
        received: (message) => this.#receive(message),
        failed: (failure) => this.#fail(failure),
      },
      signal,
    );
    window.addEventListener("online", () => this.#keeper.wake(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.#keeper.wake(), { signal });
    // The token is fetched while the frame loads.
    this.#keeper.start();
    options.root.append(this.#frame);
  }

  /** Takes everything back: timers, listeners, requests under way, port and frame. */
  dispose(): void {
    this.#keeper.stop();
    this.#removal.abort();
    this.#frame.remove();
  }

  #keep(): TokenKeeper {
    const { source, embed } = this.#options;
    return new TokenKeeper({
      ask: (reason, session) => askForToken(source, { embed, session, reason, signal: this.#removal.signal }),
      granted: () => this.#deliver(),
      unanswered: ({ code }) => this.#link.send({ type: "token_failed", code }),
      gaveUp: (failure) => this.#fail(failure),
      lost: (failure) => this.#ready && this.#options.lost(failure),
      now: () => performance.now() / 1000,
      random: Math.random,
    });
  }

  #deliver(): void {
    const { grant } = this.#keeper;
    if (grant) this.#link.send({ type: "token", ...grant });
  }

  #receive(message: ToLoader): void {
    switch (message.type) {
      case "height":
        this.#frame.style.height = `${message.px}px`;
        break;
      case "token_needed":
        this.#keeper.reject();
        break;
      case "ready":
        if (!this.#ready) {
          this.#ready = true;
          this.#options.ready();
        }
        break;
      case "error":
        this.#fail(new Failure(message.code, message.message), message.shown);
        break;
    }
  }

  /** Only a failure that is a mount's first outcome is told: what a frame says later, it shows. */
  #fail(failure: Failure, shown = false): void {
    if (this.#ready || this.#failed) return;
    this.#failed = true;
    if (!shown) this.dispose();
    this.#options.failed(failure, shown);
  }
}

function createFrame({ origin, embed, title }: MountOptions): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.title = title;
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-downloads");
  frame.setAttribute("allow", "");
  frame.referrerPolicy = "no-referrer";
  frame.style.height = `${FIRST_HEIGHT}px`;
  frame.src = `${origin}/v1/frame/${embed}`;
  return frame;
}
