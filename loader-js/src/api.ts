/**
 * What a host page can say and hear: the public types of `<oriel-dashboard>`
 * and of `Oriel`. Types only, shared by the loader, the npm package and React.
 */

import type { Selected, Settings, TextMap } from "./protocol.ts";

/** What a token source is asked with. */
export interface TokenRequest {
  embed: string;
  /** The embed session to go on with; undefined for a new one. */
  session: string | undefined;
  /**
   * The thumbprint (RFC 7638) of the frame's own key, for the mint's member of the
   * same name: it makes a token that is of no use outside of that frame. Undefined
   * where the browser has no WebCrypto.
   */
  dpop_jkt: string | undefined;
  reason: "first" | "refresh" | "rejected";
  /** Fires when nobody waits for the answer any more. */
  signal: AbortSignal;
}

/** What a host may set as `element.fetchToken`: answers `{token, expires_in, session}`, new for each call. */
export type FetchToken = (request: TokenRequest) => Promise<unknown>;

/** Look of a dashboard: CSS values, also `var(--…)` of the host page. */
export type Appearance = Partial<Record<"accent" | "background" | "surface" | "text" | "border" | "font" | "radius" | "spacing", string>>;

/** Filters by the names of the read API; lists are separated by commas. */
export type Filters = TextMap;

/** What `Oriel.mount` and `element.update` take; `undefined` takes an option back. */
export interface DashboardOptions {
  /** The public id that `oriel embed create` printed. */
  embed?: string | undefined;
  /** A URL of the host's own backend that answers with a token. */
  tokenEndpoint?: string | undefined;
  /** Where tokens come from, in place of `tokenEndpoint`. */
  fetchToken?: FetchToken | undefined;
  /** What a screen reader calls the frame. */
  frameTitle?: string | undefined;
  theme?: Settings["theme"] | undefined;
  density?: Settings["density"] | undefined;
  /** A BCP 47 language tag. */
  locale?: string | undefined;
  /** An IANA time zone. */
  timeZone?: string | undefined;
  /** `lazy`: the dashboard loads when it comes near the window. */
  loading?: "eager" | "lazy" | undefined;
  /** The view to show: `overview`, `project=prj_…`, `tasks`, `board`, `task=tsk_…`. */
  view?: string | undefined;
  filters?: Filters | undefined;
  appearance?: Appearance | undefined;
}

/** What is told once a mount has failed, or a token could not be renewed. */
export interface Problem {
  /** Stable; docs/embedding.md lists them all. */
  code: string;
  /** One sentence for a developer. */
  message: string;
}

/** The events of a dashboard. All of them bubble. */
export interface DashboardEventMap {
  "oriel-ready": CustomEvent<object>;
  "oriel-error": CustomEvent<Problem>;
  "oriel-resize": CustomEvent<{ height: number }>;
  "oriel-navigate": CustomEvent<{ view: string }>;
  "oriel-filter": CustomEvent<{ filters: Filters }>;
  "oriel-select": CustomEvent<Selected>;
  /** Empty where there is a new token; else why there is none yet. */
  "oriel-token-refresh": CustomEvent<Partial<Problem>>;
  "oriel-session-revoked": CustomEvent<object>;
}

/** `<oriel-dashboard>`. */
export interface DashboardElement extends HTMLElement {
  fetchToken: FetchToken | undefined;
  appearance: Appearance | undefined;
  /** The filters that apply, also those that the viewer chose. */
  filters: Filters | undefined;
  /** Changes what is named; the frame stays, unless `embed` or the token source changes. */
  update(options: DashboardOptions): void;
  /** Replaces all filters; `{}` clears them. */
  setFilters(filters: Filters): void;
  /** Reads the data again; after a failure, mounts again. */
  refresh(): void;
  /** Has the frame download the tasks under the current filters. */
  exportCsv(): void;
  /** Removes the dashboard from the page, with its timers, requests and frame. */
  destroy(): void;
}

/** `window.Oriel`. */
export interface OrielApi {
  /** Where the loader came from, and frames come from. */
  origin: string;
  /** Makes a dashboard inside `target`, an element or a selector. */
  mount(target: Element | string, options: DashboardOptions): DashboardElement;
}

declare global {
  interface Window {
    Oriel?: OrielApi;
  }
  interface HTMLElementTagNameMap {
    "oriel-dashboard": DashboardElement;
  }
  interface HTMLElementEventMap extends DashboardEventMap {}
}
