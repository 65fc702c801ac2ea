//! What the filter menus offer: projects, people and labels, by id and name.

use std::rc::Rc;

use crate::{filter::Facet, query, remote::Answer, wire::objects};

/// A longer list is no use in a menu.
const MOST_CHOICES: usize = 1_000;

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub struct Choice {
    pub id: String,
    pub name: String,
}

/// A page of projects, people or labels. Only ids and names are read, so that one
/// shape, and one piece of code that reads it, does for all three.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub struct ChoicePage {
    items: Vec<Item>,
    next_cursor: Option<String>,
}

/// A project or a label itself, or what a person stands in.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Deserialize))]
struct Item {
    id: Option<String>,
    name: Option<String>,
    user: Option<Choice>,
}

impl Item {
    fn choice(&self) -> Choice {
        self.user.clone().unwrap_or_else(|| Choice {
            id: self.id.clone().unwrap_or_default(),
            name: self.name.clone().unwrap_or_default(),
        })
    }
}

objects! {
    Choice { id, name }
    ChoicePage { items, next_cursor }
    Item { id, name, user }
}

/// The choices of one menu.
#[derive(Debug, Clone)]
pub struct Choices {
    pub items: Rc<Vec<Choice>>,
    /// Where the next page of them is; `None` when all are there, or cannot be had.
    path: Option<String>,
    first_path: &'static str,
}

impl Choices {
    /// Choices of a kind, none of which is there yet.
    pub fn new(facet: Facet) -> Self {
        let first_path = match facet {
            Facet::Project => "/v1/embed/projects?limit=200",
            Facet::Assignee => "/v1/embed/people?limit=200",
            Facet::Label => "/v1/embed/labels?limit=200",
            Facet::Status | Facet::Priority => "",
        };
        Self {
            items: Rc::default(),
            path: (!first_path.is_empty()).then(|| first_path.to_owned()),
            first_path,
        }
    }

    /// Where the next page is.
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// Adds a page. Without the list the menu offers no choice, and that is all.
    pub fn settle(&mut self, answer: Answer<ChoicePage>) {
        self.path = None;
        let Ok(page) = answer else { return };
        let items = Rc::make_mut(&mut self.items);
        items.extend(page.items.iter().map(Item::choice));
        if let Some(cursor) = page
            .next_cursor
            .as_ref()
            .filter(|_| items.len() < MOST_CHOICES)
        {
            self.path = Some(self.first_path.to_owned() + "&cursor=" + &query::encoded(cursor));
        }
    }

    /// What the choice with this id is called.
    pub fn name(&self, id: &str) -> Option<&str> {
        let choice = self.items.iter().find(|choice| choice.id == id);
        choice.map(|choice| &*choice.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{ApiError, ErrorKind};

    fn page(json: &str) -> Rc<ChoicePage> {
        Rc::new(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn people_are_read_page_by_page() {
        let mut people = Choices::new(Facet::Assignee);
        assert_eq!(people.path(), Some("/v1/embed/people?limit=200"));
        people.settle(Ok(page(
            r#"{"items":[{"user":{"id":"usr_1","name":"Ada"},"open":3}],"next_cursor":"x="}"#,
        )));
        assert_eq!(
            people.path(),
            Some("/v1/embed/people?limit=200&cursor=x%3D")
        );
        people.settle(Ok(page(r#"{"items":[],"next_cursor":null}"#)));
        assert_eq!((people.path(), people.name("usr_1")), (None, Some("Ada")));
    }

    #[test]
    fn projects_and_labels_are_read_alike() {
        let mut labels = Choices::new(Facet::Label);
        labels.settle(Ok(page(
            r#"{"items":[{"id":"lbl_1","name":"Risk","tasks":3}]}"#,
        )));
        assert_eq!(labels.name("lbl_1"), Some("Risk"));
    }

    #[test]
    fn without_a_list_the_menu_offers_none() {
        let mut projects = Choices::new(Facet::Project);
        projects.settle(Err(ApiError::without_answer(ErrorKind::Network)));
        assert!(projects.items.is_empty() && projects.path().is_none());
    }
}
