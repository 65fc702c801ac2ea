//! Lists by name, page by page: projects, people, labels.
//!
//! Each names what it lists in a subquery `named` with an `id` and a `name`,
//! limited by its scope. What is added here looks nowhere else, so that it
//! cannot show more.

use oriel_contract::Page;

use crate::{
    StoreError,
    sql::Sql,
    tasks::{
        cursor::{Cursor, Key, fingerprint},
        filter::limit_text,
    },
};

/// Which page of a list.
pub(crate) struct ByName<'a> {
    q: Option<&'a str>,
    limit: u32,
    fingerprint: String,
    after: Option<Cursor>,
}

impl<'a> ByName<'a> {
    /// The page of this list after `next_cursor` of the page before; `q` is text
    /// that names contain.
    pub fn new(
        list: &str,
        q: Option<&'a str>,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Self, StoreError> {
        let fingerprint = match q {
            Some(q) => fingerprint(&[list, q]),
            None => fingerprint(&[list]),
        };
        let after = after
            .map(|text| Cursor::parse(text, &fingerprint))
            .transpose()?;
        if let Some(cursor) = &after
            && !matches!(cursor.keys[..], [Key::Text(_) | Key::Prefix(_)])
        {
            return Err(StoreError::BadCursor);
        }
        Ok(Self {
            q,
            limit,
            fingerprint,
            after,
        })
    }

    /// Adds ` FROM named n`, the conditions and the order; one row more than a
    /// page, where there are more.
    pub fn select(&self, sql: &mut Sql) {
        sql.push(" FROM named n WHERE 1 = 1");
        if let Some(q) = self.q {
            // Under these collations both databases lower ASCII letters only.
            limit_text(sql, "LOWER(n.name)", q);
        }
        if let Some(Cursor { keys, id }) = &self.after {
            sql.push(" AND (n.name, n.id) > (");
            bind_name(sql, &keys[0], id, false);
            sql.push(", ").bind(id.as_str()).push(")");
        }
        sql.push(" ORDER BY n.name, n.id LIMIT ")
            .bind(i64::from(self.limit) + 1);
    }

    /// The page of these rows, each with what tells its name and id.
    pub fn page<T>(&self, mut items: Vec<T>, of: impl Fn(&T) -> (&str, &str)) -> Page<T> {
        let more = items.len() > self.limit as usize;
        items.truncate(self.limit as usize);
        let next_cursor = items.last().filter(|_| more).map(|last| {
            let (name, id) = of(last);
            Cursor::new(vec![Key::Text(name.to_owned())], id).format(&self.fingerprint)
        });
        Page { items, next_cursor }
    }
}

/// Binds the name that a cursor stands for. One that was cut is looked up;
/// where it is another one by now, the start of the old one must do: some may come
/// again then, none is lost.
pub(crate) fn bind_name(sql: &mut Sql, name: &Key, id: &str, descends: bool) {
    let Key::Prefix(prefix) = name else {
        name.bind_to(sql);
        return;
    };
    sql.push("COALESCE((SELECT o.name FROM named o WHERE o.id = ")
        .bind(id)
        .push(" AND SUBSTR(o.name, 1, LENGTH(")
        .bind(prefix.as_str())
        .push(")) = ")
        .bind(prefix.as_str())
        .push("), ")
        .bind(if descends {
            format!("{prefix}{}", char::MAX)
        } else {
            prefix.clone()
        })
        .push(")");
}
