// One bar per source, filling against its time limit.

import { $, h, icon, setIcon, setText } from "../core/dom.js";
import { took } from "../core/format.js";
import { n, t } from "../core/i18n.js";
import { say } from "./phrases.js";

const PICTURES = { running: "loader", ok: "check", failed: "circle-alert", timeout: "clock-alert", skipped: "minus" };
const LATE = 0.5;

export function sourceRow(source) {
  return h(
    "li",
    { class: ["source", source.stage && "is-stage"], dataset: { testid: "provider", name: source.name } },
    icon("loader", "source-state"),
    h("span", { class: "source-name clip" }, source.name === "library" ? t("nav.library") : source.name),
    h("span", { class: "source-bar", role: "progressbar", "aria-label": source.name, "aria-valuemin": 0, "aria-valuemax": 100 }),
    h("span", { class: "source-words figures" }),
    h("span", { class: "source-error small", hidden: true }),
  );
}

const limitOf = (source, limit) => source.limit_ms || limit;

export function updateSource(element, source, over, limit) {
  const status = over && source.status === "running" ? "timeout" : source.status;
  element.dataset.status = status;
  element.dataset.limit = limitOf(source, limit);
  element.dataset.started = source.started_ms ?? 0;
  if (status !== "running") element.classList.remove("is-late");
  setIcon($(".source-state", element), PICTURES[status] ?? "minus");
  const bar = $(".source-bar", element);
  // Judging goes on between the answers: its bar shows what it has worked, not how long it is ago.
  element.dataset.grows = source.stage === "scoring" ? "no" : "yes";
  if (status === "running" && source.stage === "scoring") fillBar(bar, Math.min(1, (source.duration_ms ?? 0) / limitOf(source, limit)));
  if (status !== "running") fillBar(bar, status === "timeout" ? 1 : Math.min(1, 0.012 + (source.duration_ms ?? 0) / limitOf(source, limit)));
  setText($(".source-words", element), words(source, status));
  const error = $(".source-error", element);
  const text = [source.error, source.cure].filter((part, at, all) => part && all.indexOf(part) === at).map(say).join(" ");
  error.hidden = !text || (status !== "failed" && status !== "timeout");
  setText(error, text);
}

function words(source, status) {
  if (status === "running") return source.count ? n("search.releases", source.count) : "";
  if (source.stage && status === "ok") return took(source.duration_ms);
  if (status === "ok") return [n("search.releases", source.count), source.duration_ms != null && took(source.duration_ms)].filter(Boolean).join(" · ");
  if (status === "timeout") return source.count ? t("source.late_with", { found: n("search.releases", source.count) }) : t("source.late");
  return t(`source.${status}`);
}

function fillBar(bar, share) {
  bar.style.setProperty("--done", `${(share * 100).toFixed(1)}%`);
  bar.setAttribute("aria-valuenow", Math.round(share * 100));
}

/** Let the bars of what still runs grow; past half of the limit they say so. */
export function tick(list, elapsed, limit) {
  for (const element of list.children) {
    if (element.dataset.status !== "running" || element.dataset.grows === "no") continue;
    const since = Math.max(0, elapsed - Number(element.dataset.started));
    const share = Math.min(1, since / (Number(element.dataset.limit) || limit));
    fillBar($(".source-bar", element), share);
    const late = share > LATE;
    element.classList.toggle("is-late", late);
    if (late) setText($(".source-words", element), t("source.still"));
  }
}
