/**
 * The line to one frame: greets it, and holds the port once it has answered.
 * Origin and source are checked here and nowhere else on the host's side.
 */

import { type ToFrame, type ToLoader, isGreeting, seal, toLoader, versionOf, VERSION } from "../protocol.ts";
import { Failure } from "./failure.ts";

/** A document that has not even loaded by then is not coming, in milliseconds. */
const LOAD_MS = 30_000;
/** A document that has loaded answers within this time, or is not ours. */
const ANSWER_MS = 10_000;

/**
 * Greets `frame` whenever it shows a sign of life, until `signal` aborts. Gives
 * a function that sends a message once the frame was greeted; what is sent before is lost.
 */
export function linkTo(
  frame: HTMLIFrameElement,
  origin: string,
  signal: AbortSignal,
  /** What goes along with each greeting; an envelope without a message says nothing. */
  first: () => ToFrame | undefined,
  /** `connected` comes again after each reload of the frame. */
  received: (message: ToLoader) => void,
  /** The frame will not answer. */
  failed: (failure: Failure) => void,
): (message?: ToFrame) => void {
  let port: MessagePort | undefined;
  /** Ports that a greeting offered and nobody has answered yet. */
  let offered: MessagePort[] = [];
  let deadline: ReturnType<typeof setTimeout> | undefined;

  const wait = (ms: number) => {
    clearTimeout(deadline);
    deadline = setTimeout(() => failed(new Failure("frame_timeout", `${origin} does not answer ${location.origin}.`)), ms);
  };

  const close = (keep?: unknown) => {
    clearTimeout(deadline);
    [...offered, port].forEach((each) => each === keep || each?.close());
    offered = [];
  };

  /**
   * Offers a port. Ports offered before stay open until one is answered: the
   * frame takes the first that reaches it, and this side cannot know which.
   */
  const offer = () => {
    const { port1, port2 } = new MessageChannel();
    offered.push(port1);
    port1.onmessage = ({ data }) => {
      const message = toLoader(data);
      if (message?.type === "connected" && port1 !== port) {
        close(port1);
        port = port1;
      }
      if (message && port1 === port) received(message);
    };
    frame.contentWindow?.postMessage(seal({ type: "connect" }), origin, [port2]);
    // Only `origin` gets the other end, and reads what lies there when it takes it.
    port1.postMessage(seal(first()));
  };

  const hear = ({ source, origin: from, data }: MessageEvent) => {
    if (source !== frame.contentWindow || from !== origin) return;
    const version = versionOf(data);
    if (version && version !== VERSION) failed(new Failure("protocol_mismatch", `${VERSION} here, ${version} there.`));
    else if (isGreeting(data, "hello")) offer();
  };

  // A frame that may not say hello first, because it cannot tell which of
  // several allowed origins it is on, waits for this greeting. Its script runs
  // before its load event, so that it listens by now.
  const loaded = () => {
    if (!port) wait(ANSWER_MS);
    offer();
  };

  wait(LOAD_MS);
  window.addEventListener("message", hear, { signal });
  frame.addEventListener("load", loaded, { signal });
  signal.addEventListener("abort", close);
  // A frame that has not answered yet, perhaps anew, finds it on whichever port it takes.
  return (message) => [...offered, port].forEach((to) => to?.postMessage(seal(message)));
}
