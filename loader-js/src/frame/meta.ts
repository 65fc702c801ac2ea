/** What the server wrote into the frame's head: the only input that is there from the start. */

export interface FrameMeta {
  embed: string;
  title: string;
  default_range: string;
  /** What to show where the host names no view; a server of an earlier version names none either. */
  view?: string;
  /** The host origins that may show this frame, and nobody else. */
  allowed_origins: string[];
  /** The viewer's locale, as far as there are messages in its language. */
  locale: string;
  messages: Resource;
  widget: Resource;
  /** What of the widget is loaded when somebody needs it. */
  later: Resource;
}

/** A file, and the hash that it must have. */
export interface Resource {
  href: string;
  integrity: string;
}

/** Reads `<meta name="oriel-frame">`; our own server wrote it, so it is taken at its word. */
export function readMeta(from: Document): FrameMeta {
  const content = from.querySelector<HTMLMetaElement>('meta[name="oriel-frame"]')?.content;
  return JSON.parse(content ?? "") as FrameMeta;
}
