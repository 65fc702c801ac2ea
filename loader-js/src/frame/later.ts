/**
 * The second file of the widget, which no first view needs: loaded when the widget
 * first wants it, and run on the memory and the functions of the first.
 */

/** What the first file shares. By the table the two call each other's functions. */
export type Shared = WebAssembly.Exports & { __indirect_function_table: WebAssembly.Table };

let compile: () => Promise<WebAssembly.Module>;
let shared: Shared;
/** The second file on its way, or there; one that did not come leaves nothing. */
let instance: Promise<WebAssembly.Instance> | undefined;

/** Tells how to fetch the second file, and what to run it on. */
export function attach(how: () => Promise<WebAssembly.Module>, first: Shared): void {
  [compile, shared, instance] = [how, first, undefined];
}

/** Called by the widget: runs the second file, and calls back whether that worked. */
export async function __wasm_split_load_later(callback: number, data: number): Promise<void> {
  instance ??= compile().then((module) => WebAssembly.instantiate(module, { __wasm_split: shared }));
  const isThere = await instance.then(
    () => true,
    (error: unknown) => {
      console.error("[oriel] later_load_failed:", error);
      instance = undefined;
      return false;
    },
  );
  const done = shared.__indirect_function_table.get(callback) as (data: number, isThere: boolean) => void;
  done(data, isThere);
}
