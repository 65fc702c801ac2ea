//! Rows into tasks: all rows of one key, from every file, are one task.
//!
//! Each field comes from one file only, so folding row by row joins the files
//! as well, and several rows on both sides never multiply.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{Timestamp, civil::Date};
use oriel_contract::{TaskPriority, TaskStatus};
use oriel_store::{
    ImportBatch, ImportContributor, ImportProject, ImportTask, ImportUser, NAME_CHARS,
};

use super::{
    directory::Directory,
    history::{history, oddities},
    mapping::{Field, Mapping},
    notation::NameTemplate,
    report::{Kind, Place, Report},
    table::Row,
    value::{Value, check_text, shown},
};

/// A task in the making.
#[derive(Debug, Default)]
struct Draft {
    key: String,
    /// Single-valued fields, with the row that gave each first.
    values: BTreeMap<Field, (Value, Place)>,
    contributors: Vec<ImportContributor>,
    /// Those of all rows.
    labels: BTreeSet<String>,
    rows: Vec<Place>,
}

/// Gathers rows, then makes the batch.
#[derive(Debug)]
pub struct Fold<'m> {
    mapping: &'m Mapping,
    drafts: Vec<Draft>,
    by_key: HashMap<String, usize>,
    people: Directory,
    projects: Directory,
}

impl<'m> Fold<'m> {
    pub fn new(mapping: &'m Mapping) -> Self {
        Self {
            mapping,
            drafts: Vec::new(),
            by_key: HashMap::new(),
            people: Directory::new("person"),
            projects: Directory::new("project"),
        }
    }

    /// Adds a row to its task.
    pub fn add(&mut self, row: Row, report: &mut Report) {
        let index = *self.by_key.entry(row.key.clone()).or_insert_with(|| {
            self.drafts.push(Draft {
                key: row.key.clone(),
                ..Draft::default()
            });
            self.drafts.len() - 1
        });
        let draft = &mut self.drafts[index];
        draft.rows.push(row.place);
        let mut worker = Worker::default();
        for (field, value) in row.values {
            match (field, value) {
                (Field::Contributor, Value::Text(id)) => worker.id = Some(id),
                (Field::ContributorName, Value::Text(name)) => worker.name = Some(name),
                (Field::ContributorHours, Value::Number(hours)) => worker.hours = Some(hours),
                (_, Value::Labels(labels)) => draft.labels.extend(labels),
                (field, value) => draft.set(field, value, row.place, report),
            }
        }
        draft.join_worker(&worker, row.place, report);
        if let Worker {
            id: Some(id), name, ..
        } = worker
        {
            self.people.meet(id, name, None, row.place, report);
        }
    }

    /// The batch of every task that is whole. `files` are the roles of the
    /// report's files, in their order.
    pub fn finish(mut self, files: &[&str], report: &mut Report) -> ImportBatch {
        let refused: BTreeMap<(usize, String), Place> = report
            .findings
            .iter()
            .filter(|finding| finding.kind == Kind::Rejected)
            .map(|finding| ((finding.place.file, finding.key.clone()), finding.place))
            .collect();
        let mut made = Vec::with_capacity(self.drafts.len());
        for mut draft in std::mem::take(&mut self.drafts) {
            if let Some(reason) = self.gap(&draft, files, &refused, report) {
                for &place in &draft.rows {
                    report.reject(place, &draft.key, reason.clone());
                }
            } else {
                let rows = std::mem::take(&mut draft.rows);
                let first = rows.first().copied();
                let task = first.and_then(|first| self.task(draft, first, report));
                made.extend(task.map(|task| (task, rows)));
            }
        }
        // Only now is it known who is named nowhere.
        let mut tasks = Vec::with_capacity(made.len());
        for (task, rows) in made {
            match self.unnameable(&task) {
                None => tasks.push(task),
                Some(reason) => {
                    for place in rows {
                        report.reject(place, &task.external_id, reason.clone());
                    }
                }
            }
        }
        self.batch(tasks)
    }

    /// Why somebody or something that the task refers to cannot have the name
    /// that the mapping makes up, if so.
    fn unnameable(&self, task: &ImportTask) -> Option<String> {
        let names = &self.mapping.names;
        let check = |directory: &Directory, template: &NameTemplate, kind: &str, id: &str| {
            if directory.name(id).is_some() {
                return None;
            }
            let fault = check_text(&template.fill(id), NAME_CHARS).err()?;
            let id = shown(id);
            Some(format!(
                "{kind} {id} has no name, and the one that `names.{kind}` makes is of no use: {fault}"
            ))
        };
        let workers = task.contributors.iter().map(|worker| worker.user.as_str());
        check(&self.projects, &names.project, "project", &task.project).or_else(|| {
            let mut people = task.assignee.as_deref().into_iter().chain(workers);
            people.find_map(|id| check(&self.people, &names.person, "person", id))
        })
    }

    /// Why a task cannot be made, if it cannot.
    fn gap(
        &self,
        draft: &Draft,
        files: &[&str],
        refused: &BTreeMap<(usize, String), Place>,
        report: &Report,
    ) -> Option<String> {
        let field = Field::REQUIRED
            .into_iter()
            .find(|field| !draft.values.contains_key(field))?;
        let (role, column) = self.mapping.column_of(field)?;
        let file = files.iter().position(|other| *other == role)?;
        let name = &report.files[file].name;
        if let Some(&place) = refused.get(&(file, draft.key.clone())) {
            return Some(format!(
                "task {} is not whole without the row in {}, which was not taken",
                shown(&draft.key),
                report.locate(place)
            ));
        }
        if draft.rows.iter().all(|place| place.file != file) {
            return Some(format!(
                "{name} has no row with {} = {}, which {field} comes from",
                self.mapping.files[role].key,
                shown(&draft.key)
            ));
        }
        Some(format!(
            "{field} is empty (column {} of {name})",
            shown(column)
        ))
    }

    fn task(&mut self, mut draft: Draft, first: Place, report: &mut Report) -> Option<ImportTask> {
        let project = draft.text(Field::Project)?;
        let project_name = draft.text(Field::ProjectName);
        self.projects
            .meet(project.clone(), project_name, None, first, report);
        let assignee = draft.text(Field::Assignee);
        if let Some(id) = &assignee {
            let name = draft.text(Field::AssigneeName);
            let email = draft.text(Field::AssigneeEmail);
            self.people.meet(id.clone(), name, email, first, report);
        } else {
            draft.warn_of_unassigned(report);
        }
        let task = ImportTask {
            title: draft.text(Field::Title)?,
            project,
            status: draft.status()?,
            priority: draft.priority(),
            assignee,
            labels: std::mem::take(&mut draft.labels).into_iter().collect(),
            created_at: draft.time(Field::CreatedAt)?,
            started_at: draft.time(Field::StartedAt),
            completed_at: draft.time(Field::CompletedAt),
            due_on: draft.day(Field::DueOn),
            estimate_hours: draft.number(Field::EstimateHours),
            history: Vec::new(),
            contributors: draft.contributors,
            external_id: draft.key,
        };
        for oddity in oddities(&task) {
            report.warn(
                first,
                &task.external_id,
                format!("task {} {oddity}", shown(&task.external_id)),
            );
        }
        Some(ImportTask {
            history: history(&task),
            ..task
        })
    }

    /// Only people and projects that a task needs come along.
    fn batch(self, tasks: Vec<ImportTask>) -> ImportBatch {
        let mut people = BTreeSet::new();
        let mut projects = BTreeSet::new();
        for task in &tasks {
            projects.insert(task.project.as_str());
            people.extend(task.assignee.as_deref());
            people.extend(task.contributors.iter().map(|worker| worker.user.as_str()));
        }
        let names = &self.mapping.names;
        let users = people.into_iter().map(|id| {
            let name = self.people.name(id);
            ImportUser {
                external_id: id.to_owned(),
                has_own_name: name.is_some(),
                name: name.unwrap_or_else(|| names.person.fill(id)),
                email: self.people.email(id),
            }
        });
        let users = users.collect();
        let projects = projects.into_iter().map(|id| {
            let name = self.projects.name(id);
            ImportProject {
                external_id: id.to_owned(),
                has_own_name: name.is_some(),
                name: name.unwrap_or_else(|| names.project.fill(id)),
            }
        });
        let projects = projects.collect();
        ImportBatch {
            users,
            projects,
            tasks,
            source: self.mapping.source.clone(),
        }
    }
}

/// Who worked on a task, as one row says it.
#[derive(Debug, Default)]
struct Worker {
    id: Option<String>,
    name: Option<String>,
    hours: Option<f64>,
}

impl Draft {
    /// Keeps the first value of a field; another one is a warning.
    fn set(&mut self, field: Field, value: Value, place: Place, report: &mut Report) {
        let Some((kept, first)) = self.values.get(&field) else {
            self.values.insert(field, (value, place));
            return;
        };
        if *kept != value {
            let reason = format!(
                "{field} of task {} is {value} here and {kept} on line {}: the first is kept",
                shown(&self.key),
                first.line
            );
            report.warn(place, &self.key, reason);
        }
    }

    fn join_worker(&mut self, worker: &Worker, place: Place, report: &mut Report) {
        let Some(id) = &worker.id else {
            if let Some(hours) = worker.hours {
                let reason = format!("{hours} hours are of nobody: they are left out");
                report.warn(place, &self.key, reason);
            }
            if let Some(name) = &worker.name {
                let reason = format!(
                    "{} {} is of nobody: it is left out",
                    Field::ContributorName,
                    shown(name)
                );
                report.warn(place, &self.key, reason);
            }
            return;
        };
        let known = self.contributors.iter_mut().find(|known| known.user == *id);
        let Some(known) = known else {
            self.contributors.push(ImportContributor {
                user: id.clone(),
                hours: worker.hours,
            });
            return;
        };
        if let Some(hours) = worker.hours {
            *known.hours.get_or_insert(0.0) += hours;
        }
        let reason = format!(
            "contributor {} of task {} stands twice: the hours are added up",
            shown(id),
            shown(&self.key)
        );
        report.warn(place, &self.key, reason);
    }

    /// A name or an address without the id of its assignee is lost.
    fn warn_of_unassigned(&self, report: &mut Report) {
        for field in [Field::AssigneeName, Field::AssigneeEmail] {
            if let Some((value, place)) = self.values.get(&field) {
                let reason = format!("{field} {value} is of nobody: it is left out");
                report.warn(*place, &self.key, reason);
            }
        }
    }

    fn take(&mut self, field: Field) -> Option<Value> {
        self.values.remove(&field).map(|(value, _)| value)
    }

    fn text(&mut self, field: Field) -> Option<String> {
        match self.take(field)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn time(&mut self, field: Field) -> Option<Timestamp> {
        match self.take(field)? {
            Value::Time(time) => Some(time),
            _ => None,
        }
    }

    fn day(&mut self, field: Field) -> Option<Date> {
        match self.take(field)? {
            Value::Day(day) => Some(day),
            _ => None,
        }
    }

    fn number(&mut self, field: Field) -> Option<f64> {
        match self.take(field)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    fn status(&mut self) -> Option<TaskStatus> {
        match self.take(Field::Status)? {
            Value::Status(status) => Some(status),
            _ => None,
        }
    }

    fn priority(&mut self) -> TaskPriority {
        match self.take(Field::Priority) {
            Some(Value::Priority(priority)) => priority,
            _ => TaskPriority::None,
        }
    }
}
