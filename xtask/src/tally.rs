//! Owns counting: what each test program says in its own words, as one sum.

use std::process::ExitStatus;

use anyhow::{Context, Result};
use serde_json::Value;

/// How a suite ended.
#[derive(Debug, Default, PartialEq)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
    /// The names of what failed, as far as the suite names them.
    pub failures: Vec<String>,
}

impl Tally {
    /// A check that is either right or wrong as a whole.
    pub fn one(passed: bool) -> Self {
        Self {
            passed: usize::from(passed),
            failed: usize::from(!passed),
            failures: Vec::new(),
        }
    }

    pub fn failure(why: impl Into<String>) -> Self {
        Self {
            passed: 0,
            failed: 1,
            failures: vec![why.into()],
        }
    }

    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.failures.extend(other.failures);
    }

    /// Believes no good news from a program that ended badly, and none from
    /// one that tested nothing.
    pub fn judged(mut self, status: ExitStatus) -> Self {
        if !status.success() && self.failed == 0 {
            self.add(Self::failure(format!("it ended early ({status})")));
        } else if self.passed + self.failed == 0 {
            self.add(Self::failure("it held no test"));
        }
        self
    }

    /// nextest's `libtest-json`: one event per line.
    pub fn of_nextest(text: &str) -> Self {
        let mut tally = Self::default();
        for line in text.lines() {
            let Ok(event) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            if event["type"] != "test" {
                continue;
            }
            match event["event"].as_str() {
                Some("ok") => tally.passed += 1,
                Some("failed") => {
                    tally.failed += 1;
                    tally
                        .failures
                        .extend(event["name"].as_str().map(str::to_owned));
                }
                _ => {}
            }
        }
        tally
    }

    /// What rustc's own harness prints: `test result: ok. 3 passed; 0 failed; …`.
    pub fn of_libtest(text: &str) -> Self {
        let mut tally = Self::default();
        for line in text.lines() {
            if let Some(result) = line.trim().strip_prefix("test result: ") {
                tally.passed += number_before(result, " passed").unwrap_or(0);
                tally.failed += number_before(result, " failed").unwrap_or(0);
            } else if let Some(test) = line.strip_prefix("test ") {
                let failed = test
                    .strip_suffix(" ... FAILED")
                    .or(test.strip_suffix(" ... FAIL"));
                tally.failures.extend(failed.map(str::to_owned));
            }
        }
        tally
    }

    /// Node's TAP: `# pass 3`, `# fail 0`, and `not ok 1 - name`.
    pub fn of_tap(text: &str) -> Self {
        let after = |prefix: &str| -> usize {
            text.lines()
                .filter_map(|line| line.strip_prefix(prefix)?.trim().parse::<usize>().ok())
                .sum()
        };
        let failures = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("not ok "))
            .map(str::to_owned);
        Self {
            passed: after("# pass "),
            failed: after("# fail ") + after("# cancelled "),
            failures: failures.collect(),
        }
    }

    /// Playwright's JSON report. What passed only on a second try has failed.
    pub fn of_playwright(report: &str) -> Result<Self> {
        let report: Value =
            serde_json::from_str(report).context("Playwright's report is no JSON")?;
        let stat = |name: &str| -> usize {
            report["stats"][name]
                .as_u64()
                .and_then(|n| usize::try_from(n).ok())
                .unwrap_or(0)
        };
        let mut failures = Vec::new();
        for suite in report["suites"].as_array().into_iter().flatten() {
            failing_specs(suite, &mut failures);
        }
        Ok(Self {
            passed: stat("expected"),
            failed: stat("unexpected") + stat("flaky"),
            failures,
        })
    }

    /// Schemathesis' JSON report: a case for each operation.
    pub fn of_schemathesis(report: &str) -> Result<Self> {
        let report: Value =
            serde_json::from_str(report).context("Schemathesis' report is no JSON")?;
        let mut failures = Vec::new();
        for kind in ["failures", "errors"] {
            for found in report[kind].as_array().into_iter().flatten() {
                let title = found["title"].as_str().unwrap_or("it failed");
                let operations = found["operations"].as_array().into_iter().flatten();
                let operations = operations.filter_map(Value::as_str);
                failures.extend(operations.map(|name| format!("{name}: {title}")));
            }
        }
        let tested = report["operations"]["tested"].as_u64().unwrap_or(0);
        let tested = usize::try_from(tested).unwrap_or(0);
        Ok(Self {
            passed: tested.saturating_sub(failures.len()),
            failed: failures.len(),
            failures,
        })
    }

    /// A script that ends with a line `3 passed, 0 failed`.
    pub fn of_last_line(text: &str) -> Self {
        let line = text.lines().rev().find(|line| line.contains(" passed"));
        let count = |what| line.and_then(|line| number_before(line, what)).unwrap_or(0);
        Self {
            passed: count(" passed"),
            failed: count(" failed"),
            failures: Vec::new(),
        }
    }
}

fn failing_specs(suite: &Value, failures: &mut Vec<String>) {
    for spec in suite["specs"].as_array().into_iter().flatten() {
        let all_expected = spec["tests"].as_array().is_some_and(|tests| {
            tests
                .iter()
                .all(|test| test["status"] == "expected" || test["status"] == "skipped")
        });
        if !all_expected {
            failures.extend(spec["title"].as_str().map(str::to_owned));
        }
    }
    for inner in suite["suites"].as_array().into_iter().flatten() {
        failing_specs(inner, failures);
    }
}

/// The number that stands right before `what`.
fn number_before(text: &str, what: &str) -> Option<usize> {
    let before = &text[..text.find(what)?];
    let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libtest_results_of_several_programs_are_summed() {
        let text = "test a ... ok\ntest b ... FAILED\n\
                    test result: FAILED. 1 passed; 1 failed; 0 ignored\n\
                    test result: ok. 12 passed; 0 failed; 3 ignored\n";
        let tally = Tally::of_libtest(text);
        assert_eq!((tally.passed, tally.failed), (13, 1));
        assert_eq!(tally.failures, ["b"]);
    }

    #[test]
    fn nextest_events_are_counted_by_test() {
        let text = r#"{"type":"suite","event":"started","test_count":2}
{"type":"test","event":"started","name":"oriel::a"}
{"type":"test","event":"ok","name":"oriel::a"}
{"type":"test","event":"failed","name":"oriel::b"}"#;
        let tally = Tally::of_nextest(text);
        assert_eq!((tally.passed, tally.failed), (1, 1));
        assert_eq!(tally.failures, ["oriel::b"]);
    }

    #[test]
    fn a_cancelled_node_test_has_failed() {
        let tally = Tally::of_tap("ok 1 - a\nnot ok 2 - b\n# pass 1\n# fail 0\n# cancelled 1\n");
        assert_eq!((tally.passed, tally.failed), (1, 1));
        assert_eq!(tally.failures, ["2 - b"]);
    }

    #[test]
    fn a_flaky_browser_test_has_failed() {
        let report = r#"{"stats":{"expected":2,"unexpected":1,"flaky":1},"suites":[{"suites":[{"specs":[
            {"title":"loads","tests":[{"status":"expected"}]},
            {"title":"wobbles","tests":[{"status":"flaky"}]}]}]}]}"#;
        let tally = Tally::of_playwright(report).unwrap();
        assert_eq!((tally.passed, tally.failed), (2, 2));
        assert_eq!(tally.failures, ["wobbles"]);
    }

    #[test]
    fn each_operation_that_schemathesis_found_wrong_has_failed() {
        let report = r#"{"operations":{"tested":3},"errors":[],"failures":[
            {"title":"Server error","operations":["GET /a"]}]}"#;
        let tally = Tally::of_schemathesis(report).unwrap();
        assert_eq!((tally.passed, tally.failed), (2, 1));
        assert_eq!(tally.failures, ["GET /a: Server error"]);
    }

    #[test]
    fn the_last_line_of_a_script_counts() {
        let tally = Tally::of_last_line("checking 3 passed things\n10 passed, 2 failed\n");
        assert_eq!((tally.passed, tally.failed), (10, 2));
    }
}
