//! A task in the making: what its rows say, value by value.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use oriel_contract::{TaskPriority, TaskStatus};
use oriel_store::ImportContributor;

use super::{
    field::Field,
    report::{Place, Report},
    value::{Value, shown},
};

/// A task in the making.
#[derive(Debug, Default)]
pub struct Draft {
    pub key: String,
    /// Single-valued fields, with the row that gave each first.
    pub values: BTreeMap<Field, (Value, Place)>,
    pub contributors: Vec<ImportContributor>,
    /// Those of all rows.
    pub labels: BTreeSet<String>,
    pub depends_on: BTreeSet<String>,
    pub rows: Vec<Place>,
}

/// Who worked on a task, as one row says it.
#[derive(Debug, Default)]
pub struct Worker {
    pub id: Option<String>,
    pub name: Option<String>,
    pub hours: Option<f64>,
}

impl Draft {
    /// Keeps the first value of a field; another one is a warning.
    pub fn set(&mut self, field: Field, value: Value, place: Place, report: &mut Report) {
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

    pub fn join_worker(&mut self, worker: &Worker, place: Place, report: &mut Report) {
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
    pub fn warn_of_unassigned(&self, report: &mut Report) {
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

    pub fn text(&mut self, field: Field) -> Option<String> {
        match self.take(field)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn time(&mut self, field: Field) -> Option<Timestamp> {
        match self.take(field)? {
            Value::Time(time) => Some(time),
            _ => None,
        }
    }

    pub fn day(&mut self, field: Field) -> Option<Date> {
        match self.take(field)? {
            Value::Day(day) => Some(day),
            _ => None,
        }
    }

    pub fn number(&mut self, field: Field) -> Option<f64> {
        match self.take(field)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    pub fn status(&mut self) -> Option<TaskStatus> {
        match self.take(Field::Status)? {
            Value::Status(status) => Some(status),
            _ => None,
        }
    }

    pub fn priority(&mut self) -> TaskPriority {
        match self.take(Field::Priority) {
            Some(Value::Priority(priority)) => priority,
            _ => TaskPriority::None,
        }
    }
}
