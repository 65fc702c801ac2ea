//! Parts of the page. They render what they are given and fetch nothing.

pub mod canvas;
pub mod empty;
pub mod failure;
pub mod filters;
pub mod header;
pub mod kpis;
pub mod legend;
pub mod pager;
pub mod panel;
pub mod skeleton;
pub mod task_detail;
pub mod task_table;
pub mod tasks;
