/**
 * One dashboard from mount to removal: a frame, the line to it and its tokens.
 * Nothing here outlives its signal, and two mounts share nothing.
 */

import type { FetchToken } from "../api.ts";
import type { ToFrame, ToLoader } from "../protocol.ts";
import { Failure, type FrameCode } from "./failure.ts";
import { keepTokens } from "./keeper.ts";
import { linkTo } from "./link.ts";
import { askForToken } from "./source.ts";

/**
 * What a mount tells, by the names of the element's events. `ready` comes at
 * most once, and may follow an `error` that the frame showed; `error` at most
 * once, and never after `ready`; `shown` tells whether the dashboard stays on the
 * page over a failure. `connected` asks for what the frame should know.
 */
export type Tell = (type: string, detail: object, shown?: boolean) => void;

export interface Mount {
  frame: HTMLIFrameElement;
  /** The network or the viewer came back. */
  wake(): void;
  send(message: ToFrame): void;
}

/**
 * Makes a frame for `embed`, whose first paint goes by `query`; whoever calls it puts it onto the page. At the
 * signal, timers, listeners, requests under way and the port are gone.
 */
export function mountFrame(origin: string, embed: string, query: string, loading: string | null, source: FetchToken, tell: Tell, signal: AbortSignal): Mount {
  let outcome = "";
  /** Of the document that is connected; one that loads anew has another key. */
  let dpop_jkt: string | undefined;

  /** Only a failure that is a mount's first outcome is told: what a frame says later, it shows. */
  const fail = (failure: Failure, shown = false) => {
    if (outcome) return;
    outcome = "error";
    tell(outcome, failure, shown);
  };

  /** Until there is data on the screen, a token's fate is that of the mount. */
  const renewed = (outcomeOfIt: object) => outcome === "ready" && tell("token-refresh", outcomeOfIt, true);

  const receive = ({ type, ...detail }: ToLoader) => {
    if (type === "token_needed") keeper.reject();
    else if ("message" in detail) fail(new Failure(detail.code as FrameCode, detail.message, detail.code === "widget_load_failed"), detail.shown);
    else if ("px" in detail) {
      frame.style.height = `${detail.px}px`;
      tell("resize", { height: detail.px });
    } else if (type !== outcome) {
      if (type === "ready") outcome = type;
      if (type === "session_revoked") keeper.forget();
      if ("dpop_jkt" in detail) {
        ({ dpop_jkt } = detail);
        keeper.begin();
      }
      tell(type.replace("_", "-"), detail);
    }
  };

  const frame = document.createElement("iframe");
  frame.sandbox.value = "allow-scripts allow-same-origin allow-downloads";
  frame.referrerPolicy = "no-referrer";
  // A lazy frame says nothing before it is near, and so no token is asked for either.
  frame.loading = loading as "lazy";
  frame.src = `${origin}/v1/frame/${embed}${query && "?"}${query}`;
  const send = linkTo(frame, origin, signal, receive, fail);
  const keeper = keepTokens({
    ask: (reason, session) => askForToken(source, { embed, session, dpop_jkt, reason, signal }),
    granted(grant) {
      send({ type: "token", ...grant });
      renewed({});
    },
    unanswered: ({ code }) => send({ type: "token_failed", code }),
    gaveUp: fail,
    lost: renewed,
    clock,
    chance: Math.random,
    signal,
  });
  return { frame, wake: keeper.wake, send };
}

/**
 * Seconds since the page began. The steady clock of some systems stands still
 * while the machine sleeps; the wall clock does not, but can be set back.
 */
function clock(): number {
  return Math.max(performance.now(), Date.now() - performance.timeOrigin) / 1000;
}
