use std::time::Instant;
use jiff::{Timestamp, ToSpan};
use oriel_contract::*;
use oriel_store::*;
use rand::{Rng, SeedableRng};
fn main() { tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()) }
async fn run() {
    let url = std::env::args().nth(1).unwrap();
    let store = Store::connect(&url).await.unwrap();
    store.migrate().await.unwrap();
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(5);
    let now: Timestamp = "2026-03-25T12:00:00Z".parse().unwrap();
    let today = "2026-03-25".parse().unwrap();
    let tenants = store.list_tenants().await.unwrap();
    let tenant = if let Some(t) = tenants.first() { t.id.clone() } else {
        let t = store.create_tenant(&mut Context { now, rng: &mut rng }, "x").await.unwrap().id;
        let words = ["Fix","Add","login","report","screen","cache","import","broken","policy","Message","summary","invoice"];
        let mut r2 = rand_chacha::ChaCha8Rng::seed_from_u64(6);
        let tasks = (0..100_000).map(|n| {
            let created = now - (r2.random_range(0..730*24*60)).minutes();
            let status = TaskStatus::ALL[[0,0,1,2,3,3,3,3,3,4][r2.random_range(0..10)]];
            let started = (status != TaskStatus::Todo).then(|| created + r2.random_range(0..5000).minutes());
            let completed = (status == TaskStatus::Done).then(|| started.unwrap() + r2.random_range(0..20000).minutes());
            ImportTask { external_id: format!("GEN-{n}"), title: (0..6).map(|_| words[r2.random_range(0..12)]).collect::<Vec<_>>().join(" "), project: format!("p{}", r2.random_range(0..12)), status,
              priority: TaskPriority::ALL[r2.random_range(0..5)], assignee: (r2.random_range(0..10)>0).then(|| format!("u{}", r2.random_range(0..60))), created_at: created, started_at: started, completed_at: completed,
              due_on: (r2.random_range(0..10)>3).then(|| (created + r2.random_range(0..60*24).hours()).to_zoned(jiff::tz::TimeZone::UTC).date()), estimate_hours: Some(2.0),
              history: [Some(StatusChange{status:TaskStatus::Todo,at:created}), started.map(|at| StatusChange{status:TaskStatus::InProgress,at}), completed.map(|at| StatusChange{status:TaskStatus::Done,at})].into_iter().flatten().collect(),
              contributors: vec![ImportContributor{user: format!("u{}", r2.random_range(0..60)), hours: Some(1.0)}] }
        }).collect();
        let batch = ImportBatch { users: (0..60).map(|n| ImportUser{external_id: format!("u{n}"), name: format!("User {n}"), email: None}).collect(), projects: (0..12).map(|n| ImportProject{external_id: format!("p{n}"), name: format!("Project {n}")}).collect(), tasks, source: "gen".into() };
        let t0 = Instant::now();
        let o = store.within(TenantScope::whole(t.clone())).import(&mut Context{now, rng:&mut rng}, batch.clone(), &mut |_| {}).await.unwrap();
        println!("import 100k: {:?} {o:?}", t0.elapsed());
        let t0 = Instant::now();
        let o = store.within(TenantScope::whole(t.clone())).import(&mut Context{now, rng:&mut rng}, batch, &mut |_| {}).await.unwrap();
        println!("reimport: {:?} {o:?}", t0.elapsed());
        t
    };
    let store = Store::connect(&url).await.unwrap();
    let s = store.within(TenantScope::whole(tenant.clone()));
    let projects = s.projects(today, 50, None).await.unwrap().items;
    let user = s.tasks(today, &TaskQuery{limit: 50, ..Default::default()}).await.unwrap().items.into_iter().find_map(|t| t.assignee).unwrap().id;
    async fn timed<F: AsyncFn()>(name: &str, f: F) { f().await; let t0 = Instant::now(); for _ in 0..5 { f().await; } println!("{:>9.2} ms  {name}", t0.elapsed().as_secs_f64()*200.0); }
    for range in RangePreset::ALL { timed(&format!("dashboard {range:?}"), async || { s.dashboard(today, range, None).await.unwrap(); }).await; }
    timed("dashboard project", async || { s.dashboard(today, RangePreset::Weeks12, Some(&projects[0].id)).await.unwrap(); }).await;
    let lim = store.within(TenantScope::limited(tenant.clone(), Some(projects[..3].iter().map(|p| p.id.clone()).collect()), LockedFilters::default()));
    timed("dashboard 3 projects scope", async || { lim.dashboard(today, RangePreset::Weeks12, None).await.unwrap(); }).await;
    timed("projects", async || { s.projects(today, 50, None).await.unwrap(); }).await;
    let base = TaskQuery { limit: 50, ..Default::default() };
    use TaskSort::*;
    for sort in [UpdatedAt, UpdatedAtDesc, CreatedAtDesc, DueOn, DueOnDesc, CompletedAtDesc, Priority, PriorityDesc, Title, TitleDesc] {
        timed(&format!("tasks {sort:?}"), async || { s.tasks(today, &TaskQuery{sort, ..base.clone()}).await.unwrap(); }).await;
    }
    let c = s.tasks(today, &base).await.unwrap().next_cursor;
    timed("tasks 2nd page", async || { s.tasks(today, &TaskQuery{cursor: c.clone(), ..base.clone()}).await.unwrap(); }).await;
    for sort in [UpdatedAtDesc, DueOn, Priority, Title] {
    timed(&format!("tasks status {sort:?}"), async || { s.tasks(today, &TaskQuery{sort, statuses: vec![TaskStatus::Todo, TaskStatus::Blocked], ..base.clone()}).await.unwrap(); }).await;
    timed(&format!("tasks project+status {sort:?}"), async || { s.tasks(today, &TaskQuery{sort, project: Some(projects[2].id.clone()), statuses: vec![TaskStatus::Todo, TaskStatus::InProgress, TaskStatus::Blocked], ..base.clone()}).await.unwrap(); }).await;
    timed(&format!("tasks overdue {sort:?}"), async || { s.tasks(today, &TaskQuery{sort, overdue: Some(true), ..base.clone()}).await.unwrap(); }).await;
    timed(&format!("tasks assignee {sort:?}"), async || { s.tasks(today, &TaskQuery{sort, assignee: Some(AssigneeFilter::User(user.clone())), ..base.clone()}).await.unwrap(); }).await;
    timed(&format!("tasks nobody {sort:?}"), async || { s.tasks(today, &TaskQuery{sort, assignee: Some(AssigneeFilter::Nobody), ..base.clone()}).await.unwrap(); }).await;
    timed(&format!("tasks q {sort:?}"), async || { s.tasks(today, &TaskQuery{sort, q: Some("broken login".into()), ..base.clone()}).await.unwrap(); }).await;
    timed(&format!("tasks q none {sort:?}"), async || { s.tasks(today, &TaskQuery{sort, q: Some("zzzz".into()), ..base.clone()}).await.unwrap(); }).await;
    }
    timed("revision", async || { store.tenant_revision(&tenant).await.unwrap(); }).await;
    timed("latest", async || { s.latest_activity().await.unwrap(); }).await;
}
