//! Parts of the page. They show what they are given, fetch nothing, and tell what
//! the viewer does as [`Action`](crate::state::Action)s.
//!
//! All but the canvas are functions, not components of their own: they hold no
//! state, and a component each was a tenth of the bundle. What varies about an
//! element is a `data-` or `aria-` attribute, and the stylesheet goes by that.

pub mod board;
pub mod canvas;
pub mod drawer;
pub mod el;
pub mod explorer;
pub mod filters;
pub mod header;
pub mod health;
pub mod kpis;
pub mod menu;
pub mod notice;
pub mod offers;
pub mod panel;
pub mod readout;
pub mod rest;
pub mod task_detail;
pub mod task_table;
pub mod tasks;
pub mod timeline;
