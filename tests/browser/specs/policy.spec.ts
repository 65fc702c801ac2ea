/** The frame's policy, judged by Google's CSP Evaluator, and what browsers report of it. */

import { CspEvaluator } from "csp_evaluator";
import { Severity } from "csp_evaluator/dist/finding.js";
import { CspParser } from "csp_evaluator/dist/parser.js";
import { element, expect, test } from "../support/test.ts";

test("CSP Evaluator finds nothing above informational in the frame's policy", async ({ request, system }) => {
  const response = await request.get(`${system.embedOrigin}/v1/frame/${system.tenant.embed}`);
  const policy = response.headers()["content-security-policy"] ?? "";
  const { csp } = new CspParser(policy);
  const findings = new CspEvaluator(csp).evaluate();
  const serious = findings.filter(({ severity }) => severity < Severity.INFO);
  expect(serious.map(({ directive, value, description }) => `${directive} ${value}: ${description}`)).toEqual([]);
  // That it judges at all.
  const weak = new CspEvaluator(new CspParser(policy.replace("'wasm-unsafe-eval'", "'unsafe-inline' https:").replaceAll(/'sha384-[^']*'/g, "")).csp).evaluate();
  expect(weak.some(({ severity }) => severity < Severity.INFO)).toBe(true);
});

test("a browser reports a page that must not show the frame", async ({ page, system }) => {
  const reported = page.waitForEvent("requestfinished", (request) => request.url().includes("/v1/csp-reports/"));
  await page.goto(system.host.strangeOrigin + system.host.page({ body: element(system.tenant.embed), tokens: { token: () => system.mint(system.tenant) } }));
  const report = await reported;
  expect(report.url()).toBe(`${system.embedOrigin}/v1/csp-reports/${system.tenant.embed}`);
  expect((await report.response())?.status()).toBe(204);
});
