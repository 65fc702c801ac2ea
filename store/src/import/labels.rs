//! Labels on their way into the tables. One is known by its name, and made
//! where a task first has it.

use std::collections::BTreeSet;

use oriel_contract::{LabelId, TenantId};

use super::{ImportBatch, known::Known};
use crate::{Context, NewId, StoreError, database::Tx, rows::Rows};

/// Makes the labels of the batch that are not known yet.
pub(super) async fn write_labels(
    tx: &mut Tx,
    cx: &mut Context<'_>,
    tenant: &TenantId,
    batch: &ImportBatch,
    known: &mut Known,
) -> Result<(), StoreError> {
    let names: BTreeSet<&String> = batch.tasks.iter().flat_map(|task| &task.labels).collect();
    let mut rows = Rows::new("INSERT INTO labels (tenant_id, id, name) VALUES", "");
    for name in names {
        if known.labels.contains_key(name) {
            continue;
        }
        let id = LabelId::new(cx);
        rows.push([
            tenant.as_str().into(),
            id.as_str().into(),
            name.as_str().into(),
        ]);
        known.labels.insert(name.clone(), id);
    }
    rows.write(tx).await
}
