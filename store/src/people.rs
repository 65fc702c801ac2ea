//! People: those that a task of the scope is assigned to.

use oriel_contract::{Page, Person, UserRef};

use crate::{
    StoreError, TenantStore,
    by_name::ByName,
    encoding::{self, count},
    sql::Sql,
};

impl TenantStore<'_> {
    /// People that a task which the scope shows is assigned to, by name, with
    /// the count of those that are open. `q` is text that their names contain,
    /// `after` the `next_cursor` of the page before.
    pub async fn people(
        &self,
        q: Option<&str>,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Page<Person>, StoreError> {
        let list = ByName::new("people", q, limit, after)?;
        let mut sql = Sql::new(
            "WITH loads AS (
                 SELECT t.assignee_id,
                        COUNT(CASE WHEN t.status IN ('todo', 'in_progress', 'blocked') THEN 1 END)
                            AS open
                 FROM tasks t WHERE ",
        );
        self.scope.limit_tasks(&mut sql);
        sql.push(
            " AND t.assignee_id IS NOT NULL GROUP BY t.assignee_id
             ), named AS (
                 SELECT u.id, ",
        )
        .push(self.scope.person_name())
        .push(
            " AS name, l.open FROM loads l
                 JOIN users u ON u.id = l.assignee_id AND u.tenant_id = ",
        )
        .bind(self.scope.tenant().as_str())
        .push(") SELECT n.id, n.name, n.open");
        list.select(&mut sql);

        let rows: Vec<(String, String, i64)> = self.store.database.all(sql).await?;
        let people = rows.into_iter().map(|(id, name, open)| {
            let id = encoding::id(&id)?;
            Ok(Person {
                user: UserRef { id, name },
                open: count(open),
            })
        });
        let people = people.collect::<Result<_, StoreError>>()?;
        Ok(list.page(people, |person: &Person| {
            (&person.user.name, person.user.id.as_str())
        }))
    }
}
