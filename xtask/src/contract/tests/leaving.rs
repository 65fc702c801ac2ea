//! What is marked as deprecated, and when it may go.

use super::{RELEASED, breaks, edited, parsed};
use crate::contract::marks;

const MARKED: &str = "deprecated: true, x-deprecated-at: 2025-01-15, x-sunset: ";

fn marked(what: &str, sunset: &str) -> String {
    RELEASED.replace(what, &format!("{what} {MARKED}{sunset},"))
}

#[test]
fn what_was_marked_may_go_from_its_sunset_on() {
    for (fact, what, line, required) in [
        (
            "a parameter",
            "name: limit,",
            "- { name: limit, in",
            "[id, title]",
        ),
        (
            "a property of a request",
            "note: {",
            "note: { type",
            "[id, title]",
        ),
        (
            "a property of an answer",
            "title: {",
            "title: { type",
            "[id]",
        ),
    ] {
        let lines = RELEASED.split_inclusive('\n');
        let without: String = lines.filter(|each| !each.contains(line)).collect();
        let without = without.replace("[id, title]", required);
        let past = breaks(&marked(what, "2026-01-15"), &without);
        assert_eq!(past, [""; 0], "{fact}");
        let early = breaks(&marked(what, "2026-01-16"), &without);
        assert!(!early.is_empty(), "{fact}");
        assert!(!breaks(RELEASED, &without).is_empty(), "{fact}");
    }
}

#[test]
fn an_operation_that_was_marked_may_go_from_its_sunset_on() {
    let marks = "deprecated: true\n      x-deprecated-at: 2025-01-15\n      x-sunset: ";
    let of = |sunset| {
        edited(
            "operationId: read_task",
            &format!("operationId: read_task\n      {marks}{sunset}"),
        )
    };
    let without = edited("  /v1/tasks/{task}:", "  /v1/jobs/{task}:");
    assert_eq!(breaks(&of("2026-01-15"), &without), [""; 0]);
    assert_eq!(breaks(&of("2026-01-16"), &without).len(), 1);
    let sooner = breaks(&of("2026-03-01"), &of("2026-02-01"));
    assert_eq!(
        sooner,
        ["GET /v1/tasks/{task}: its sunset was told to be 2026-03-01"]
    );
    assert_eq!(breaks(&of("2026-03-01"), &of("2026-04-01")), [""; 0]);
}

#[test]
fn marks_are_whole_and_leave_half_a_year() {
    let faults = |marks: &str| {
        let text = edited(
            "operationId: read_task",
            &format!("operationId: read_task\n      {marks}"),
        );
        marks::faults(&parsed(&text)).join("; ")
    };
    let link = "x-deprecation-link: https://docs.example.com/a\n      ";
    let whole =
        format!("{link}deprecated: true\n      x-deprecated-at: 2026-01-15\n      x-sunset: ");
    assert_eq!(faults(&format!("{whole}2026-07-15")), "");
    assert!(faults(&format!("{whole}2026-07-14")).contains("less than 6 months"));
    assert!(faults(&format!("{whole}soon")).contains("`x-sunset` is no date"));
    assert!(faults("deprecated: true").contains("`x-deprecated-at` is no date"));
    assert!(faults("x-sunset: 2026-07-15").contains("and not `deprecated: true`"));
    let unlinked = format!("{whole}2026-07-15").replace(link, "");
    assert!(faults(&unlinked).contains("`x-deprecation-link` names no https address"));
    let property = RELEASED.replace("note: {", "note: { deprecated: true,");
    assert_eq!(marks::faults(&parsed(&property)).len(), 1);
}
