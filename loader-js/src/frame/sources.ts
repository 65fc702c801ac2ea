/**
 * Whose pages may show the frame. `frame-ancestors` has said so already; this is for
 * browsers that know nothing of it, and for who may talk to the frame. The server's
 * `origin.rs` decides alike, by the same table of tests.
 */

/** What a source begins with that stands for all subdomains of a name. */
const WILDCARD = "https://*.";

/** Neither a port nor anything else that would make the name's dot another one's. */
const LABELS = /^[a-z\d_.-]+$/;

/** Whether a source stands for more than one origin. */
export function isWildcard(source: string): boolean {
  return source.startsWith(WILDCARD);
}

/**
 * Whether `origin`, as a browser tells it, is one of those that `source` names. As CSP has
 * it (`host-source`, Level 3 §6.7.2.8), a wildcard stands for any number of labels but
 * not for none, with the scheme that is written and that scheme's own port.
 */
export function covers(source: string, origin: string): boolean {
  if (source === origin || !isWildcard(source)) return source === origin;
  const name = source.slice(WILDCARD.length - 1);
  const labels = origin.slice("https://".length, -name.length);
  return origin === `https://${labels}${name}` && LABELS.test(labels);
}
