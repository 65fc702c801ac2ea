//! Pages of projects, users and embeds: by when they were made, or by name.
//!
//! A list names what it is of in a subquery `named` with an `id`, a `name` and a
//! `created_at`, limited to its tenant. What is added here looks nowhere else.

use oriel_contract::Page;

use crate::{
    StoreError,
    by_name::bind_name,
    sql::Sql,
    tasks::{
        cursor::{Cursor, Key, fingerprint},
        filter::limit_text,
    },
};

/// What a list is ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum OrderField {
    /// When it was made, which nobody changes.
    #[default]
    CreatedAt,
    Name,
}

/// An order; what is equal is ordered by id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ListOrder {
    pub field: OrderField,
    pub descends: bool,
}

/// Which page of which list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ListQuery {
    /// Text that names contain.
    pub q: Option<String>,
    pub external_id: Option<String>,
    pub email: Option<String>,
    pub order: ListOrder,
    pub limit: u32,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// A page under way.
pub(super) struct Listing<'a> {
    query: &'a ListQuery,
    fingerprint: String,
    after: Option<Cursor>,
}

impl<'a> Listing<'a> {
    pub fn new(list: &str, query: &'a ListQuery) -> Result<Self, StoreError> {
        let order = format!("{:?}", query.order);
        let text = |text: &'a Option<String>| text.as_deref().unwrap_or_default();
        let (external_id, email) = (text(&query.external_id), text(&query.email));
        let fingerprint = fingerprint(&[list, &order, text(&query.q), external_id, email]);
        let after = (query.cursor.as_deref())
            .map(|cursor| Cursor::parse(cursor, &fingerprint))
            .transpose()?;
        let fits = |cursor: &Cursor| match query.order.field {
            OrderField::CreatedAt => matches!(cursor.keys[..], [Key::Int(_)]),
            OrderField::Name => matches!(cursor.keys[..], [Key::Text(_) | Key::Prefix(_)]),
        };
        if after.as_ref().is_some_and(|cursor| !fits(cursor)) {
            return Err(StoreError::BadCursor);
        }
        Ok(Self {
            query,
            fingerprint,
            after,
        })
    }

    /// Adds ` FROM named n`, the conditions and the order; one row more than a page,
    /// where there are more.
    pub fn select(&self, sql: &mut Sql) {
        sql.push(" FROM named n WHERE 1 = 1");
        if let Some(q) = &self.query.q {
            limit_text(sql, "LOWER(n.name)", q);
        }
        if let Some(external_id) = &self.query.external_id {
            sql.push(" AND n.external_id = ").bind(external_id.as_str());
        }
        if let Some(email) = &self.query.email {
            sql.push(" AND n.email = ").bind(email.as_str());
        }
        let ListOrder { field, descends } = self.query.order;
        let (pair, order) = match (field, descends) {
            (OrderField::CreatedAt, false) => {
                ("(n.created_at, n.id)", " ORDER BY n.created_at, n.id")
            }
            (OrderField::CreatedAt, true) => (
                "(n.created_at, n.id)",
                " ORDER BY n.created_at DESC, n.id DESC",
            ),
            (OrderField::Name, false) => ("(n.name, n.id)", " ORDER BY n.name, n.id"),
            (OrderField::Name, true) => ("(n.name, n.id)", " ORDER BY n.name DESC, n.id DESC"),
        };
        if let Some(Cursor { keys, id }) = &self.after {
            sql.push(" AND ").push(pair);
            sql.push(if descends { " < (" } else { " > (" });
            bind_name(sql, &keys[0], id, descends);
            sql.push(", ").bind(id.as_str()).push(")");
        }
        sql.push(order)
            .push(" LIMIT ")
            .bind(i64::from(self.query.limit) + 1);
    }

    /// The page of these rows, each with what tells its time, name and id.
    pub fn page<R, T>(
        &self,
        mut rows: Vec<R>,
        of: impl Fn(&R) -> (i64, &str, &str),
        read: impl Fn(R) -> Result<T, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        let more = rows.len() > self.query.limit as usize;
        rows.truncate(self.query.limit as usize);
        let next_cursor = rows.last().filter(|_| more).map(|last| {
            let (created_at, name, id) = of(last);
            let key = match self.query.order.field {
                OrderField::CreatedAt => Key::Int(created_at),
                OrderField::Name => Key::Text(name.to_owned()),
            };
            Cursor::new(vec![key], id).format(&self.fingerprint)
        });
        let items = rows.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Page { items, next_cursor })
    }
}
