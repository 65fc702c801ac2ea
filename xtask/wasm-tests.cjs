// Runs the #[wasm_bindgen_test] cases of a program that wasm-bindgen bound for
// Node: `node wasm-tests.cjs FOLDER`, the folder holding program.js. It offers
// what the wasm-bindgen-test crate expects of its surroundings.
"use strict";
const { join } = require("node:path");

// The crate prints through these, and catches what a test prints through the others.
globalThis.__wbgtest_og_console_log = console.log;
globalThis.__wbgtest_og_console_error = console.error;
globalThis.__wbg_test_invoke = (test) => test();

const program = require(join(process.argv[2], "program.js"));
const tests = Object.keys(program.__wasm).filter((name) => name.startsWith("__wbgt_"));

async function main() {
  if (tests.length === 0) return true;
  for (const method of ["debug", "log", "info", "warn", "error"]) {
    console[method] = (...words) => program[`__wbgtest_console_${method}`](words);
  }
  const context = new program.WasmBindgenTestContext(false);
  context.include_ignored(false);
  context.filtered_count(0);
  return context.run(tests.map((name) => program.__wasm[name]));
}

main().then(
  (passed) => process.exit(passed ? 0 : 1),
  (error) => {
    globalThis.__wbgtest_og_console_error(error);
    process.exit(1);
  },
);
