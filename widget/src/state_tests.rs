use super::*;

const TASKS: &str = include_str!("../tests/fixtures/tasks.json");

fn page() -> Rc<TaskPage> {
    Rc::new(serde_json::from_str(TASKS).unwrap())
}

fn dashboard() -> Rc<Dashboard> {
    Rc::new(crate::charts::tests::dashboard())
}

fn after(state: &State, actions: impl IntoIterator<Item = Action>) -> State {
    let start = Rc::new(state.clone());
    let end = actions.into_iter().fold(start, Reducible::reduce);
    (*end).clone()
}

fn loaded() -> State {
    let state = State::new(RangePreset::Weeks12);
    let (dashboard_path, tasks_path) = (state.dashboard_path(), state.tasks_path());
    after(
        &state,
        [
            Action::DashboardArrived(dashboard_path, Ok(dashboard())),
            Action::TasksArrived(tasks_path, Ok(page())),
        ],
    )
}

fn failure(kind: ErrorKind) -> ApiError {
    ApiError::without_answer(kind)
}

#[test]
fn the_first_reads_are_those_that_the_boot_script_starts() {
    let state = State::new(RangePreset::Weeks26);
    assert_eq!(state.dashboard_path(), "/v1/embed/dashboard?range=26w");
    assert_eq!(state.tasks_path(), "/v1/embed/tasks?limit=50");
    assert!(state.dashboard.loading && state.tasks.loading);
}

#[test]
fn another_range_reads_the_dashboard_and_leaves_the_tasks() {
    let state = after(&loaded(), [Action::ChooseRange(RangePreset::All)]);
    assert!(state.dashboard.loading && !state.tasks.loading);
    assert!(
        state.dashboard.value.is_some(),
        "the old numbers stay meanwhile"
    );
}

#[test]
fn a_project_narrows_everything_and_returns_to_the_first_page() {
    let project = page().items[0].project.id.clone();
    let state = after(
        &loaded(),
        [Action::NextPage, Action::ChooseProject(project.to_string())],
    );
    assert!(state.dashboard.loading && state.tasks.loading);
    assert!(state.page.is_first());
    let wanted = "&project=".to_owned() + project.as_str();
    assert!(state.tasks_path().ends_with(&wanted) && state.dashboard_path().ends_with(&wanted));
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
fn pages_turn_forth_and_back_by_cursor() {
    let first = loaded();
    let second = after(&first, [Action::NextPage]);
    assert_eq!(
        second.tasks_path(),
        "/v1/embed/tasks?limit=50&cursor=a%2Fb%3D"
    );
    assert_eq!(second.page.before(), 50);
    let early = after(&second, [Action::NextPage]);
    assert_eq!(
        early.tasks_path(),
        second.tasks_path(),
        "the next cursor is not known yet"
    );
    let back = after(&second, [Action::PreviousPage]);
    assert_eq!(back.tasks_path(), first.tasks_path());
}

#[test]
fn typing_reads_nothing_before_the_pause() {
    let typing = after(&loaded(), [Action::Type("pipe".to_owned())]);
    assert!(!typing.tasks.loading);
    let paused = after(&typing, [Action::Search]);
    assert!(paused.tasks.loading);
    assert!(paused.tasks_path().ends_with("&q=pipe"));
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
    assert_eq!(state.tasks_path(), "/v1/embed/tasks?limit=50");
}

#[test]
fn a_retry_is_another_read_of_the_same_path() {
    let state = State::new(RangePreset::Weeks12);
    let path = state.tasks_path();
    let failed = Action::TasksArrived(path.clone(), Err(failure(ErrorKind::Network)));
    let state = after(&state, [failed]);
    assert!(state.tasks.error.is_some() && !state.tasks.loading);
    let state = after(&state, [Action::Retry(Resource::Tasks)]);
    assert_eq!((state.tasks.attempt, state.tasks_path()), (1, path));
    assert!(state.tasks.loading && state.tasks.error.is_none());
}

#[test]
fn a_task_opens_and_closes_and_forgets_what_it_read() {
    let task = page().items[0].id.clone();
    let open = after(&loaded(), [Action::ToggleTask(task.clone())]);
    assert!(open.detail.loading && open.detail_path().is_some());
    let closed = after(&open, [Action::ToggleTask(task)]);
    assert!(!closed.detail.loading && closed.detail_path().is_none());
}

#[test]
fn another_page_closes_the_open_task() {
    let task = page().items[0].id.clone();
    let state = after(&loaded(), [Action::ToggleTask(task), Action::NextPage]);
    assert_eq!(state.open_task, None);
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
    let state = State::new(RangePreset::Weeks12);
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
    let state = State::new(RangePreset::Weeks12);
    let numbers = dashboard_error.map_or_else(|| Ok(dashboard()), |kind| Err(failure(kind)));
    let tasks = tasks_error.map_or_else(|| Ok(page()), |kind| Err(failure(kind)));
    let (dashboard_path, tasks_path) = (state.dashboard_path(), state.tasks_path());
    let arrivals = [
        Action::DashboardArrived(dashboard_path, numbers),
        Action::TasksArrived(tasks_path, tasks),
    ];
    after(&state, arrivals).outcome()
}

#[test]
fn a_read_that_ran_out_of_time_changes_nothing_once_it_was_answered() {
    let state = loaded();
    let late = Action::TasksArrived(state.tasks_path(), Err(failure(ErrorKind::Network)));
    assert_eq!(after(&state, [late]).tasks.error, None);
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
fn projects_are_read_page_by_page_once_there_are_numbers() {
    assert_eq!(State::new(RangePreset::Weeks12).projects_read(), None);
    let state = loaded();
    let first = state.projects_read().unwrap().path;
    assert_eq!(first, "/v1/embed/projects?limit=200");
    let listed = |next: Option<&str>| {
        Ok(Rc::new(ListPage {
            items: vec![page().items[0].project.clone()],
            next_cursor: next.map(ToOwned::to_owned),
        }))
    };
    let state = after(&state, [Action::ProjectsArrived(first, listed(Some("x=")))]);
    let second = state.projects_read().unwrap().path;
    assert_eq!(second, "/v1/embed/projects?limit=200&cursor=x%3D");
    let state = after(&state, [Action::ProjectsArrived(second, listed(None))]);
    assert_eq!((state.projects.len(), state.projects_read()), (2, None));
}

#[test]
fn without_a_list_of_projects_the_menu_offers_none() {
    let state = loaded();
    let path = state.projects_read().unwrap().path;
    let failed = Action::ProjectsArrived(path, Err(failure(ErrorKind::Network)));
    let state = after(&state, [failed]);
    assert!(state.projects.is_empty() && state.projects_read().is_none());
}
