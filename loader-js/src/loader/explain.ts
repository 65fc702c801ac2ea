/** Puts a failure into words. They are fetched only now that there is one. */

import type { Failure } from "./failure.ts";

/** What the script of words hangs onto its own element. */
export type Explain = (failure: Failure, slot: HTMLSlotElement | undefined, locale: string | null) => void;

/** Where the script of words lies; the build knows. */
declare const TROUBLE: string;

/** Tells the developer in the console and, where there is a slot, the viewer in it. */
export function explain(origin: string, failure: Failure, slot: HTMLSlotElement | undefined, locale: string | null): void {
  const script = document.createElement("script") as HTMLScriptElement & { explain?: Explain };
  const settle = () => {
    script.remove();
    if (script.explain) script.explain(failure, slot, locale);
    else console.error(`[oriel] ${failure.code}: ${failure.message}`);
  };
  script.onload = script.onerror = settle;
  try {
    script.src = origin + TROUBLE;
    document.head.append(script);
  } catch {
    // The page allows no such script (Trusted Types).
    settle();
  }
}
