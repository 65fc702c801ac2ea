//! Projects and users: what has a name, and perhaps an id in another system.

use std::str::FromStr;

use oriel_contract::{Page, ProjectId, ProjectResource, TenantId, UserId, UserResource};
use serde_json::json;

use super::{Change, Expected, ListQuery, listing::Listing};
use crate::{
    NewId, StoreError, TenantStore,
    database::Tx,
    encoding::{self, count},
    sql::Sql,
};

/// One of the two kinds of things: where it is kept, and what is said of it.
struct Table {
    name: &'static str,
    what: &'static str,
    /// Its columns, of rows `n`.
    columns: &'static str,
    created: &'static str,
    updated: &'static str,
    deleted: &'static str,
    /// Tables that may refer to it, by the column that does, with what they hold.
    references: &'static [(&'static str, &'static str)],
}

const PROJECTS: Table = Table {
    name: "projects",
    what: "project",
    columns: "n.id, NULLIF(n.external_id, n.id) AS external_id, n.name, NULL AS email,
              n.version, n.created_at, n.updated_at",
    created: "project.created",
    updated: "project.updated",
    deleted: "project.deleted",
    references: &[
        (
            "SELECT 1 FROM tasks WHERE tenant_id = $1 AND project_id = $2 LIMIT 1",
            "tasks",
        ),
        (
            "SELECT 1 FROM milestones WHERE tenant_id = $1 AND project_id = $2 LIMIT 1",
            "milestones",
        ),
        (
            "SELECT 1 FROM embeds WHERE tenant_id = $1 AND default_view = 'project=' || $2 LIMIT 1",
            "embeds that begin with it",
        ),
    ],
};

const USERS: Table = Table {
    name: "users",
    what: "user",
    columns: "n.id, NULLIF(n.external_id, n.id) AS external_id, n.name, n.email,
              n.version, n.created_at, n.updated_at",
    created: "user.created",
    updated: "user.updated",
    deleted: "user.deleted",
    references: &[
        (
            "SELECT 1 FROM tasks WHERE tenant_id = $1 AND assignee_id = $2 LIMIT 1",
            "tasks",
        ),
        (
            "SELECT 1 FROM task_contributors WHERE tenant_id = $1 AND user_id = $2 LIMIT 1",
            "hours of work",
        ),
    ],
};

/// Changes to a project or a user. `None` leaves a member as it is, and `Some(None)`
/// takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedChanges {
    pub name: Option<String>,
    /// Projects have none.
    pub email: Option<Option<String>>,
    pub external_id: Option<Option<String>>,
}

/// What became of a thing that was put in a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Put<T> {
    pub resource: T,
    pub is_new: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
struct Row {
    id: String,
    external_id: Option<String>,
    name: String,
    email: Option<String>,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for ProjectResource {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: encoding::id(&row.id)?,
            external_id: row.external_id,
            name: row.name,
            version: count(row.version),
            created_at: encoding::timestamp(row.created_at)?,
            updated_at: encoding::timestamp(row.updated_at)?,
        })
    }
}

impl TryFrom<Row> for UserResource {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: encoding::id(&row.id)?,
            external_id: row.external_id,
            name: row.name,
            email: row.email,
            version: count(row.version),
            created_at: encoding::timestamp(row.created_at)?,
            updated_at: encoding::timestamp(row.updated_at)?,
        })
    }
}

/// What is of a kind: by this the two kinds differ, and by no code.
trait Kind: TryFrom<Row, Error = StoreError> {
    type Id: NewId + FromStr + AsRef<str>;
    const TABLE: Table;
}

impl Kind for ProjectResource {
    type Id = ProjectId;
    const TABLE: Table = PROJECTS;
}

impl Kind for UserResource {
    type Id = UserId;
    const TABLE: Table = USERS;
}

/// A statement that finds rows of a tenant by one column.
fn find(table: &Table, by: &'static str, tenant: &TenantId, value: &str) -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(table.columns).push(" FROM ").push(table.name);
    sql.push(" n WHERE n.tenant_id = ").bind(tenant.as_str());
    sql.push(by).bind(value);
    sql
}

const BY_ID: &str = " AND n.id = ";
const BY_EXTERNAL_ID: &str = " AND n.external_id <> n.id AND n.external_id = ";

impl TenantStore<'_> {
    /// A page of the tenant's projects.
    pub async fn project_resources(
        &self,
        query: &ListQuery,
    ) -> Result<Page<ProjectResource>, StoreError> {
        self.list(query).await
    }

    /// A project, if it is one of the tenant's.
    pub async fn project_resource(
        &self,
        id: &ProjectId,
    ) -> Result<Option<ProjectResource>, StoreError> {
        self.read(id.as_str()).await
    }

    /// A page of the tenant's users.
    pub async fn user_resources(
        &self,
        query: &ListQuery,
    ) -> Result<Page<UserResource>, StoreError> {
        self.list(query).await
    }

    /// A user, if it is one of the tenant's.
    pub async fn user_resource(&self, id: &UserId) -> Result<Option<UserResource>, StoreError> {
        self.read(id.as_str()).await
    }

    async fn list<K: Kind>(&self, query: &ListQuery) -> Result<Page<K>, StoreError> {
        self.require_whole()?;
        let listing = Listing::new(K::TABLE.name, query)?;
        let mut sql = Sql::new("WITH named AS (SELECT ");
        sql.push(K::TABLE.columns)
            .push(" FROM ")
            .push(K::TABLE.name);
        sql.push(" n WHERE n.tenant_id = ")
            .bind(self.scope.tenant().as_str());
        sql.push(") SELECT n.*");
        listing.select(&mut sql);
        let rows: Vec<Row> = self.store.database.all(sql).await?;
        listing.page(
            rows,
            |row| (row.created_at, &row.name, &row.id),
            K::try_from,
        )
    }

    async fn read<K: Kind>(&self, id: &str) -> Result<Option<K>, StoreError> {
        self.require_whole()?;
        let sql = find(&K::TABLE, BY_ID, self.scope.tenant(), id);
        let row: Option<Row> = self.store.database.optional(sql).await?;
        row.map(K::try_from).transpose()
    }
}

impl Change<'_> {
    /// Makes a project.
    pub async fn create_project(
        &mut self,
        name: String,
        external_id: Option<String>,
    ) -> Result<ProjectResource, StoreError> {
        self.create(name, None, external_id).await
    }

    /// Changes a project.
    pub async fn update_project(
        &mut self,
        id: &ProjectId,
        expected: &Expected,
        changes: NamedChanges,
    ) -> Result<ProjectResource, StoreError> {
        self.update(id.as_str(), expected, changes).await
    }

    /// Makes the project that another system calls so, or replaces it.
    pub async fn put_project(
        &mut self,
        external_id: String,
        expected: &Expected,
        name: String,
    ) -> Result<Put<ProjectResource>, StoreError> {
        self.put(external_id, expected, name, None).await
    }

    /// Deletes a project that nothing refers to.
    pub async fn delete_project(
        &mut self,
        id: &ProjectId,
        expected: &Expected,
    ) -> Result<(), StoreError> {
        self.delete::<ProjectResource>(id.as_str(), expected).await
    }

    /// Makes a user.
    pub async fn create_user(
        &mut self,
        name: String,
        email: Option<String>,
        external_id: Option<String>,
    ) -> Result<UserResource, StoreError> {
        self.create(name, email, external_id).await
    }

    /// Changes a user.
    pub async fn update_user(
        &mut self,
        id: &UserId,
        expected: &Expected,
        changes: NamedChanges,
    ) -> Result<UserResource, StoreError> {
        self.update(id.as_str(), expected, changes).await
    }

    /// Makes the user whom another system calls so, or replaces them.
    pub async fn put_user(
        &mut self,
        external_id: String,
        expected: &Expected,
        name: String,
        email: Option<String>,
    ) -> Result<Put<UserResource>, StoreError> {
        self.put(external_id, expected, name, email).await
    }

    /// Deletes a user whom nothing refers to.
    pub async fn delete_user(
        &mut self,
        id: &UserId,
        expected: &Expected,
    ) -> Result<(), StoreError> {
        self.delete::<UserResource>(id.as_str(), expected).await?;
        self.end_grants_of(id).await
    }

    async fn create<K: Kind>(
        &mut self,
        name: String,
        email: Option<String>,
        external_id: Option<String>,
    ) -> Result<K, StoreError> {
        if let Some(external_id) = &external_id {
            self.require_free::<K>(external_id).await?;
        }
        let id = K::Id::new(&mut self.cx);
        let now = self.cx.now.as_millisecond();
        let row = Row {
            id: id.as_ref().to_owned(),
            external_id,
            name,
            email,
            version: self.write.revision(),
            created_at: now,
            updated_at: now,
        };
        let mut insert = Sql::new("INSERT INTO ");
        insert.push(K::TABLE.name);
        insert.push(" (tenant_id, id, external_id, name, version, created_at, updated_at");
        insert.push(if has_email::<K>() {
            ", email) VALUES ("
        } else {
            ") VALUES ("
        });
        insert.bind(self.tenant.as_str()).push(", ");
        insert.bind(row.id.as_str()).push(", ");
        let external_id = row.external_id.as_deref().unwrap_or(&row.id);
        insert.bind(external_id).push(", ");
        insert.bind(row.name.as_str()).push(", ");
        insert.bind(row.version).push(", ");
        insert.bind(now).push(", ").bind(now);
        if has_email::<K>() {
            insert.push(", ").bind(row.email.as_deref());
        }
        insert.push(")");
        self.write.tx.execute(insert).await?;
        self.record(K::TABLE.created, &row.id, json!({}));
        K::try_from(row)
    }

    async fn update<K: Kind>(
        &mut self,
        id: &str,
        expected: &Expected,
        changes: NamedChanges,
    ) -> Result<K, StoreError> {
        let sql = find(&K::TABLE, BY_ID, &self.tenant, id);
        let row: Option<Row> = self.write.tx.optional(sql).await?;
        let row = row.ok_or(StoreError::NotFound {
            what: K::TABLE.what,
        })?;
        expected.check(Some(count(row.version)))?;
        self.change_row(row, changes).await
    }

    async fn put<K: Kind>(
        &mut self,
        external_id: String,
        expected: &Expected,
        name: String,
        email: Option<String>,
    ) -> Result<Put<K>, StoreError> {
        let sql = find(&K::TABLE, BY_EXTERNAL_ID, &self.tenant, &external_id);
        let row: Option<Row> = self.write.tx.optional(sql).await?;
        expected.check(row.as_ref().map(|row| count(row.version)))?;
        let is_new = row.is_none();
        let resource = match row {
            None => self.create(name, email, Some(external_id)).await?,
            Some(row) => {
                let changes = NamedChanges {
                    name: Some(name),
                    email: Some(email),
                    external_id: None,
                };
                self.change_row(row, changes).await?
            }
        };
        Ok(Put { resource, is_new })
    }

    async fn change_row<K: Kind>(
        &mut self,
        before: Row,
        changes: NamedChanges,
    ) -> Result<K, StoreError> {
        let mut row = before.clone();
        row.name = changes.name.unwrap_or(row.name);
        row.email = changes.email.unwrap_or(row.email);
        row.external_id = changes.external_id.unwrap_or(row.external_id);
        let mut changed = Vec::new();
        for (member, differs) in [
            ("name", row.name != before.name),
            ("email", row.email != before.email),
            ("external_id", row.external_id != before.external_id),
        ] {
            changed.extend(differs.then_some(member));
        }
        if changed.is_empty() {
            return K::try_from(row);
        }
        if let Some(external_id) = &row.external_id
            && row.external_id != before.external_id
        {
            self.require_free::<K>(external_id).await?;
        }
        row.version += 1;
        row.updated_at = self.cx.now.as_millisecond();
        let mut update = Sql::new("UPDATE ");
        update.push(K::TABLE.name).push(" SET name = ");
        update.bind(row.name.as_str());
        if has_email::<K>() {
            update.push(", email = ").bind(row.email.as_deref());
        }
        let external_id = row.external_id.as_deref().unwrap_or(&row.id);
        update.push(", external_id = ").bind(external_id);
        update.push(", version = ").bind(row.version);
        update.push(", updated_at = ").bind(row.updated_at);
        update
            .push(" WHERE tenant_id = ")
            .bind(self.tenant.as_str());
        update.push(" AND id = ").bind(row.id.as_str());
        self.write.tx.execute(update).await?;
        self.record(K::TABLE.updated, &row.id, json!({ "changed": changed }));
        K::try_from(row)
    }

    async fn delete<K: Kind>(&mut self, id: &str, expected: &Expected) -> Result<(), StoreError> {
        let sql = find(&K::TABLE, BY_ID, &self.tenant, id);
        let row: Option<Row> = self.write.tx.optional(sql).await?;
        let row = row.ok_or(StoreError::NotFound {
            what: K::TABLE.what,
        })?;
        expected.check(Some(count(row.version)))?;
        for (sql, by) in K::TABLE.references {
            let sql = Sql::new(sql).value(self.tenant.as_str()).value(id);
            if self.write.tx.optional::<(i32,)>(sql).await?.is_some() {
                return Err(StoreError::InUse { by });
            }
        }
        self.write.outgrow(row.version).await?;
        let mut delete = Sql::new("DELETE FROM ");
        delete.push(K::TABLE.name).push(" WHERE tenant_id = ");
        delete
            .bind(self.tenant.as_str())
            .push(" AND id = ")
            .bind(id);
        self.write.tx.execute(delete).await?;
        self.record(K::TABLE.deleted, id, json!({}));
        Ok(())
    }

    /// An external id names one thing of a kind.
    async fn require_free<K: Kind>(&mut self, external_id: &str) -> Result<(), StoreError> {
        require_free(&mut self.write.tx, K::TABLE.name, &self.tenant, external_id).await
    }
}

/// Projects have no address.
fn has_email<K: Kind>() -> bool {
    K::TABLE.name == USERS.name
}

/// Refuses an external id that names something of the table already, or that is the id
/// of something: such ids stand for themselves.
pub(super) async fn require_free(
    tx: &mut Tx,
    table: &'static str,
    tenant: &TenantId,
    external_id: &str,
) -> Result<(), StoreError> {
    let mut sql = Sql::new("SELECT n.id FROM ");
    sql.push(table).push(" n WHERE n.tenant_id = ");
    sql.bind(tenant.as_str()).push(" AND (n.external_id = ");
    sql.bind(external_id).push(" OR n.id = ");
    sql.bind(external_id).push(")");
    match tx.optional::<(String,)>(sql).await? {
        Some(_) => Err(StoreError::Conflict {
            what: "external id",
        }),
        None => Ok(()),
    }
}
