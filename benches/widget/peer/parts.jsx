/** The overview's elements, as the widget has them, for React and Preact alike. Charts and table are each peer's own. */

import { ariaSort, CHARTS, COLUMNS, date, grouped, kpis, nextSort, percent, PRIORITIES, RANGES, RISKS, STATUSES } from "./model.js";

const MENUS = ["Project", "Status", "Assignee", "Priority", "Label", "Date"];

/** The page, once both answers are there. */
export function Page({ overview, Chart, Trend, Table }) {
  const { dashboard, tasks } = overview;
  return (
    <main className="page">
      <Header dashboard={dashboard} />
      <Filters overview={overview} />
      <div className="numbers">
        <dl className="kpis">
          {kpis(dashboard).map((kpi) => (
            <div key={kpi.label} className="card kpi">
              <dt className="kpi__label">{kpi.label}</dt>
              <dd className="kpi__number">
                {kpi.number}
                <span className="kpi__unit">{kpi.unit}</span>
                <div className="plot" data-chart="trend"><Trend values={kpi.trend} /></div>
              </dd>
              <dd className="kpi__note"><span className="delta" data-sign={kpi.sign}>{kpi.note}</span></dd>
            </div>
          ))}
        </dl>
        <Health health={dashboard.health} />
        <div className="charts">
          {CHARTS.map(({ slug, name, legend }) => (
            <section key={slug} className="card panel" aria-labelledby={slug}>
              <header className="panel__header"><h2 id={slug}>{name}</h2></header>
              <Chart slug={slug} dashboard={dashboard} />
              {legend.length > 0 && <ul className="legend">{legend.map(([hue, word]) => <li key={hue}><Swatch hue={hue} />{word}</li>)}</ul>}
            </section>
          ))}
        </div>
      </div>
      <section className="card tasks__card" aria-labelledby="tasks">
        <header className="tasks__header">
          <h2 id="tasks">Tasks</h2>
          <p className="tasks__count">{grouped(tasks.total)} tasks</p>
          <div className="tasks__tools"><button className="button" type="button">Columns</button><button className="button" type="button">Export CSV</button></div>
        </header>
        <Table overview={overview} />
      </section>
    </main>
  );
}

function Header({ dashboard }) {
  return (
    <header className="header">
      <div className="header__title"><h1>Projects</h1><p className="header__day">{date(dashboard.as_of)}</p></div>
      <div className="header__controls">
        <nav className="segments views" aria-label="Views">
          <button className="segments__item" type="button" aria-current="page">Overview</button>
          <button className="segments__item" type="button">Tasks</button>
        </nav>
        <div className="segments" role="group" aria-label="Range">
          {Object.entries(RANGES).map(([range, name]) => (
            <button key={range} className="segments__item" type="button" aria-pressed={range === dashboard.range.preset}>{name}</button>
          ))}
        </div>
      </div>
    </header>
  );
}

function Filters({ overview: { question, ask } }) {
  const toggle = (status) => {
    const { statuses } = question;
    ask({ ...question, statuses: statuses.includes(status) ? statuses.filter((one) => one !== status) : [...statuses, status] });
  };
  const choices = {
    Status: Object.entries(STATUSES).map(([value, name]) => (
      <label key={value} className="menu__item">
        <input type="checkbox" checked={question.statuses.includes(value)} onChange={() => toggle(value)} />{name}
      </label>
    )),
    Priority: Object.entries(PRIORITIES).map(([value, name]) => <label key={value} className="menu__item"><input type="checkbox" />{name}</label>),
  };
  return (
    <section className="filters" role="search" aria-label="Filters">
      <div className="filters__bar">
        <input className="input" type="search" placeholder="Search tasks" aria-label="Search tasks" />
        {MENUS.map((menu) => (
          <details key={menu} className="menu" name="menu" data-menu={menu.toLowerCase()}>
            <summary className="button">{menu}</summary>
            <div className="menu__panel"><div className="menu__items">{choices[menu]}</div></div>
          </details>
        ))}
        <button className="button" type="button" aria-pressed="false">Overdue</button>
      </div>
    </section>
  );
}

function Health({ health: { items, others } }) {
  return (
    <section className="card panel health" aria-labelledby="health">
      <header className="panel__header"><h2 id="health">Projects</h2></header>
      <ul className="health__rows">
        {items.map((item) => (
          <li key={item.project.id} className="health__row">
            <h3><button className="link" type="button">{item.project.name}</button></h3>
            <span className="badge" data-risk={item.risk}>{RISKS[item.risk]}</span>
            <progress className="health__bar" max="1" value={item.progress} aria-label={`Progress of ${item.project.name}`} />
            <span className="health__share">{percent(item.completed, item.tasks)}</span>
            <span className="health__numbers">
              {["open", "overdue", "blocked"].map((kind) => <span key={kind} data-none={item[kind] === 0}>{grouped(item[kind])} {kind}</span>)}
            </span>
            <span className="health__due">{item.next_due_on && `Due ${date(item.next_due_on)}`}</span>
          </li>
        ))}
      </ul>
      {others > 0 && <p className="health__others">{others} more projects</p>}
    </section>
  );
}

const Swatch = ({ hue }) => <span className="swatch" data-hue={hue} />;

/** The table's head, the rows from `first` on, and the room of those that are not drawn. */
export function TaskTable({ overview: { question, ask, tasks, isBusy }, first, rows }) {
  const heading = (slug, name, key) => (
    <th key={slug} scope="col" data-column={slug} aria-sort={key && ariaSort(question.sort, key)}>
      {key ? <button className="sort" type="button" onClick={() => ask({ ...question, sort: nextSort(question.sort, key) })}>{name}</button> : name}
    </th>
  );
  return (
    <table className="table tasks" aria-busy={isBusy} aria-rowcount={tasks.total + 1}>
      <thead><tr>{heading("title", "Task", "title")}{COLUMNS.map(({ slug, name, sort }) => heading(slug, name, sort))}</tr></thead>
      <tbody>
        <tr className="room" aria-hidden="true" style={{ "--rows": first }} />
        {rows.map((task, index) => (
          <tr key={task.id} aria-rowindex={first + index + 2}>
            <th scope="row">
              <button className="task__title" type="button">{task.title}</button>
              <span className="task__origin"><span>{task.external_id}</span></span>
            </th>
            {COLUMNS.map(({ slug, hue, text, overdue }) => (
              <td key={slug} data-column={slug}>
                {hue && <Swatch hue={hue(task)} />}{text(task)}{overdue?.(task) && <span className="overdue"> Overdue</span>}
              </td>
            ))}
          </tr>
        ))}
        <tr className="room" aria-hidden="true" style={{ "--rows": Math.max(0, tasks.items.length - first - rows.length) }} />
      </tbody>
    </table>
  );
}
