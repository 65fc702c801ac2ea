/** Scripts that are loaded when they are needed, and that must be the ones that were built. */

import type { Resource } from "./meta.ts";

let tries = 0;

/**
 * Imports a module whose bytes have to match its hash. A bare `import()` takes whatever
 * comes; so a link fetches the module first, with the hash, into the document's own map of
 * modules, where the import finds it. The frame's policy has no other way in for a script
 * than a hash, so that a browser that overlooks the link's refuses the import as well.
 *
 * Many browsers keep in that map that a module has failed, and do not ask for it again
 * (https://github.com/whatwg/html/issues/6768). A fragment makes each try one of its own.
 */
export function importBuilt<T>({ href: file, integrity }: Resource): Promise<T> {
  const href = `${file}#${++tries}`;
  const link = document.createElement("link");
  Object.assign(link, { rel: "modulepreload", href, integrity });
  const fetched = new Promise<void>((resolve, reject) => {
    link.onload = () => resolve();
    link.onerror = () => reject(new Error(`${file} did not arrive as it was built.`));
  });
  document.head.append(link);
  return fetched.then(() => import(href) as Promise<T>).finally(() => link.remove());
}
