// Logs: what happens, as it happens; held with one button.

import { $, $$, h, replace, setIcon, setText } from "../core/dom.js";
import { time } from "../core/format.js";
import { t } from "../core/i18n.js";
import { connection, listen } from "../core/live.js";
import { empty } from "../parts/media.js";

const MOST = 500;
const LEVELS = ["debug", "info", "warning", "error"];
const list = $("#logs");
let held = false;
let floor = 1;
const queue = [];

const rank = (level) => Math.max(0, LEVELS.indexOf(level === "critical" ? "error" : level));

function row(entry) {
  const level = String(entry.level ?? "info");
  const rest = Object.entries(entry).filter(([name]) => !["event", "level", "timestamp", "logger", "at"].includes(name));
  return h(
    "li",
    { class: `log log-${level}`, hidden: rank(level) < floor, dataset: { level } },
    h("time", { class: "quiet" }, time(entry.timestamp ?? entry.at ?? Date.now())),
    h("span", { class: "log-level" }, level),
    h("span", { class: "log-words" }, h("span", {}, String(entry.event ?? "")), " ", h("span", { class: "quiet" }, rest.map(([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : value}`).join(" "))),
  );
}

function flush() {
  if (held || !queue.length) return;
  $("#logs-empty").replaceChildren();
  const bottom = innerHeight + scrollY > document.documentElement.scrollHeight - 120;
  list.append(...queue.splice(0).map(row));
  while (list.childElementCount > MOST) list.firstElementChild.remove();
  if (bottom) scrollTo({ top: document.documentElement.scrollHeight });
}

for (const [at, level] of LEVELS.entries()) {
  const button = h("button", { class: "chip", type: "button", "aria-pressed": String(at === floor) }, t(`logs.level.${level}`));
  button.addEventListener("click", () => {
    floor = at;
    for (const other of $$(".chip", $("#levels"))) other.setAttribute("aria-pressed", String(other === button));
    for (const line of list.children) line.hidden = rank(line.dataset.level) < floor;
  });
  $("#levels").append(button);
}

$("#hold").addEventListener("click", (event) => {
  held = !held;
  const button = event.currentTarget;
  button.setAttribute("aria-pressed", String(held));
  setIcon($("svg", button), held ? "play" : "pause");
  setText($("span", button), t(held ? "logs.go_on" : "logs.hold"));
  flush();
});

replace($("#logs-empty"), empty("scroll-text", t("logs.empty.title"), t("logs.empty.text")));
listen("logs", (event, data) => {
  queue.push(typeof data === "object" && data ? data : { event: String(data) });
  if (queue.length > MOST) queue.shift();
});
setInterval(flush, 250);
connection((on) => document.body.classList.toggle("is-offline", !on));

