/**
 * The line to one frame: greets it, and holds the port once it has answered.
 * Origin and source are checked here and nowhere else on the host's side.
 */

import { type ToFrame, type ToLoader, isGreeting, seal, toLoader, versionOf, VERSION } from "../protocol.ts";
import { type Failure, failure } from "./failure.ts";
import { backoff } from "./schedule.ts";

export interface LinkEvents {
  /** The frame answered; again after each reload of the frame. */
  connected(): void;
  received(message: ToLoader): void;
  /** The frame will not answer. */
  failed(failure: Failure): void;
}

/** A document that has not even loaded by then is not coming, in milliseconds. */
const LOAD_MS = 30_000;
/** A document that has loaded answers within this time, or is not ours. */
const ANSWER_MS = 10_000;

export class FrameLink {
  readonly #frame: HTMLIFrameElement;
  readonly #origin: string;
  readonly #events: LinkEvents;
  #port: MessagePort | undefined;
  /** Ports that a greeting offered and nobody has answered yet. */
  readonly #offered = new Set<MessagePort>();
  #deadline: ReturnType<typeof setTimeout>;
  #again: ReturnType<typeof setTimeout> | undefined;

  /** Starts to greet `frame` as soon as it shows a sign of life, until `signal` aborts. */
  constructor(frame: HTMLIFrameElement, origin: string, events: LinkEvents, signal: AbortSignal) {
    this.#frame = frame;
    this.#origin = origin;
    this.#events = events;
    this.#deadline = setTimeout(() => this.#timeOut(), LOAD_MS);
    window.addEventListener("message", (event) => this.#onWindowMessage(event), { signal });
    frame.addEventListener("load", () => this.#onLoad(), { signal });
    signal.addEventListener("abort", () => this.#close());
  }

  /** Sends a message if the frame is connected; there is no queue. */
  send(message: ToFrame): void {
    this.#port?.postMessage(seal(message));
  }

  #onWindowMessage(event: MessageEvent): void {
    if (event.source !== this.#frame.contentWindow || event.origin !== this.#origin) return;
    const version = versionOf(event.data);
    if (version !== undefined && version !== VERSION) {
      const message = `The frame speaks version ${version} of the protocol and this loader version ${VERSION}. Reload the page without its cache; load the loader from Oriel, not from a copy.`;
      this.#events.failed(failure("protocol_mismatch", message));
    } else if (isGreeting(event.data, "hello")) {
      this.#offer();
    }
  }

  #onLoad(): void {
    if (this.#port) return;
    // A frame that may not say hello first, because it cannot tell which of
    // several allowed origins it is on, waits for this greeting.
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#timeOut(), ANSWER_MS);
    this.#greet(1);
  }

  #greet(attempt: number): void {
    if (this.#offered.size === 0 || attempt > 1) this.#offer();
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#greet(attempt + 1), backoff(attempt, 0) * 1000);
  }

  /**
   * Offers a port. Ports offered before stay open until one is answered: the
   * frame takes the first that reaches it, and this side cannot know which.
   */
  #offer(): void {
    const { port1, port2 } = new MessageChannel();
    this.#offered.add(port1);
    port1.onmessage = ({ data }) => {
      const message = toLoader(data);
      if (message?.type === "connected") this.#connect(port1);
      else if (message && port1 === this.#port) this.#events.received(message);
    };
    this.#frame.contentWindow?.postMessage(seal({ type: "connect" }), this.#origin, [port2]);
  }

  #connect(port: MessagePort): void {
    if (!this.#offered.delete(port)) return;
    this.#close();
    this.#port = port;
    this.#events.connected();
  }

  #timeOut(): void {
    const message = `The frame at ${this.#origin} did not answer. Most likely ${location.origin} is not among the embed's allowed origins, or this page's CSP lacks frame-src ${this.#origin}.`;
    this.#events.failed(failure("frame_timeout", message));
  }

  #close(): void {
    clearTimeout(this.#deadline);
    clearTimeout(this.#again);
    for (const port of this.#offered) port.close();
    this.#offered.clear();
    this.#port?.close();
    this.#port = undefined;
  }
}
