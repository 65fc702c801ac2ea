//! Milestones on their way into the tables: one that is known by its external id
//! is written anew, the rest is made.

use oriel_contract::{MilestoneId, TenantId};

use super::{ImportBatch, known::Known};
use crate::{Context, NewId, StoreError, database::Tx, encoding::day_number, rows::Rows};

/// Writes the milestones of the batch.
pub(super) async fn write_milestones(
    tx: &mut Tx,
    cx: &mut Context<'_>,
    tenant: &TenantId,
    batch: &ImportBatch,
    known: &Known,
) -> Result<(), StoreError> {
    let mut rows = Rows::new(
        "INSERT INTO milestones (tenant_id, id, external_id, project_id, name, due_on, reached_on)
         VALUES",
        " ON CONFLICT (tenant_id, id) DO UPDATE SET project_id = excluded.project_id,
              name = excluded.name, due_on = excluded.due_on, reached_on = excluded.reached_on",
    );
    for milestone in &batch.milestones {
        let project = known.milestone_project(milestone)?;
        let id = match known.milestones.get(&milestone.external_id) {
            Some(id) => id.clone(),
            None => MilestoneId::new(cx),
        };
        rows.push([
            tenant.as_str().into(),
            id.as_str().into(),
            milestone.external_id.as_str().into(),
            project.as_str().into(),
            milestone.name.as_str().into(),
            day_number(milestone.due_on).into(),
            milestone.reached_on.map(day_number).into(),
        ]);
    }
    rows.write(tx).await
}
