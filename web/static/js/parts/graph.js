// The speed of the last two minutes, drawn small.

import { svg } from "../core/dom.js";
import { speed } from "../core/format.js";
import { t } from "../core/i18n.js";

const SPAN = 120;
const WIDTH = 240;
const HEIGHT = 48;

export function graph() {
  return svg("svg", { class: "graph", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" }, svg("path", { class: "graph-area", d: "" }), svg("path", { class: "graph-line", d: "" }));
}

/** Add a value in bytes/s; at most one a second is kept. */
export function sample(element, value) {
  if (!element) return;
  const now = performance.now() / 1000;
  const points = (element.__points ??= []);
  const last = points.at(-1);
  if (last && now - last.at < 0.9) last.value = value || 0;
  else points.push({ at: now, value: value || 0 });
  while (points.length && now - points[0].at > SPAN) points.shift();
  draw(element, points, now);
}

function draw(element, points, now) {
  const most = Math.max(1, ...points.map((point) => point.value));
  const x = (point) => WIDTH - ((now - point.at) / SPAN) * WIDTH;
  const y = (point) => HEIGHT - 2 - (point.value / most) * (HEIGHT - 6);
  const line = points.map((point, at) => `${at ? "L" : "M"}${x(point).toFixed(1)} ${y(point).toFixed(1)}`).join("");
  const [area, stroke] = element.children;
  stroke.setAttribute("d", points.length > 1 ? line : "");
  area.setAttribute("d", points.length > 1 ? `${line}L${WIDTH} ${HEIGHT}L${x(points[0]).toFixed(1)} ${HEIGHT}Z` : "");
  element.setAttribute("aria-label", t("download.graph", { most: speed(most) }));
}
