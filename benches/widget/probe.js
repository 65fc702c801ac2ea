/**
 * Runs in every frame that is measured, before its own scripts. What counts as
 * painted is here, and nowhere else; benches/README.md says it in words.
 */

(() => {
  const CHARTS = 4;
  const TRENDS = 4;
  const ROWS = 10;
  const FIRST_ROWS = 8;

  const all = (selector) => [...document.querySelectorAll(selector)];
  const frame = () => new Promise(requestAnimationFrame);
  const inked = new WeakSet();
  const small = new OffscreenCanvas(48, 24).getContext("2d", { willReadFrequently: true });

  /** Whether a canvas has more than one colour on it, or an SVG a shape of some extent. */
  function hasInk(plot) {
    const picture = plot.querySelector("canvas, svg");
    if (!picture || inked.has(picture)) return Boolean(picture);
    if (!(picture instanceof HTMLCanvasElement ? isDrawn(picture) : hasShape(picture))) return false;
    inked.add(picture);
    return true;
  }

  function isDrawn(canvas) {
    if (!canvas.width || !canvas.height) return false;
    small.clearRect(0, 0, 48, 24);
    small.drawImage(canvas, 0, 0, 48, 24);
    const pixels = new Uint32Array(small.getImageData(0, 0, 48, 24).data.buffer);
    return pixels.some((pixel) => pixel !== pixels[0]);
  }

  function hasShape(svg) {
    return [...svg.querySelectorAll("path, polygon, polyline, rect")].some((shape) => {
      const { width, height } = shape.getBoundingClientRect();
      return Math.max(width, height) > 0;
    });
  }

  const rows = () => all("#rows tbody tr[aria-rowindex]");
  const areFull = (some) => some.every((row) => row.textContent && !row.querySelector(".waiting"));

  function isPainted() {
    const table = rows();
    if (table.length < ROWS || !areFull(table.slice(0, ROWS)) || all(".health__row").length === 0) return false;
    const [charts, trends] = [all(".charts .plot"), all(".kpi .plot")];
    return charts.length === CHARTS && trends.length === TRENDS && [...charts, ...trends].every(hasInk);
  }

  async function until(isDone) {
    while (!isDone()) await frame();
    await frame();
    await frame();
    return performance.now();
  }

  /** Milliseconds from a click to the table that it asks for. */
  async function clicked(target, isDone) {
    const text = () => rows().slice(0, FIRST_ROWS).map((row) => row.textContent).join("\n");
    const [before, start] = [text(), performance.now()];
    target.click();
    const isNew = () => areFull(rows().slice(0, FIRST_ROWS)) && text() !== before;
    const end = await until(() => document.querySelector(".tasks").ariaBusy !== "true" && isNew() && isDone());
    return end - start;
  }

  const statuses = () => rows().slice(0, FIRST_ROWS).map((row) => row.querySelector('[data-column="status"]').textContent);

  globalThis.oriel_bench = {
    sort: () =>
      clicked(document.querySelector('th[data-column="title"] button'), () => document.querySelector('th[data-column="title"]').ariaSort === "ascending"),
    async filter() {
      const menu = document.querySelector('details[data-menu="status"]');
      menu.open = true;
      const item = () => [...menu.querySelectorAll("label")].find((label) => label.textContent.trim() === "Blocked");
      // What a menu offers may be on its way: a viewer clicks on what is there.
      await until(item);
      return clicked(item().querySelector("input"), () => statuses().every((status) => status.trim() === "Blocked"));
    },
  };

  until(isPainted).then((now) => oriel_bench_painted(String(performance.timeOrigin + now)));
})();
