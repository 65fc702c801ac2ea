use jiff::civil::date;
use oriel_contract::{ProjectId, TaskId, TaskPage, TaskStatus};

use super::*;
use crate::{choices::ChoicePage, columns::Column, error::ErrorKind, sort::SortKey};

const TASKS: &str = include_str!("../tests/fixtures/tasks.json");

fn page() -> Rc<TaskPage> {
    Rc::new(serde_json::from_str(TASKS).unwrap())
}

fn dashboard() -> Rc<Dashboard> {
    Rc::new(crate::charts::tests::dashboard())
}

fn project() -> ProjectId {
    page().items[0].project.id.clone()
}

fn task() -> TaskId {
    page().items[0].id.clone()
}

fn after(state: &State, actions: impl IntoIterator<Item = Action>) -> State {
    let start = Rc::new(state.clone());
    let end = actions.into_iter().fold(start, Reducible::reduce);
    (*end).clone()
}

/// The page of tasks that is wanted next; nothing while none is.
fn tasks_path(state: &State) -> String {
    state.tasks_read().map(|read| read.path).unwrap_or_default()
}

fn loaded() -> State {
    let state = State::new(RangePreset::Weeks12, View::default());
    let (dashboard_path, tasks_path) = (state.dashboard_path(), tasks_path(&state));
    let mut page = (*page()).clone();
    page.next_cursor = None;
    after(
        &state,
        [
            Action::DashboardArrived(dashboard_path, Ok(dashboard())),
            Action::TasksArrived(tasks_path, Ok(Rc::new(page))),
        ],
    )
}

fn failure(kind: ErrorKind) -> ApiError {
    ApiError::without_answer(kind)
}

fn show(view: &str, filters: &[(&str, &str)]) -> Action {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Action::Show(View::parse(view), Some(filters.iter().map(own).collect()))
}

#[test]
fn the_first_reads_are_those_that_the_boot_script_starts() {
    let state = State::new(RangePreset::Weeks26, View::default());
    assert_eq!(state.dashboard_path(), "/v1/embed/dashboard?range=26w");
    assert_eq!(tasks_path(&state), "/v1/embed/tasks?limit=50");
    assert!(state.dashboard.loading && state.list.is_loading());
}

#[test]
fn another_range_reads_the_dashboard_and_leaves_the_tasks() {
    let state = after(&loaded(), [Action::ChooseRange(RangePreset::All)]);
    assert!(state.dashboard.loading && !state.list.is_loading());
    assert!(
        state.dashboard.value.is_some(),
        "the old numbers stay meanwhile"
    );
}

#[test]
fn a_filter_narrows_dashboard_list_and_file_alike() {
    let state = after(
        &loaded(),
        [
            Action::Toggle(Facet::Status, "blocked".to_owned()),
            Action::ChooseDays(Some(date(2026, 6, 1)), None),
            Action::Export,
        ],
    );
    assert!(state.dashboard.loading && state.list.is_loading());
    for path in [
        state.dashboard_path(),
        tasks_path(&state),
        state.export_read().unwrap().path,
    ] {
        assert!(path.ends_with("&status=blocked&from=2026-06-01"), "{path}");
    }
}

#[test]
fn a_project_narrows_its_page_and_nothing_else() {
    let state = after(&loaded(), [Action::Open(Place::Project(project()))]);
    let wanted = "&project=".to_owned() + project().as_str();
    assert!(tasks_path(&state).ends_with(&wanted) && state.dashboard_path().ends_with(&wanted));
    assert_eq!(state.kept(), [("range", "12w".to_owned())]);
    let back = after(&state, [Action::Open(Place::Overview)]);
    assert!(!tasks_path(&back).contains("project"));
}

#[test]
fn a_part_of_a_chart_opens_its_tasks_and_back_undoes_both() {
    let start = after(&loaded(), [Action::Open(Place::Project(project()))]);
    let narrow = Action::Narrow(vec![("status", "blocked".to_owned())]);
    assert_eq!(narrow.selection(), Some(("status", "blocked")));
    let drilled = after(&start, [narrow]);
    assert_eq!(drilled.view.place, Place::Tasks);
    assert_eq!(
        drilled.filter.chosen(Facet::Project),
        [project().to_string()]
    );
    assert_eq!(drilled.filter.chosen(Facet::Status), ["blocked"]);
    let back = after(&drilled, [Action::Back]);
    assert_eq!((&back.view, &back.filter), (&start.view, &start.filter));
    assert!(!after(&back, [Action::Back]).has_past());
}

#[test]
fn what_the_host_page_keeps_comes_back_as_it_was() {
    let chosen = after(
        &loaded(),
        [
            Action::ChooseRange(RangePreset::All),
            Action::Toggle(Facet::Priority, "high".to_owned()),
            Action::SortBy(SortKey::DueOn, false),
            Action::Type("a, b".to_owned()),
            Action::Search,
            Action::Open(Place::Tasks),
            Action::OpenTask(task()),
        ],
    );
    let kept = chosen.kept();
    let kept: Vec<_> = kept.iter().map(|(name, value)| (*name, &**value)).collect();
    let shown = after(&loaded(), [show(&chosen.view.to_text(), &kept)]);
    assert_eq!(shown.view, chosen.view);
    assert_eq!(shown.typed, "a, b");
    assert_eq!(
        (shown.dashboard_path(), tasks_path(&shown)),
        (chosen.dashboard_path(), tasks_path(&chosen))
    );
}

#[test]
fn what_the_host_page_leaves_out_stays_and_no_filters_clear_all() {
    let chosen = after(
        &loaded(),
        [Action::ToggleOverdue, Action::Open(Place::Tasks)],
    );
    let moved = after(&chosen, [Action::Show(View::parse("overview"), None)]);
    assert!(moved.filter.overdue && moved.view.place == Place::Overview);
    let cleared = after(&chosen, [Action::Show(None, Some(Vec::new()))]);
    assert!(!cleared.filter.is_narrow() && cleared.view.place == Place::Tasks);
}

#[test]
fn an_answer_to_an_older_question_is_dropped() {
    let state = loaded();
    let old = state.dashboard_path();
    let state = after(
        &state,
        [
            Action::ChooseRange(RangePreset::Weeks4),
            Action::DashboardArrived(old, Err(failure(ErrorKind::Network))),
        ],
    );
    assert!(state.dashboard.loading && state.dashboard.error.is_none());
}

#[test]
fn an_order_by_several_columns_is_one_question() {
    let state = after(
        &loaded(),
        [
            Action::SortBy(SortKey::Priority, false),
            Action::SortBy(SortKey::DueOn, true),
        ],
    );
    assert!(state.list.is_loading() && !state.dashboard.loading);
    assert!(tasks_path(&state).ends_with("&sort=priority,due_on"));
    let state = after(&state, [Action::Order(SortKey::Priority, None)]);
    assert!(tasks_path(&state).ends_with("&sort=due_on"));
}

#[test]
fn columns_come_and_go_without_a_read() {
    let state = after(&loaded(), [Action::ToggleColumn(Column::Labels)]);
    assert!(state.columns.has(Column::Labels) && !state.list.is_loading());
}

#[test]
fn typing_reads_nothing_before_the_pause() {
    let typing = after(&loaded(), [Action::Type("pipe".to_owned())]);
    assert!(!typing.list.is_loading());
    let paused = after(&typing, [Action::Search]);
    assert!(paused.list.is_loading());
    assert!(tasks_path(&paused).ends_with("&q=pipe"));
}

#[test]
fn clearing_the_filters_also_empties_the_search_field() {
    let state = after(
        &loaded(),
        [
            Action::Type("pipe".to_owned()),
            Action::Search,
            Action::ClearFilters,
        ],
    );
    assert_eq!(state.typed, "");
    assert_eq!(tasks_path(&state), "/v1/embed/tasks?limit=50");
}

#[test]
fn a_retry_is_another_read_of_the_same_path() {
    let state = State::new(RangePreset::Weeks12, View::default());
    let path = tasks_path(&state);
    let failed = Action::TasksArrived(path.clone(), Err(failure(ErrorKind::Network)));
    let state = after(&state, [failed]);
    assert!(state.list.error.is_some() && !state.list.is_loading());
    let state = after(&state, [Action::Retry(Resource::Tasks)]);
    assert_eq!((state.list.attempt, tasks_path(&state)), (1, path));
    assert!(state.list.is_loading() && state.list.error.is_none());
}

#[test]
fn a_refresh_is_quiet_and_its_failure_is_no_news() {
    let state = after(&loaded(), [Action::Refresh]);
    assert_eq!(state.dashboard_read().unwrap().attempt, 1);
    assert!(!state.dashboard.loading && !state.list.is_loading());
    let path = state.dashboard_path();
    let failed = Action::DashboardArrived(path, Err(failure(ErrorKind::Network)));
    let state = after(&state, [failed]);
    assert!(state.dashboard.error.is_none() && state.dashboard.value.is_some());
}

#[test]
fn a_refresh_while_an_answer_is_awaited_ends_with_its_own_answer() {
    let awaited = after(
        &State::new(RangePreset::Weeks12, View::default()),
        [Action::Refresh],
    );
    assert!(awaited.dashboard.loading && awaited.list.is_loading());
    assert_eq!(awaited.dashboard_read().unwrap().attempt, 1);
    let answer = |revision| {
        let mut dashboard = (*dashboard()).clone();
        dashboard.revision = revision;
        Action::DashboardArrived(awaited.dashboard_path(), Ok(Rc::new(dashboard)))
    };
    // The answer to the read before may have come at the last moment.
    let state = after(&awaited, [answer(1), answer(2)]);
    assert_eq!(state.revision(), Some(2));
    assert!(!state.dashboard.loading && state.dashboard.error.is_none());
}

#[test]
fn an_echo_of_the_filters_leaves_what_is_being_typed() {
    let typing = [
        Action::ChooseField("created_at".to_owned()),
        Action::Type("pi".to_owned()),
        Action::Search,
        Action::Type("pipe".to_owned()),
        show("overview", &[("q", "pi"), ("range", "12w")]),
    ];
    let state = after(&loaded(), typing);
    assert_eq!((&*state.typed, &*state.filter.search), ("pipe", "pi"));
    assert_eq!(state.filter.date.as_str(), "created_at");
    let other = after(&state, [show("overview", &[("q", "cable")])]);
    assert_eq!(other.typed, "cable");
}

#[test]
fn filters_of_the_host_page_replace_range_and_order_too() {
    let chosen = after(
        &loaded(),
        [
            Action::ChooseRange(RangePreset::All),
            Action::SortBy(SortKey::DueOn, false),
        ],
    );
    let cleared = after(&chosen, [Action::Show(None, Some(Vec::new()))]);
    assert_eq!(cleared.kept(), loaded().kept());
    let unknown = after(&chosen, [show("overview", &[("range", "3y")])]);
    assert_eq!(unknown.range, RangePreset::Weeks12);
}

#[test]
fn a_quiet_read_that_changes_the_count_is_not_announced() {
    let state = loaded();
    let total = page().total;
    assert_eq!(state.announced, Some(total));
    let answer = |state: &State, total| {
        let mut page = (*page()).clone();
        (page.total, page.next_cursor) = (total, None);
        Action::TasksArrived(tasks_path(state), Ok(Rc::new(page)))
    };
    let refreshed = after(&state, [Action::Refresh]);
    let state = after(&refreshed, [answer(&refreshed, total + 1)]);
    assert_eq!(
        (state.list.total, state.announced),
        (total + 1, Some(total))
    );
    let asked = after(&state, [Action::SortBy(SortKey::DueOn, false)]);
    assert_eq!(asked.announced, None);
    let state = after(&asked, [answer(&asked, total + 2)]);
    assert_eq!(state.announced, Some(total + 2));
}

#[test]
fn a_change_is_read_quietly_and_what_is_on_its_way_is_waited_for() {
    let state = loaded();
    let shown = state.dashboard.value.as_ref().unwrap().revision;
    let heard = |revision| Action::Heard(true, Some(revision));
    let same = after(&state, [heard(shown)]);
    assert_eq!(same.dashboard_read(), state.dashboard_read());
    assert_eq!(same.live.is_up, Some(true));

    let read_again = after(&same, [heard(shown + 1), heard(shown + 2)]);
    assert_eq!(
        read_again.dashboard_read().unwrap().attempt,
        1,
        "one read at a time"
    );
    assert!(read_again.dashboard.value.is_some() && !read_again.dashboard.loading);
    let answer = |revision| {
        let mut dashboard = (*dashboard()).clone();
        dashboard.revision = revision;
        Action::DashboardArrived(state.dashboard_path(), Ok(Rc::new(dashboard)))
    };
    let behind = after(&read_again, [answer(shown + 1)]);
    assert_eq!(
        behind.dashboard_read().unwrap().attempt,
        2,
        "there was another change meanwhile"
    );
    let even = after(&behind, [answer(shown + 2)]);
    assert_eq!(even.dashboard_read(), None);
    let old = after(&behind, [answer(shown + 1)]);
    assert_eq!(
        old.dashboard_read(),
        None,
        "an answer that stands still is not chased"
    );
}

#[test]
fn a_task_opens_and_closes_and_forgets_what_it_read() {
    let open = after(&loaded(), [Action::OpenTask(task())]);
    assert!(open.detail.loading && open.detail_read().is_some());
    let closed = after(&open, [Action::CloseTask]);
    assert!(!closed.detail.loading && closed.detail_read().is_none());
}

#[test]
fn another_page_closes_the_open_task() {
    let state = after(
        &loaded(),
        [Action::OpenTask(task()), Action::Open(Place::Tasks)],
    );
    assert_eq!(state.view.task, None);
}

#[test]
fn a_chart_turns_into_its_table_and_back() {
    let state = after(&loaded(), [Action::ToggleTwin(Chart::Workload)]);
    assert!(state.shows_twin(Chart::Workload) && !state.shows_twin(Chart::BurnUp));
    let state = after(&state, [Action::ToggleTwin(Chart::Workload)]);
    assert!(!state.shows_twin(Chart::Workload));
}

#[test]
fn the_first_load_ends_when_both_reads_have() {
    let state = State::new(RangePreset::Weeks12, View::default());
    let path = state.dashboard_path();
    assert_eq!(state.outcome(), None);
    let half = after(&state, [Action::DashboardArrived(path, Ok(dashboard()))]);
    assert_eq!(half.outcome(), None);
    assert_eq!(loaded().outcome(), Some(Outcome::Ready));
}

fn ended_with(
    dashboard_error: Option<ErrorKind>,
    tasks_error: Option<ErrorKind>,
) -> Option<Outcome> {
    let state = State::new(RangePreset::Weeks12, View::default());
    let numbers = dashboard_error.map_or_else(|| Ok(dashboard()), |kind| Err(failure(kind)));
    let tasks = tasks_error.map_or_else(|| Ok(page()), |kind| Err(failure(kind)));
    let arrivals = [
        Action::DashboardArrived(state.dashboard_path(), numbers),
        Action::TasksArrived(tasks_path(&state), tasks),
    ];
    after(&state, arrivals).outcome()
}

#[test]
fn a_read_that_ran_out_of_time_changes_nothing_once_it_was_answered() {
    let state = State::new(RangePreset::Weeks12, View::default());
    let late = Action::TasksArrived(tasks_path(&state), Err(failure(ErrorKind::Network)));
    assert_eq!(after(&loaded(), [late]).list.error, None);
}

#[test]
fn one_failed_read_is_a_failed_load() {
    let network = Some(Outcome::Failed(failure(ErrorKind::Network)));
    assert_eq!(ended_with(Some(ErrorKind::Network), None), network);
    assert_eq!(ended_with(None, Some(ErrorKind::Network)), network);
}

#[test]
fn a_part_that_the_token_leaves_out_is_no_failure() {
    let scope = ErrorKind::InsufficientScope;
    assert_eq!(ended_with(Some(scope.clone()), None), Some(Outcome::Ready));
    assert_eq!(ended_with(None, Some(scope.clone())), Some(Outcome::Ready));
    let none = Some(Outcome::Failed(failure(scope.clone())));
    assert_eq!(ended_with(Some(scope.clone()), Some(scope)), none);
}

#[test]
fn choices_are_read_when_a_menu_opens_or_a_chip_needs_a_name() {
    let state = loaded();
    assert_eq!(state.choices_read(), None);
    let opened = after(&state, [Action::OpenMenu(Facet::Label)]);
    let path = opened.choices_read().unwrap().path;
    assert_eq!(path, "/v1/embed/labels?limit=200");
    let json = r#"{"items":[{"id":"lbl_1","name":"Risk","tasks":3}],"next_cursor":null}"#;
    let page: ChoicePage = serde_json::from_str(json).unwrap();
    let there = after(&opened, [Action::ChoicesArrived(path, Ok(Rc::new(page)))]);
    assert_eq!(there.choices(Facet::Label).name("lbl_1"), Some("Risk"));
    assert_eq!(there.choices_read(), None);
    let on_a_page = after(&state, [Action::Open(Place::Project(project()))]);
    assert_eq!(on_a_page.choices_read(), None, "numbers come first");
}

#[test]
fn it_starts_where_the_embed_says_and_has_no_way_back_from_there() {
    let state = State::new(RangePreset::Weeks12, View::parse("board").unwrap());
    assert_eq!(state.view.to_text(), "board");
    assert!(!state.has_past());
    let task = "tasks&task=".to_owned() + task().as_str();
    let state = State::new(RangePreset::Weeks12, View::parse(&task).unwrap());
    assert!(state.detail_read().is_some() && state.detail.loading);
}

#[test]
fn a_column_of_the_board_has_filters_and_order_but_one_status() {
    let state = after(
        &loaded(),
        [
            Action::Open(Place::Board),
            Action::Toggle(Facet::Status, "done".to_owned()),
            Action::Toggle(Facet::Status, "todo".to_owned()),
            Action::ToggleOverdue,
            Action::SortBy(SortKey::DueOn, false),
        ],
    );
    assert_eq!(
        state.column_question(TaskStatus::Todo),
        "/v1/embed/tasks?status=todo&overdue=true&sort=due_on"
    );
    // The list goes on with all of them: it says how many there are.
    assert!(tasks_path(&state).contains("status=done,todo"));
}

#[test]
fn a_timeline_is_of_the_project_and_the_range() {
    let state = after(
        &loaded(),
        [
            Action::Open(Place::Project(project())),
            Action::ChooseRange(RangePreset::All),
            Action::Toggle(Facet::Status, "done".to_owned()),
        ],
    );
    assert_eq!(
        state.timeline_question(),
        format!(
            "/v1/embed/timeline?range=52w&project={}&status=done",
            project()
        )
    );
}
