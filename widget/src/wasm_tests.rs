//! What crosses from JavaScript, as it crosses: these run where there is one.

use oriel_contract::{Dashboard, TaskPage, TaskStatus, Timeline};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    bridge::FrameSettings,
    error::{ApiError, ErrorKind, ProblemHead},
    wire::Wire,
};

const DASHBOARD: &str = include_str!("../tests/fixtures/dashboard.json");
const TIMELINE: &str = include_str!("../tests/fixtures/timeline.json");
const TASKS: &str = include_str!("../tests/fixtures/tasks.json");

/// What the browser makes of `json`, and we of that.
fn crossed<T: Wire>(json: &str) -> Option<T> {
    T::read(&js_sys::JSON::parse(json).unwrap())
}

#[wasm_bindgen_test]
fn the_frames_settings_are_read_beside_fields_for_others() {
    let settings: FrameSettings = crossed(
        r#"{"embed":"emb_01jd8x0c6tfwasq9m2yjz0v4kb","title":"Delivery \"Ω\"","default_range":"26w",
            "allowed_origins":["http://localhost:4400"],"widget":{"href":"/assets/w.wasm"}}"#,
    )
    .unwrap();
    assert_eq!(settings.title, "Delivery \"Ω\"");
    assert_eq!(settings.default_range, oriel_contract::RangePreset::Weeks26);
    assert_eq!(settings.view().to_text(), "overview");
}

#[wasm_bindgen_test]
fn the_view_to_begin_with_is_read_and_one_of_a_newer_server_is_not() {
    for (view, begun) in [("board", "board"), ("galaxy", "overview")] {
        let json = r#"{"title":"Delivery","default_range":"26w","view":"#.to_owned();
        let settings: FrameSettings = crossed(&(json + "\"" + view + "\"}")).unwrap();
        assert_eq!(settings.view().to_text(), begun);
    }
}

#[wasm_bindgen_test]
fn a_timeline_reads_as_it_does_natively() {
    let crossed: Timeline = crossed(TIMELINE).unwrap();
    assert_eq!(crossed, serde_json::from_str(TIMELINE).unwrap());
}

#[wasm_bindgen_test]
fn settings_without_a_range_are_refused() {
    assert!(crossed::<FrameSettings>(r#"{"title":"Delivery"}"#).is_none());
}

#[wasm_bindgen_test]
fn a_dashboard_reads_as_it_does_natively() {
    let crossed: Dashboard = crossed(DASHBOARD).unwrap();
    assert_eq!(crossed, serde_json::from_str(DASHBOARD).unwrap());
}

#[wasm_bindgen_test]
fn the_largest_whole_number_of_javascript_is_kept() {
    let dashboard: Dashboard = crossed(DASHBOARD).unwrap();
    assert_eq!(dashboard.revision, 9_007_199_254_740_991);
}

#[wasm_bindgen_test]
fn a_median_that_is_whole_or_missing_is_read() {
    let whole = DASHBOARD.replace("2.35", "2");
    let dashboard: Dashboard = crossed(&whole).unwrap();
    assert_eq!(dashboard.kpis.cycle_time.median_days, Some(2.0));
    let missing = DASHBOARD.replace("2.35", "null");
    let dashboard: Dashboard = crossed(&missing).unwrap();
    assert_eq!(dashboard.kpis.cycle_time.median_days, None);
}

#[wasm_bindgen_test]
fn tasks_with_nulls_read_as_they_do_natively() {
    let page: TaskPage = crossed(TASKS).unwrap();
    assert_eq!(page, serde_json::from_str(TASKS).unwrap());
    assert_eq!(page.items[1].status, TaskStatus::Done);
    assert_eq!(page.items[1].due_on, None);
    assert_eq!(
        page.items[0].title,
        "<script>alert(1)</script> Rotate the keys"
    );
}

#[wasm_bindgen_test]
fn an_id_of_another_kind_is_refused() {
    let wrong = TASKS.replace("tsk_", "prj_");
    assert!(crossed::<TaskPage>(&wrong).is_none());
}

#[wasm_bindgen_test]
fn a_problem_of_a_newer_server_is_still_a_problem() {
    let problem: ProblemHead =
        crossed(r#"{"type":"/problems/x","status":401,"code":"token_expired","new":{}}"#).unwrap();
    assert_eq!(ApiError::of(401, problem).kind, ErrorKind::TokenExpired);
}
