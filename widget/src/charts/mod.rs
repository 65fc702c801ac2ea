//! The charts. What stands where is worked out in plain numbers ([`scene`] and
//! a file per chart), drawing is plotters' on a canvas ([`paint`], [`backend`]).

mod axis;
mod backend;
mod burn_up;
mod paint;
mod palette;
pub mod scene;
mod statuses;
mod text;
mod throughput;
mod workload;

use oriel_contract::Dashboard;

pub use paint::paint;
pub use statuses::total;

use scene::{Measure, Scene, Size};

/// How many rows `chart` needs, where its height goes by rows.
pub fn rows(chart: Chart, dashboard: &Dashboard) -> usize {
    match chart {
        Chart::Workload => workload::row_count(dashboard),
        _ => 0,
    }
}

/// A chart of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chart {
    BurnUp,
    Statuses,
    Throughput,
    Workload,
}

/// What a chart shows, as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    pub head: Vec<&'static str>,
    /// A row's first cell names it.
    pub rows: Vec<Vec<String>>,
}

impl Chart {
    /// The charts in reading order.
    pub const ALL: [Self; 4] = [
        Self::BurnUp,
        Self::Statuses,
        Self::Throughput,
        Self::Workload,
    ];

    /// A word for class names and ids.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::BurnUp => "burn-up",
            Self::Statuses => "statuses",
            Self::Throughput => "throughput",
            Self::Workload => "workload",
        }
    }

    /// Its heading.
    pub fn title(self, dashboard: &Dashboard) -> &'static str {
        match self {
            Self::BurnUp => "Burn-up",
            Self::Statuses => "Status",
            Self::Throughput => throughput::title(dashboard.throughput.step),
            Self::Workload => "Workload",
        }
    }

    /// Where everything stands on a ground of `size`.
    pub fn scene(self, dashboard: &Dashboard, size: Size, measure: Measure<'_>) -> Scene {
        match self {
            Self::BurnUp => burn_up::scene(dashboard, size, measure),
            Self::Statuses => statuses::scene(dashboard, size),
            Self::Throughput => throughput::scene(dashboard, size, measure),
            Self::Workload => workload::scene(dashboard, size, measure),
        }
    }

    /// The same as a table.
    pub fn twin(self, dashboard: &Dashboard) -> Twin {
        match self {
            Self::BurnUp => burn_up::twin(dashboard),
            Self::Statuses => statuses::twin(dashboard),
            Self::Throughput => throughput::twin(dashboard),
            Self::Workload => workload::twin(dashboard),
        }
    }

    /// The same in a sentence.
    pub fn summary(self, dashboard: &Dashboard) -> String {
        match self {
            Self::BurnUp => burn_up::summary(dashboard),
            Self::Statuses => statuses::summary(dashboard),
            Self::Throughput => throughput::summary(dashboard),
            Self::Workload => workload::summary(dashboard),
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A dashboard of the contract's shape, with a long name, nobody and others.
    pub fn dashboard() -> Dashboard {
        serde_json::from_str(include_str!("../../tests/fixtures/dashboard.json")).unwrap()
    }

    #[test]
    fn every_twin_has_a_cell_under_each_heading() {
        for chart in Chart::ALL {
            let twin = chart.twin(&dashboard());
            assert!(!twin.rows.is_empty());
            assert!(twin.rows.iter().all(|row| row.len() == twin.head.len()));
        }
    }
}
