//! A chart as a picture of its own: with its title, its legend and the theme's
//! ground, always in the same size, whatever the screen is.

use jiff::civil::Date;
use oriel_contract::Dashboard;
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, HtmlElement};

use super::{
    Chart, Series,
    paint::Brush,
    rows,
    scene::{Ink, LABEL_HEIGHT, LABEL_SIZE, Measure, Scene, Shape, Size, TITLE_SIZE},
    statuses,
    text::ellipsised,
    workload,
};
use crate::{days, format};

/// Room around everything.
const PAD: f64 = 24.0;
/// Room between title, legend and chart.
const GAP: f64 = 16.0;
/// The side of a spot of colour.
const SWATCH: f64 = 8.0;
pub const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 320.0;
/// Pixels of the picture per CSS pixel.
const RATIO: f64 = 2.0;

/// Saves `chart` as a PNG. Where the browser does not let it, nothing happens.
pub fn save(chart: Chart, dashboard: &Dashboard) {
    let _ = try_save(chart, dashboard);
}

fn try_save(chart: Chart, dashboard: &Dashboard) -> Option<()> {
    save_as(chart.slug(), dashboard.as_of, &|measure| {
        composed(chart, dashboard, measure)
    })
}

/// Saves what `compose` gives as a PNG, under the name of a chart and a day.
pub fn save_as(
    slug: &str,
    day: Date,
    compose: &dyn Fn(Measure<'_>) -> (Scene, Size),
) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.unchecked_into();
    // The theme, the font and the direction of writing hold only in the document.
    let body = document.body()?;
    body.append_child(&canvas).ok()?;
    let painted = Brush::new(&canvas, RATIO).and_then(|brush| {
        let (scene, size) = compose(&|text| brush.width(text));
        brush.paint(scene, size)
    });
    canvas.remove();
    painted?;
    let link: HtmlElement = document.create_element("a").ok()?.unchecked_into();
    let name = [slug, "-", &days::text(day), ".png"].concat();
    link.set_attribute("href", &canvas.to_data_url().ok()?)
        .ok()?;
    link.set_attribute("download", &name).ok()?;
    link.click();
    Some(())
}

/// The chart's own part of the picture.
#[allow(clippy::cast_precision_loss)]
fn plot(chart: Chart, dashboard: &Dashboard) -> Size {
    let height = match chart {
        Chart::Statuses => statuses::HEIGHT,
        Chart::Workload => rows(chart, dashboard) as f64 * workload::ROW,
        _ => HEIGHT,
    };
    Size {
        width: WIDTH,
        height,
    }
}

/// The picture and how large it is.
fn composed(chart: Chart, dashboard: &Dashboard, measure: Measure<'_>) -> (Scene, Size) {
    let plot = plot(chart, dashboard);
    let scene = chart.scene(dashboard, plot, measure);
    let head = (
        chart.title(dashboard).text(),
        dashboard.as_of,
        chart.legend(dashboard),
    );
    framed(&head, scene, plot, measure)
}

/// A scene under its title, its day and its legend, on a ground.
pub fn framed(
    (title, day, legend): &(String, Date, Vec<Series>),
    plotted: Scene,
    plot: Size,
    measure: Measure<'_>,
) -> (Scene, Size) {
    let width = plot.width + 2.0 * PAD;
    let title = title.clone() + " · " + &format::date(*day);
    let mut scene = Scene::new();
    let mut y = PAD + TITLE_SIZE / 2.0;
    scene.push(Shape::Title {
        // A label's width is what can be measured.
        text: ellipsised(&title, plot.width * LABEL_SIZE / TITLE_SIZE, measure),
        x: PAD,
        y,
    });
    y += TITLE_SIZE / 2.0 + GAP;
    y = draw_legend(legend, y, plot.width, measure, &mut scene);
    scene.shapes.extend(plotted.shifted(PAD, y));

    let size = Size {
        width,
        height: y + plot.height + PAD,
    };
    let ground = Shape::Rect {
        x: 0.0,
        y: 0.0,
        width: size.width,
        height: size.height,
        ink: Ink::Surface,
    };
    scene.shapes.insert(0, ground);
    (scene, size)
}

/// Draws the legend in lines from `top` on; where what follows it begins.
fn draw_legend(
    legend: &[Series],
    top: f64,
    room: f64,
    measure: Measure<'_>,
    scene: &mut Scene,
) -> f64 {
    let (mut x, mut y) = (0.0, top + LABEL_HEIGHT / 2.0);
    for series in legend {
        let text = ellipsised(&series.name, room - 2.0 * SWATCH, measure);
        let width = 2.0 * SWATCH + measure(&text);
        if x > 0.0 && x + width > room {
            (x, y) = (0.0, y + LABEL_HEIGHT);
        }
        scene.rect((PAD + x, y - SWATCH / 2.0), (SWATCH, SWATCH), series.ink);
        scene.label(text, (PAD + x + 2.0 * SWATCH, y), Ink::Muted);
        x += width + GAP;
    }
    if legend.is_empty() {
        return top;
    }
    y + LABEL_HEIGHT / 2.0 + GAP
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            scene::tests::{assert_labels_are_whole, seven},
            tests::dashboard,
        },
        *,
    };

    #[test]
    fn every_picture_has_a_ground_a_title_and_whole_labels() {
        for chart in Chart::ALL {
            let (scene, size) = composed(chart, &dashboard(), &seven);
            let Some(Shape::Rect {
                width, height, ink, ..
            }) = scene.shapes.first()
            else {
                panic!("the ground lies beneath everything");
            };
            assert_eq!(
                (*width, *height, *ink),
                (size.width, size.height, Ink::Surface)
            );
            assert!(
                matches!(&scene.shapes[1], Shape::Title { text, .. } if text.ends_with("2025"))
            );
            assert_labels_are_whole(&scene, size);
        }
    }

    #[test]
    fn a_long_legend_goes_on_in_the_next_line() {
        let series = Series {
            ink: Ink::Done,
            hue: "done",
            name: "In Bearbeitung seit gestern".to_owned(),
        };
        let mut scene = Scene::new();
        let below = draw_legend(&vec![series; 7], 40.0, WIDTH, &seven, &mut scene);
        let size = Size {
            width: WIDTH + 2.0 * PAD,
            height: below,
        };
        assert_labels_are_whole(&scene, size);
        assert!(below > 40.0 + 2.0 * LABEL_HEIGHT);
    }

    #[test]
    fn without_a_legend_there_is_no_room_for_one() {
        let below = draw_legend(&[], 40.0, WIDTH, &seven, &mut Scene::new());
        assert!((below - 40.0).abs() < 1e-9);
    }
}
