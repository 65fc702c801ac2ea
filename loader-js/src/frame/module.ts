/** Scripts that are loaded when they are needed, and that must be the ones that were built. */

import type { Resource } from "./meta.ts";

/**
 * Imports a module whose bytes have to match its hash. A bare `import()` takes whatever
 * comes; so a link fetches the module first, with the hash, into the document's own map of
 * modules, where the import finds it. The frame's policy has no other way in for a script
 * than a hash, so that a browser that overlooks the link's refuses the import as well.
 */
export function importBuilt<T>({ href, integrity }: Resource): Promise<T> {
  const link = document.createElement("link");
  Object.assign(link, { rel: "modulepreload", href, integrity });
  const fetched = new Promise<void>((resolve, reject) => {
    link.onload = () => resolve();
    link.onerror = () => reject(new Error(`${href} did not arrive as it was built.`));
  });
  document.head.append(link);
  return fetched.then(() => import(href) as Promise<T>).finally(() => link.remove());
}
