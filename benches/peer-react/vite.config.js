import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  base: "/peer-react/",
  // What both peers share lies beside them and takes React from here.
  resolve: { dedupe: ["react", "react-dom"] },
  build: { target: "esnext", cssTarget: "esnext", outDir: fileURLToPath(new URL("../../dist/peer-react", import.meta.url)), emptyOutDir: true },
});
