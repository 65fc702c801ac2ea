/** The custom element: attributes and life cycle of the host page, turned into mounts. */

import { type Failure, failure } from "./failure.ts";
import { Mount } from "./mount.ts";
import { type FetchToken, endpointSource } from "./source.ts";
import { fallback, styles } from "./view.ts";

const EMBED_ID = /^emb_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
/** How long a page may take to set `fetchToken` on an element without an endpoint, in milliseconds. */
const SOURCE_MS = 10_000;

/** Makes the class of `<oriel-dashboard>` for frames from `origin`. */
export function dashboardElement(origin: string): CustomElementConstructor {
  return class OrielDashboard extends HTMLElement {
    static readonly observedAttributes = ["embed", "token-endpoint", "frame-title"];

    readonly #root = this.attachShadow({ mode: "open" });
    #fetchToken: FetchToken | undefined;
    #mount: Mount | undefined;
    #waiting: ReturnType<typeof setTimeout> | undefined;
    #scheduled = false;
    readonly #retry = () => this.#remount();

    constructor() {
      super();
      this.#root.adoptedStyleSheets = [styles()];
      // Set before this class was there, it hides the accessor below.
      if (Object.hasOwn(this, "fetchToken")) {
        const early = this as { fetchToken?: FetchToken };
        const value = early.fetchToken;
        delete early.fetchToken;
        this.fetchToken = value;
      }
    }

    /** Where tokens come from, in place of `token-endpoint`. */
    get fetchToken(): FetchToken | undefined {
      return this.#fetchToken;
    }

    set fetchToken(value: FetchToken | undefined) {
      this.#fetchToken = typeof value === "function" ? value : undefined;
      this.#schedule();
    }

    connectedCallback(): void {
      this.#schedule();
    }

    disconnectedCallback(): void {
      this.#unmount();
    }

    attributeChangedCallback(_name: string, before: string | null, now: string | null): void {
      if (before !== now) this.#schedule();
    }

    /** Several attributes set in a row are one mount. */
    #schedule(): void {
      if (this.#scheduled || !this.isConnected) return;
      this.#scheduled = true;
      queueMicrotask(() => {
        this.#scheduled = false;
        if (this.isConnected) this.#remount();
      });
    }

    #remount(): void {
      this.#unmount();
      const embed = this.getAttribute("embed") ?? "";
      if (!EMBED_ID.test(embed)) {
        this.#fail(failure("embed_missing", 'Set embed="emb_…" on <oriel-dashboard>, as `oriel embed create` printed it.'));
        return;
      }
      const endpoint = this.getAttribute("token-endpoint");
      const source = this.#fetchToken ?? (endpoint && endpointSource(endpoint));
      if (!source) {
        this.#waiting = setTimeout(() => {
          this.#fail(failure("token_source_missing", 'Set token-endpoint="/…" on <oriel-dashboard>, or its fetchToken property.'));
        }, SOURCE_MS);
        return;
      }
      this.#mount = new Mount({
        root: this.#root,
        origin,
        embed,
        title: this.getAttribute("frame-title") || "Project dashboard",
        source,
        ready: () => this.#emit("oriel-ready"),
        failed: (why, shown) => this.#fail(why, shown),
        lost: (why) => this.#report(why),
      });
    }

    #unmount(): void {
      clearTimeout(this.#waiting);
      window.removeEventListener("online", this.#retry);
      this.#mount?.dispose();
      this.#mount = undefined;
      this.#root.replaceChildren();
    }

    /** Nobody is left with a blank: the viewer reads a sentence and can try again. */
    #fail(why: Failure, shown = false): void {
      if (!shown) {
        this.#unmount();
        this.#root.append(fallback(this.#retry));
        if (why.passing) window.addEventListener("online", this.#retry);
      }
      this.#report(why);
    }

    #report({ code, message }: Failure): void {
      console.error(`[oriel] ${code}: ${message}`);
      this.#emit("oriel-error", { code, message });
    }

    #emit(type: string, detail?: { code: string; message: string }): void {
      this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
    }
  };
}
