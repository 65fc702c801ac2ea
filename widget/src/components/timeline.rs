//! A project's timeline in its card: bars that are explored and opened, or their
//! table, and the milestones as a list. It reads what it shows itself.

use std::{cell::RefCell, rc::Rc};

use oriel_contract::Timeline;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, HtmlCanvasElement, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition,
};
use yew::{prelude::*, virtual_dom::ListenerKind};

use super::{
    canvas::Drawn,
    el::{El, Tell, el},
    explorer::{Explored, Explorer},
    notice::{empty, sorry},
    panel::{legend, option, table},
    readout::{put, readout},
    rest::rest,
};
use crate::{
    action::Action,
    api::Api,
    charts::{
        Twin,
        scene::Size,
        timeline::{self, Standing},
    },
    feed::{Feed, News},
    format,
    hooks::{Screen, use_feed, use_screen, use_size},
    messages::msg,
    remote::is_withheld,
    state::State,
    words,
};

/// The card of the project that the viewer is at.
pub fn panel(state: &State, api: &Api, tell: &Tell) -> Html {
    let question = state.timeline_question();
    let (api, tell) = (api.clone(), tell.clone());
    let asked = state.list.attempt;
    html! { <Panel key="timeline" {question} {asked} {api} {tell} /> }
}

/// Where the tasks are, and who hears of one that is opened.
#[derive(Properties, PartialEq)]
struct PanelProps {
    question: String,
    /// Counts changes of the data.
    asked: u32,
    api: Api,
    tell: Tell,
}

#[component]
fn Panel(props: &PanelProps) -> Html {
    let (feed, news) = use_feed::<Timeline>(&props.api, &props.question, props.asked);
    let as_table = use_state_eq(|| false);
    // Days are written anew when the host page's locale or time zone is another one.
    let _ = use_screen();
    if is_withheld(feed.error.as_ref()) {
        return Html::default();
    }
    let mut head = el("header.panel__header")
        .key("head")
        .add(el("h2[id=timeline]").text(msg::TIMELINE));
    let panel = el("section.card panel timeline[aria-labelledby=timeline]")
        .set("aria-busy", words::truth(feed.is_stale()));
    let Some(timeline) = feed.shown().cloned() else {
        let wait = match &feed.error {
            Some(error) => sorry(error, &news.reform(|_| News::Retry)),
            None => el("div.timeline__wait[aria-hidden=true]"),
        };
        return panel.add(head).add(wait.key("wait")).into();
    };
    if timeline.tasks.is_empty() && timeline.milestones.is_empty() {
        let nothing = empty(msg::TIMELINE_NONE, msg::TIMELINE_NONE_HINT);
        return panel.add(head).add(nothing.key("nothing")).into();
    }
    let turn = Callback::from({
        let as_table = as_table.clone();
        move |_| as_table.set(!*as_table)
    });
    head = head.add(options(&timeline, *as_table, &turn));
    let panel = panel.add(head).all(milestones(&timeline));
    let panel = if *as_table {
        let name = msg::TABLE_REGION.with([msg::TIMELINE.text()]);
        panel.add(table(name, &timeline::twin(&timeline), false).key("table"))
    } else {
        let (bars, tell) = (Bars(timeline.clone()), props.tell.clone());
        panel
            .add(html! { <Canvas key="canvas" {bars} {tell} /> })
            .all(legend(&timeline::legend(&timeline)))
    };
    panel.all(foot(&feed, &news)).into()
}

fn options(timeline: &Rc<Timeline>, as_table: bool, turn: &Callback<Event>) -> El {
    let summary = el("summary.button[data-kind=quiet]")
        .set(
            "aria-label",
            msg::CHART_OPTIONS.with([msg::TIMELINE.text()]),
        )
        .text("···");
    let other = if as_table {
        msg::SHOW_CHART
    } else {
        msg::SHOW_TABLE
    };
    let save = Callback::from({
        let timeline = timeline.clone();
        move |_| timeline::save(&timeline)
    });
    let panel = el("div.menu__panel")
        .add(option(other).on(ListenerKind::onclick, turn))
        .add(option(msg::SAVE_PICTURE).on(ListenerKind::onclick, &save));
    el("details.menu[name=menu]").add(summary).add(panel)
}

/// The milestones by name and day, and how each stands.
fn milestones(timeline: &Timeline) -> Option<El> {
    let items = timeline.milestones.iter().map(|milestone| {
        let standing = Standing::of(milestone, timeline.as_of);
        let mut item = el("li.milestone")
            .set("data-standing", standing.slug())
            .add(el("b[dir=auto]").text(milestone.name.clone()));
        if standing == Standing::Late {
            let due = msg::DUE_ON.with([format::date(milestone.due)]);
            item = item.add(el("span").text(due));
        }
        item.add(el("span").text(timeline::standing(milestone, timeline)))
    });
    let list = el("ul.milestones").set("aria-label", msg::MILESTONES);
    (!timeline.milestones.is_empty()).then(|| list.key("milestones").all(items))
}

/// What comes below the bars.
fn foot(feed: &Feed<Timeline>, news: &Callback<News<Timeline>>) -> Option<El> {
    let foot = rest(el("footer.timeline__footer"), feed, news, || {
        el("p").text(msg::TIMELINE_REST)
    });
    foot.map(|foot| foot.key("rest"))
}

/// Bars that are the same only where they are one answer.
#[derive(Clone)]
struct Bars(Rc<Timeline>);

impl PartialEq for Bars {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Properties, Clone, PartialEq)]
struct CanvasProps {
    bars: Bars,
    tell: Tell,
}

impl Explored for CanvasProps {
    fn series(&self) -> usize {
        1
    }

    fn place(&self, value: usize) -> (usize, Option<usize>) {
        (value, None)
    }

    fn twin(&self) -> Twin {
        timeline::twin(&self.bars.0)
    }

    /// Opens a task; a milestone has nothing more to tell.
    fn open(&self, value: usize) {
        let Timeline {
            milestones, tasks, ..
        } = &*self.bars.0;
        let task = value.checked_sub(milestones.len());
        if let Some(task) = task.and_then(|place| tasks.get(place)) {
            self.tell.emit(Action::OpenTask(task.id.clone()));
        }
    }
}

/// What was drawn last: of what, how wide, on which screen; and how high it is.
#[derive(Default)]
struct Painted {
    of: Option<(Bars, f64, Screen)>,
    height: f64,
}

#[component]
fn Canvas(props: &CanvasProps) -> Html {
    let place = use_node_ref();
    let size = use_size(&place);
    let screen = use_screen();
    let painted = use_mut_ref(Painted::default);
    let drawn = use_mut_ref(Drawn::default);
    let cursor = use_state_eq(|| None);
    let held = use_mut_ref(Default::default);
    let by_key = use_mut_ref(|| false);

    use_effect({
        let (bars, place, drawn) = (props.bars.clone(), place.clone(), drawn.clone());
        let (cursor, by_key) = (*cursor, by_key.clone());
        move || {
            let (Some(place), Some(size)) = (place.cast::<HtmlElement>(), size) else {
                return;
            };
            paint(&bars, &place, size.width, screen, &painted, &drawn);
            let spot = cursor.and_then(|cursor: usize| drawn.borrow().spots.get(cursor).copied());
            let Some(spot) = spot else { return };
            let (width, height) = (size.width, painted.borrow().height);
            put(spot, &place, Size { width, height });
            if by_key.replace(false) {
                follow(&place);
            }
        }
    });

    let shown = cursor.filter(|cursor| *cursor < drawn.borrow().spots.len());
    let explorer = Explorer {
        props: props.clone(),
        drawn,
        cursor,
        held,
    };
    // A key that led nowhere must not have the next move of the pointer scroll the page.
    let pointed = Callback::from({
        let by_key = by_key.clone();
        move |_| {
            by_key.replace(false);
        }
    });
    let pressed = Callback::from(move |_| {
        by_key.replace(true);
    });
    let plot = el("div.plot[data-chart=timeline]")
        .refer(&place)
        .on(ListenerKind::onkeydown, &pressed)
        .on(ListenerKind::onpointermove, &pointed);
    let plot = explorer.listen(plot);
    explored(plot, &props.bars.0, shown).into()
}

/// Draws what is not drawn yet, as high as it has to be.
fn paint(
    bars: &Bars,
    place: &HtmlElement,
    width: f64,
    screen: Screen,
    painted: &RefCell<Painted>,
    drawn: &RefCell<Drawn>,
) {
    let of = Some((bars.clone(), width, screen));
    let mut painted = painted.borrow_mut();
    if painted.of == of {
        return;
    }
    let canvas = place
        .first_element_child()
        .map(Element::unchecked_into::<HtmlCanvasElement>);
    let Some(canvas) = canvas else { return };
    painted.of = of;
    if let Some((height, spots)) = timeline::paint(&bars.0, &canvas, width, screen.ratio) {
        painted.height = height;
        drawn.borrow_mut().spots = spots;
        // Whole pixels are enough, and to write a fraction takes more code.
        #[allow(clippy::cast_possible_truncation)]
        let height = (height.ceil() as i32).to_string();
        let _ = place.style().set_property("--high", &height);
    }
}

/// Keeps what the keys have come to in sight: the chart may be higher than that.
fn follow(place: &HtmlElement) {
    let note = place.last_element_child();
    if let Some(mark) = note.and_then(|note| note.previous_element_sibling()) {
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        mark.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}

fn explored(plot: El, timeline: &Timeline, cursor: Option<usize>) -> El {
    let canvas = el("canvas.plot__canvas[role=img][id=timeline-image]")
        .set("aria-label", timeline::summary(timeline))
        .key("canvas");
    let plot = plot
        .set("tabindex", "0")
        // So that screen readers leave the arrow keys to the chart.
        .set("role", "application")
        .set("aria-roledescription", msg::CHART)
        .set("aria-labelledby", "timeline")
        .set("aria-describedby", "timeline-image")
        .add(canvas);
    let Some(cursor) = cursor else {
        return plot;
    };
    plot.add(el("div.plot__mark").key("mark"))
        .add(readout(&timeline::twin(timeline), cursor, None).key("readout"))
}
