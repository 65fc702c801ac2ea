/** The frame's policy, judged by Google's CSP Evaluator. */

import { CspEvaluator } from "csp_evaluator";
import { Severity } from "csp_evaluator/dist/finding.js";
import { CspParser } from "csp_evaluator/dist/parser.js";
import { expect, test } from "../support/test.ts";

test("CSP Evaluator finds nothing above informational in the frame's policy", async ({ request, system }) => {
  const response = await request.get(`${system.embedOrigin}/v1/frame/${system.tenant.embed}`);
  // Portals have https; only those of this suite, on this machine, do not.
  const policy = (response.headers()["content-security-policy"] ?? "").replaceAll(/http:\/\/\S+:\d+/g, "https://portal.example.com");
  expect(policy).toContain("frame-ancestors https://portal.example.com");
  const { csp } = new CspParser(policy);
  const findings = new CspEvaluator(csp).evaluate();
  const serious = findings.filter(({ severity }) => severity < Severity.INFO);
  expect(serious.map(({ directive, value, description }) => `${directive} ${value}: ${description}`)).toEqual([]);
  // That it judges at all.
  const weak = new CspEvaluator(new CspParser(policy.replace("'wasm-unsafe-eval'", "'unsafe-inline' https:").replaceAll(/'sha384-[^']*'/g, "")).csp).evaluate();
  expect(weak.some(({ severity }) => severity < Severity.INFO)).toBe(true);
});
