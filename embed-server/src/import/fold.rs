//! Rows into tasks: all rows of one key, from every file, are one task.
//!
//! Each field comes from one file only, so folding row by row joins the files
//! as well, and several rows on both sides never multiply.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use oriel_store::{
    ImportBatch, ImportMilestone, ImportProject, ImportTask, ImportUser, NAME_CHARS,
};

use super::{
    dependencies::{Files, settle},
    directory::Directory,
    draft::{Draft, Worker},
    field::{Field, Holds},
    history::{history, oddities},
    mapping::Mapping,
    milestones::Milestones,
    notation::NameTemplate,
    report::{Kind, Place, Report},
    table::Row,
    value::{Value, check_text, shown},
};

/// Gathers rows, then makes the batch.
#[derive(Debug)]
pub struct Fold<'m> {
    mapping: &'m Mapping,
    drafts: Vec<Draft>,
    by_key: HashMap<String, usize>,
    milestones: Milestones,
    people: Directory,
    projects: Directory,
}

impl<'m> Fold<'m> {
    pub fn new(mapping: &'m Mapping) -> Self {
        Self {
            mapping,
            drafts: Vec::new(),
            by_key: HashMap::new(),
            milestones: Milestones::default(),
            people: Directory::new("person"),
            projects: Directory::new("project"),
        }
    }

    /// Adds a row to its task, or the milestone that it is.
    pub fn add(&mut self, row: Row, report: &mut Report) {
        if row.holds == Holds::Milestones {
            self.milestones.add(row, &mut self.projects, report);
            return;
        }
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
                (Field::DependsOn, Value::List(tasks)) => draft.depends_on.extend(tasks),
                (_, Value::List(labels)) => draft.labels.extend(labels),
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

    /// The batch of every task that is whole, and of every milestone. `files` are
    /// the roles of the report's files, in their order; `stored` are the tasks
    /// that were imported before, where that is known.
    pub fn finish(
        mut self,
        files: &[&str],
        stored: Option<&BTreeSet<String>>,
        report: &mut Report,
    ) -> ImportBatch {
        let here = self.keys(files, report);
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
        let mut nameable = Vec::with_capacity(made.len());
        for (task, rows) in made {
            match self.unnameable(&task) {
                None => nameable.push((task, rows)),
                Some(reason) => {
                    for place in rows {
                        report.reject(place, &task.external_id, reason.clone());
                    }
                }
            }
        }
        let files = Files { here, stored };
        let tasks = settle(nameable, &files, report);
        let milestones = std::mem::take(&mut self.milestones);
        let is_bad = |milestone: &ImportMilestone| self.nameless_project(&milestone.project);
        let milestones = milestones.into_batch(is_bad, report);
        self.batch(tasks, milestones)
    }

    /// The key of every task that a file has a row of, taken or not.
    fn keys(&self, files: &[&str], report: &Report) -> HashSet<String> {
        let refused = report.findings.iter().filter(|finding| {
            let role = files[finding.place.file];
            finding.kind == Kind::Rejected && self.mapping.files[role].holds == Holds::Tasks
        });
        let refused = refused.map(|finding| finding.key.clone());
        refused.chain(self.by_key.keys().cloned()).collect()
    }

    /// Why somebody or something that the task refers to cannot have the name
    /// that the mapping makes up, if so.
    fn unnameable(&self, task: &ImportTask) -> Option<String> {
        let workers = task.contributors.iter().map(|worker| worker.user.as_str());
        self.nameless_project(&task.project).or_else(|| {
            let mut people = task.assignee.as_deref().into_iter().chain(workers);
            let template = &self.mapping.names.person;
            people.find_map(|id| nameless(&self.people, template, "person", id))
        })
    }

    fn nameless_project(&self, id: &str) -> Option<String> {
        nameless(&self.projects, &self.mapping.names.project, "project", id)
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
            depends_on: std::mem::take(&mut draft.depends_on).into_iter().collect(),
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

    /// Only people and projects that a task or a milestone needs come along.
    fn batch(self, tasks: Vec<ImportTask>, milestones: Vec<ImportMilestone>) -> ImportBatch {
        let mut people = BTreeSet::new();
        let mut projects = BTreeSet::new();
        for task in &tasks {
            projects.insert(task.project.as_str());
            people.extend(task.assignee.as_deref());
            people.extend(task.contributors.iter().map(|worker| worker.user.as_str()));
        }
        projects.extend(
            milestones
                .iter()
                .map(|milestone| milestone.project.as_str()),
        );
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
            milestones,
            source: self.mapping.source.clone(),
        }
    }
}

/// Why the name that a template makes of an id is of no use, where it is needed.
fn nameless(
    directory: &Directory,
    template: &NameTemplate,
    kind: &str,
    id: &str,
) -> Option<String> {
    if directory.name(id).is_some() {
        return None;
    }
    let fault = check_text(&template.fill(id), NAME_CHARS).err()?;
    let id = shown(id);
    Some(format!(
        "{kind} {id} has no name, and the one that `names.{kind}` makes is of no use: {fault}"
    ))
}
