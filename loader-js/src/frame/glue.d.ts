/**
 * What wasm-bindgen generates for the widget (`--target web`). The build
 * aliases the name to the generated file.
 */
declare module "widget-glue" {
  import type { Shared } from "./later.ts";
  import type { Session } from "./session.ts";

  export default function init(options: { module_or_path: WebAssembly.Module }): Promise<Shared>;
  /** Draws the widget into `#oriel-root`. */
  export function start(session: Session): void;
}
