/**
 * The npm package: types, and a function that loads the loader from the embed
 * origin. It holds no copy of the loader, so that page and frame always speak
 * the same version. Importing it touches no DOM, on a server too.
 */

import type { DashboardElement, DashboardOptions, OrielApi } from "../api.ts";

export type * from "../api.ts";

/** The loader could not be loaded; `code` as in `oriel-error`. */
export class LoaderError extends Error {
  readonly code = "loader_load_failed";

  constructor(why: string) {
    super(`${why} See docs/embedding.md#loader_load_failed`);
  }
}

const loading = new Map<string, Promise<OrielApi>>();

/**
 * Loads `/v1/loader.js` from the embed origin, once for each page, and gives
 * `Oriel`. Rejects with a `LoaderError`; the next call tries again.
 */
export async function loadOriel(embedOrigin: string): Promise<OrielApi> {
  if (typeof document === "undefined") throw new LoaderError("There is no page on a server; call loadOriel in the browser.");
  const origin = originOf(embedOrigin);
  const known = loading.get(origin);
  if (known) return known;
  const loaded = load(origin);
  loading.set(origin, loaded);
  loaded.catch(() => loading.delete(origin));
  return loaded;
}

/** Loads the loader and makes a dashboard inside `target`, an element or a selector. */
export async function mount(embedOrigin: string, target: Element | string, options: DashboardOptions): Promise<DashboardElement> {
  return (await loadOriel(embedOrigin)).mount(target, options);
}

function originOf(address: string): string {
  try {
    const { protocol, origin } = new URL(address);
    if (/^https?:$/.test(protocol)) return origin;
  } catch {
    // Said below.
  }
  throw new LoaderError(`"${address}" is no origin such as https://embed.example.`);
}

function load(origin: string): Promise<OrielApi> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      const { Oriel } = window;
      if (Oriel?.origin === origin) resolve(Oriel);
      else reject(new LoaderError(Oriel ? `This page has its dashboards from ${Oriel.origin} already.` : `${origin} sent something else than the loader.`));
    };
    if (window.Oriel) return settle();
    const script = document.createElement("script");
    script.async = true;
    script.onload = settle;
    script.onerror = () => {
      script.remove();
      reject(new LoaderError(`${origin}/v1/loader.js does not arrive: the network is down, or this page's Content-Security-Policy lacks script-src ${origin}.`));
    };
    try {
      script.src = trusted(`${origin}/v1/loader.js`);
      document.head.append(script);
    } catch (error) {
      reject(new LoaderError(`This page takes no script (${String(error)}). Under Trusted Types its Content-Security-Policy needs trusted-types oriel.`));
    }
  });
}

interface Policy {
  createScriptURL(url: string): string;
}

/** Made once: a page may refuse a second policy of the same name. */
let policy: Policy | undefined;

/** Under `require-trusted-types-for 'script'` a page allows the policy `oriel` in `trusted-types`. */
function trusted(url: string): string {
  const { trustedTypes } = window as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } };
  try {
    policy ??= trustedTypes?.createPolicy("oriel", { createScriptURL: (same) => same });
  } catch {
    // Where a page demands a policy, the plain address is refused, and that is told.
  }
  return policy?.createScriptURL(url) ?? url;
}
