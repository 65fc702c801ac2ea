/**
 * The frame's end of the line. Only the window that embeds us is heard, only
 * from an origin that the embed allows, and only once: then there is a port.
 */

import { type ToFrame, type ToLoader, isGreeting, seal, toFrame } from "../protocol.ts";
import { covers, isWildcard } from "./sources.ts";

export class Channel {
  readonly #allowed: readonly string[];
  readonly #thumbprint: Promise<string | undefined>;
  readonly #received: (message: ToFrame) => void;
  #port: MessagePort | undefined;
  /** What was said before anybody listened. */
  #queue: ToLoader[] = [];

  /** `thumbprint` is what the loader has to know before it asks for a token. */
  constructor(allowed: readonly string[], thumbprint: Promise<string | undefined>, received: (message: ToFrame) => void) {
    this.#allowed = allowed;
    this.#thumbprint = thumbprint;
    this.#received = received;
    window.addEventListener("message", this.#onMessage);
    this.#greet();
  }

  /** Sends a message, once connected. */
  send(message: ToLoader): void {
    if (this.#port) this.#port.postMessage(seal(message));
    else this.#queue.push(message);
  }

  /**
   * Says hello to an origin that is allowed and known exactly. Where the browser
   * does not tell who embeds us and several may, the loader speaks first.
   */
  #greet(): void {
    const [only, another] = this.#allowed;
    const known = another === undefined && only && !isWildcard(only) ? only : undefined;
    const { ancestorOrigins } = window.location;
    const parent = ancestorOrigins ? ancestorOrigins[0] : known;
    if (parent !== undefined && this.#allows(parent)) window.parent.postMessage(seal({ type: "hello" }), parent);
  }

  #allows(origin: string): boolean {
    return this.#allowed.some((source) => covers(source, origin));
  }

  readonly #onMessage = (event: MessageEvent): void => {
    const [port] = event.ports;
    if (event.source !== window.parent || !this.#allows(event.origin)) return;
    if (!port || !isGreeting(event.data, "connect")) return;
    window.removeEventListener("message", this.#onMessage);
    port.onmessage = ({ data }) => {
      const message = toFrame(data);
      if (message) this.#received(message);
    };
    void this.#thumbprint.then((dpop_jkt) => {
      this.#port = port;
      this.send({ type: "connected", dpop_jkt });
      for (const message of this.#queue.splice(0)) this.send(message);
    });
  };
}
