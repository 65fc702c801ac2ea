/** The custom element: attributes and life cycle of the host page, turned into mounts. */

import type { Appearance, DashboardElement, DashboardOptions, FetchToken, Filters } from "../api.ts";
import { type Settings, type Shown, toMap } from "../protocol.ts";
import { present, resolve } from "./appearance.ts";
import { explain } from "./explain.ts";
import { Failure } from "./failure.ts";
import { type Mount, type Tell, mountFrame } from "./mount.ts";
import { SOURCE_MS } from "./schedule.ts";
import { endpointSource } from "./source.ts";
import { fallback, styles } from "./view.ts";

const EMBED_ID = /^emb_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
/** Attributes that are settings of the frame, under the same name with an underscore. */
const SETTINGS = ["theme", "density", "locale", "time-zone"];

/** Makes the class of `<oriel-dashboard>` for frames from `origin`. */
export function dashboardElement(origin: string): new () => DashboardElement {
  return class extends HTMLElement implements DashboardElement {
    static readonly observedAttributes = ["embed", "token-endpoint", "frame-title", "view", ...SETTINGS];

    readonly #root = this.attachShadow({ mode: "open" });
    readonly #probe = document.createElement("i");
    #fetchToken: FetchToken | undefined;
    #appearance: Appearance | undefined;
    /** What host and viewer chose to see; it outlives a mount, and not the embed. */
    #shown: Shown = {};
    /** The settings that the frame has, as text. */
    #settled = "";
    #mount: Mount | undefined;
    /** Ends whatever was started last. */
    #life = new AbortController();
    #scheduled = false;

    constructor() {
      super();
      this.#root.adoptedStyleSheets = [styles()];
      const settle = () => this.#settle();
      this.#probe.addEventListener("transitionend", settle);
      // A change that happened while nothing was shown makes no transition.
      new ResizeObserver(settle).observe(this);
      // Set before this class was there, a property hides its accessor below.
      for (const name of ["fetchToken", "appearance", "filters"] as const) {
        const value = this[name];
        if (delete this[name] && value) this.update({ [name]: value });
      }
    }

    get fetchToken(): FetchToken | undefined {
      return this.#fetchToken;
    }

    set fetchToken(value) {
      this.#fetchToken = typeof value === "function" ? value : undefined;
      this.#schedule(this.#mount);
    }

    get appearance(): Appearance | undefined {
      return this.#appearance;
    }

    set appearance(value) {
      this.#appearance = value;
      this.#settle();
    }

    get filters(): Filters | undefined {
      return this.#shown.filters;
    }

    set filters(value) {
      this.#show({ filters: toMap(value) });
    }

    update(options: DashboardOptions): void {
      // Another embed comes before what is to be shown of it.
      for (const [key, value] of Object.entries<unknown>({ embed: this.getAttribute("embed"), ...options })) {
        const name = key.replace(/[A-Z]/, "-$&");
        if (key in this) Object.assign(this, { [key]: value });
        else if (value == null) this.removeAttribute(name);
        else this.setAttribute(name, value as string);
      }
    }

    setFilters(filters: Filters): void {
      this.filters = filters;
    }

    refresh(): void {
      this.#mount?.send({ type: "refresh" });
      this.#schedule(this.#mount);
    }

    exportCsv(): void {
      this.#mount?.send({ type: "export_csv" });
    }

    destroy(): void {
      this.remove();
    }

    connectedCallback(): void {
      this.#schedule();
    }

    disconnectedCallback(): void {
      this.#unmount();
    }

    /** A move by `moveBefore` leaves the frame alone. */
    connectedMoveCallback(): void {}

    attributeChangedCallback(name: string, before: string | null, now: string | null): void {
      if (before === now) return;
      if (name === "view") this.#show({ view: now ?? "" });
      if (name === "embed") {
        // Another embed knows nothing of this one's projects; what the host names still holds.
        if (before) this.#shown = { view: this.getAttribute("view") ?? "" };
        this.#schedule();
      } else if (name === "token-endpoint") this.#schedule(this.#mount);
      else this.#settle();
    }

    /** Mounts in a moment, unless there is a mount: several changes in a row are one mount. */
    #schedule(mount?: Mount): void {
      if (mount || this.#scheduled) return;
      this.#scheduled = true;
      queueMicrotask(() => {
        this.#scheduled = false;
        if (this.isConnected) this.#start();
      });
    }

    #start(): void {
      const signal = this.#unmount();
      const embed = this.getAttribute("embed") ?? "";
      if (!EMBED_ID.test(embed)) this.#fail(new Failure("embed_missing"));
      else if (!this.#source()) setTimeout(() => signal.aborted || this.#fail(new Failure("token_source_missing")), SOURCE_MS);
      else this.#load(embed, signal);
    }

    #load(embed: string, signal: AbortSignal): void {
      const tell: Tell = (type, detail, shown) => {
        if (type === "connected") {
          this.#settled = "";
          this.#settle();
          this.#show(this.#shown);
        } else if (detail instanceof Failure) this.#fail(detail, type, shown);
        else {
          if (type === "navigate" || type === "filter") Object.assign(this.#shown, detail);
          this.#emit(type, detail);
        }
      };
      // As the frame document's parameters are called.
      const query = String(new URLSearchParams(this.#named())).replace("locale=", "lang=");
      // The source is looked up for each call, so that a host may change it at any time.
      const mount = (this.#mount = mountFrame(origin, embed, query, this.getAttribute("loading"), async (request) => this.#source()?.(request), tell, signal));
      this.#root.append(mount.frame);
      this.#settle();
      this.#onWake(mount.wake);
    }

    /** Ends what there is, and gives the signal that ends what comes now. */
    #unmount(): AbortSignal {
      this.#life.abort();
      this.#life = new AbortController();
      this.#mount = undefined;
      this.#root.replaceChildren(this.#probe);
      return this.#life.signal;
    }

    /** The network or the viewer came back, or time passed that nobody saw. */
    #onWake(wake: () => void): void {
      const { signal } = this.#life;
      for (const type of ["online", "pageshow", "visibilitychange"]) window.addEventListener(type, wake, { signal });
    }

    #source(): FetchToken | undefined {
      const endpoint = this.getAttribute("token-endpoint");
      return this.#fetchToken ?? (endpoint ? endpointSource(endpoint) : undefined);
    }

    /** The settings that are attributes, by their names in messages. */
    #named(): Record<string, string> {
      return present(SETTINGS.map((name) => [name.replace("-", "_"), this.getAttribute(name)]));
    }

    /** Names the frame, and sends the settings if they are not what it has. */
    #settle(): void {
      if (!this.#mount) return;
      this.#mount.frame.title = this.getAttribute("frame-title") || "Project dashboard";
      const settings: Settings = { ...this.#named(), appearance: resolve(this.#probe, this.#appearance) };
      const text = JSON.stringify(settings);
      if (text !== this.#settled) this.#mount.send({ type: "settings", ...settings });
      this.#settled = text;
    }

    /** Keeps what is to be shown, and tells the frame. */
    #show(shown: Shown): void {
      Object.assign(this.#shown, shown);
      this.#mount?.send({ type: "show", ...shown });
    }

    /** Nobody is left with a blank: the viewer reads a sentence and can try again. */
    #fail(why: Failure, type = "error", shown?: boolean): void {
      let slot: HTMLSlotElement | undefined;
      if (!shown) {
        const retry = () => this.#start();
        this.#unmount();
        slot = fallback(retry);
        this.#root.append(slot);
        if (why.passing) this.#onWake(retry);
      }
      explain(origin, why, slot, this.getAttribute("locale"));
      this.#emit(type, { code: why.code, message: why.message });
    }

    #emit(type: string, detail?: object): void {
      this.dispatchEvent(new CustomEvent(`oriel-${type}`, { bubbles: true, composed: true, detail }));
    }
  };
}
