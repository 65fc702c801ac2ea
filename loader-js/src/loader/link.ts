/**
 * The line to one frame: greets it, and holds the port once it has answered.
 * Origin and source are checked here and nowhere else on the host's side.
 */

import { type ToFrame, type ToLoader, seal, toLoader, versionOf, VERSION } from "../protocol.ts";
import { Failure } from "./failure.ts";
import { ANSWER_MS, LOAD_MS } from "./schedule.ts";

/**
 * Greets `frame` whenever it shows a sign of life, until `signal` aborts. Gives
 * a function that sends a message to the document that has connected; without one it is lost.
 */
export function linkTo(
  frame: HTMLIFrameElement,
  origin: string,
  signal: AbortSignal,
  /** `connected` comes again after each reload of the frame. */
  received: (message: ToLoader) => void,
  /** The frame will not answer. */
  failed: (failure: Failure) => void,
): (message: ToFrame) => void {
  /** The one that was answered. */
  let port: MessagePort | undefined;
  /** That one, and those that a greeting offered and nobody has answered yet. */
  let open: MessagePort[] = [];
  let deadline: ReturnType<typeof setTimeout> | undefined;

  const wait = (ms: number) => {
    clearTimeout(deadline);
    deadline = setTimeout(() => failed(new Failure("frame_timeout", `${origin} does not answer ${location.origin}.`)), ms);
  };

  const close = (keep?: unknown) => {
    clearTimeout(deadline);
    open = open.filter((each) => each === keep || each.close());
  };

  /**
   * Offers a port. Ports offered before stay open until one is answered: the
   * frame takes the first that reaches it, and this side cannot know which.
   */
  const offer = () => {
    const { port1, port2 } = new MessageChannel();
    open.push(port1);
    port1.onmessage = ({ data }) => {
      const message = toLoader(data);
      if (message?.type === "connected" && port1 !== port) {
        close(port1);
        port = port1;
      }
      if (message && port1 === port) received(message);
    };
    frame.contentWindow?.postMessage(seal({ type: "connect" }), origin, [port2]);
  };

  const hear = ({ source, origin: from, data }: MessageEvent) => {
    if (source !== frame.contentWindow || from !== origin) return;
    const version = versionOf(data);
    if (version === VERSION) {
      if (data.type === "hello") offer();
    } else if (version) failed(new Failure("protocol_mismatch", `${VERSION} here, ${version} there.`));
  };

  // A frame that may not say hello first, because it cannot tell which of
  // several allowed origins it is on, waits for this greeting. Its script runs
  // before its load event, so that it listens by now.
  const loaded = () => {
    if (!port) wait(ANSWER_MS);
    offer();
  };

  // When a lazy frame begins to load, nobody is told.
  if (frame.loading !== "lazy") wait(LOAD_MS);
  window.addEventListener("message", hear, { signal });
  frame.addEventListener("load", loaded, { signal });
  signal.addEventListener("abort", close);
  return (message) => port?.postMessage(seal(message));
}
