//! The charts. What stands where is worked out in plain numbers ([`scene`] and
//! a file per chart), drawing is plotters' on a canvas ([`paint`], [`backend`]).

mod axis;
mod backend;
mod burn_up;
mod cycle_time;
mod drill;
pub mod explore;
mod paint;
mod palette;
mod picture;
pub mod scene;
mod status_over_time;
mod statuses;
mod text;
mod throughput;
pub mod timeline;
mod trend;
mod workload;

use oriel_contract::Dashboard;

use crate::{
    later::later,
    messages::{Message, msg},
};

pub use drill::drill;
pub use paint::paint;
pub use picture::save;
pub use status_over_time::STACK;
pub use statuses::total;
pub use trend::Kpi;

use scene::{Ink, Measure, Scene, Size};

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
    StatusOverTime,
    BurnUp,
    Statuses,
    Throughput,
    CycleTime,
    Workload,
    /// The line in a card: it is not explored, and has no table.
    Trend(Kpi),
}

/// What a chart shows, as a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Twin {
    pub head: Vec<Message<0>>,
    /// In the order of the chart's points. A row's first cell names it.
    pub rows: Vec<Vec<String>>,
}

impl Chart {
    /// The charts that have a panel, in reading order.
    pub const ALL: [Self; 6] = [
        Self::StatusOverTime,
        Self::BurnUp,
        Self::Statuses,
        Self::Throughput,
        Self::CycleTime,
        Self::Workload,
    ];

    /// A word for class names, ids and file names.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::StatusOverTime => "status-over-time",
            Self::BurnUp => "burn-up",
            Self::Statuses => "statuses",
            Self::Throughput => "throughput",
            Self::CycleTime => "cycle-time",
            Self::Workload => "workload",
            Self::Trend(_) => "trend",
        }
    }

    /// Its heading.
    pub fn title(self, dashboard: &Dashboard) -> Message<0> {
        match self {
            Self::StatusOverTime => msg::CHART_STATUS_OVER_TIME,
            Self::BurnUp => msg::CHART_BURN_UP,
            Self::Statuses => msg::CHART_STATUS,
            Self::Throughput => throughput::title(dashboard.throughput.step),
            Self::CycleTime => msg::CHART_CYCLE_TIME,
            Self::Workload | Self::Trend(_) => msg::CHART_WORKLOAD,
        }
    }

    /// Whether it is drawn on a project's page alone, by code that is loaded later.
    pub const fn is_later(self) -> bool {
        matches!(self, Self::BurnUp | Self::Statuses)
    }

    /// How many series each point has; each is a value of its own to the viewer
    /// who walks through the chart.
    pub const fn series(self) -> usize {
        match self {
            Self::StatusOverTime => STACK.len(),
            _ => 1,
        }
    }

    /// The point, and the series where there are several, of a value in the order
    /// of the scene's spots.
    pub const fn place(self, value: usize) -> (usize, Option<usize>) {
        match self.series() {
            1 => (value, None),
            series => (value / series, Some(value % series)),
        }
    }

    /// Whether its points are days, whose table starts with the latest.
    pub const fn is_history(self) -> bool {
        matches!(self, Self::StatusOverTime | Self::BurnUp | Self::Throughput)
    }

    /// Where everything stands on a ground of `size`.
    pub fn scene(self, dashboard: &Dashboard, size: Size, measure: Measure<'_>) -> Scene {
        match self {
            Self::StatusOverTime => status_over_time::scene(dashboard, size, measure),
            Self::BurnUp | Self::Statuses => later().map_or_else(Scene::new, |later| {
                (later.scene)(self, dashboard, size, measure)
            }),
            Self::Throughput => throughput::scene(dashboard, size, measure),
            Self::CycleTime => cycle_time::scene(dashboard, size, measure),
            Self::Workload => workload::scene(dashboard, size, measure),
            Self::Trend(kpi) => trend::scene(kpi, dashboard, size),
        }
    }

    /// The same as a table.
    pub fn twin(self, dashboard: &Dashboard) -> Twin {
        match self {
            Self::StatusOverTime => status_over_time::twin(dashboard),
            Self::BurnUp => burn_up::twin(dashboard),
            Self::Statuses => statuses::twin(dashboard),
            Self::Throughput => throughput::twin(dashboard),
            Self::CycleTime => cycle_time::twin(dashboard),
            Self::Workload => workload::twin(dashboard),
            Self::Trend(_) => Twin::default(),
        }
    }

    /// The same in a sentence.
    pub fn summary(self, dashboard: &Dashboard) -> String {
        match self {
            Self::StatusOverTime => status_over_time::summary(dashboard),
            Self::BurnUp | Self::Statuses => {
                later().map_or_else(String::new, |later| (later.summary)(self, dashboard))
            }
            Self::Throughput => throughput::summary(dashboard),
            Self::CycleTime => cycle_time::summary(dashboard),
            Self::Workload => workload::summary(dashboard),
            Self::Trend(_) => String::new(),
        }
    }

    /// What explains its colours.
    pub fn legend(self, dashboard: &Dashboard) -> Vec<Series> {
        match self {
            Self::BurnUp | Self::Statuses => {
                later().map_or_else(Vec::new, |later| (later.legend)(self, dashboard))
            }
            Self::Workload => workload::legend(),
            // One colour, or names in the chart itself.
            Self::StatusOverTime | Self::Throughput | Self::CycleTime | Self::Trend(_) => {
                Vec::new()
            }
        }
    }
}

/// [`Chart::scene`] of a chart that [is drawn later](Chart::is_later).
pub fn scene_of_one(
    chart: Chart,
    dashboard: &Dashboard,
    size: Size,
    measure: Measure<'_>,
) -> Scene {
    match chart {
        Chart::BurnUp => burn_up::scene(dashboard, size, measure),
        _ => statuses::scene(dashboard, size),
    }
}

/// [`Chart::summary`] of such a chart.
pub fn summary_of_one(chart: Chart, dashboard: &Dashboard) -> String {
    match chart {
        Chart::BurnUp => burn_up::summary(dashboard),
        _ => statuses::summary(dashboard),
    }
}

/// [`Chart::legend`] of such a chart.
pub fn legend_of_one(chart: Chart, dashboard: &Dashboard) -> Vec<Series> {
    match chart {
        Chart::BurnUp => burn_up::legend(dashboard),
        _ => statuses::legend(dashboard),
    }
}

/// A line of a legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// For the canvas, and for the page's stylesheet.
    pub ink: Ink,
    pub hue: &'static str,
    pub name: String,
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A dashboard of the contract's shape, with a long name, nobody and others.
    pub fn dashboard() -> Dashboard {
        serde_json::from_str(include_str!("../../tests/fixtures/dashboard.json")).unwrap()
    }

    #[test]
    fn every_value_of_a_chart_has_a_cell_in_its_table() {
        let size = Size {
            width: 500.0,
            height: 240.0,
        };
        for chart in Chart::ALL {
            let spots = chart.scene(&dashboard(), size, &scene::tests::seven).spots;
            let rows = chart.twin(&dashboard()).rows.len();
            assert_eq!(spots.len(), rows * chart.series(), "{chart:?}");
            for spot in spots {
                assert!(
                    spot.x >= 0.0 && spot.x + spot.width <= size.width,
                    "{chart:?}"
                );
                assert!(
                    spot.y >= 0.0 && spot.y + spot.height <= size.height,
                    "{chart:?}"
                );
            }
        }
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
