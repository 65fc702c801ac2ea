/** One font for every machine: what text looks like must not hang on what is installed. */

import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../output/font/", import.meta.url));
const INTER = dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/inter/package.json"));
const WEIGHTS = ["400Regular", "500Medium", "600SemiBold", "700Bold"];

/** Inter alone, in plain grey, and not fitted to the pixels. */
const CONFIG = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
${WEIGHTS.map((weight) => `  <dir>${join(INTER, weight)}</dir>`).join("\n")}
  <cachedir>${FOLDER}cache</cachedir>
  <match target="font">
    <edit name="antialias" mode="assign"><bool>true</bool></edit>
    <edit name="hinting" mode="assign"><bool>false</bool></edit>
    <edit name="hintstyle" mode="assign"><const>hintnone</const></edit>
    <edit name="rgba" mode="assign"><const>none</const></edit>
  </match>
</fontconfig>
`;

/** Flags that keep the browser from drawing by the screen that it is on. */
export const PLAIN_FLAGS = ["--font-render-hinting=none", "--disable-lcd-text", "--force-device-scale-factor=1", "--force-color-profile=srgb", "--disable-gpu"];

/** Writes a configuration for fontconfig that knows the packaged font alone; gives its path. */
export function onlyFont(): string {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, "fonts.conf");
  writeFileSync(path, CONFIG);
  return path;
}
