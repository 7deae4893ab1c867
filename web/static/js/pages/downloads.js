// Downloads: a card each, alive.

import { get, post } from "../core/api.js";
import { $, $$, h, icon, reconcile, replace, setText } from "../core/dom.js";
import { speed } from "../core/format.js";
import { n, t } from "../core/i18n.js";
import { connection, listen } from "../core/live.js";
import { done, failed, undoable } from "../core/toast.js";
import { graph, sample } from "../parts/graph.js";
import { acceptEverywhere, wire } from "../parts/intake.js";
import { empty, poster } from "../parts/media.js";
import { MOVING, figures, identify, mainFile, share, shortName, tone, verified, words } from "../parts/states.js";

const known = new Map();
const hidden = new Set();
const list = $("#downloads");
const GROUPS = { all: () => true, running: (item) => MOVING.has(item.status), paused: (item) => item.status === "paused", done: (item) => item.status === "seeding" || item.status === "completed", failed: (item) => item.status === "failed" };
let group = "all";
let loaded = false;

async function load() {
  const found = await get("/downloads?page_size=200");
  known.clear();
  for (const download of found.items) known.set(download.download_id, download);
  loaded = true;
  show();
}

const stamp = (download) => Date.parse(download.created_at) || 0;
const rank = (download) => (MOVING.has(download.status) ? 0 : download.status === "paused" || download.status === "failed" ? 1 : 2);

function show() {
  if (!loaded) return;
  for (const bone of $$(".download-bone", list)) bone.remove();
  const all = [...known.values()].filter((download) => !hidden.has(download.download_id) && download.status !== "cancelled");
  all.sort((a, b) => rank(a) - rank(b) || stamp(b) - stamp(a));
  showFilters(all);
  const shown = all.filter(GROUPS[group]);
  reconcile(list, shown, (download) => download.download_id, cardOf, update);
  const moving = all.filter((download) => download.status === "downloading");
  const total = moving.reduce((sum, download) => sum + (download.download_speed || 0), 0);
  setText($("#downloads-sum"), moving.length ? `${n("download.running", moving.length)} · ${speed(total)}` : "");
  const place = $("#downloads-empty");
  if (shown.length) replace(place);
  else if (!place.childElementCount || place.dataset.group !== group) {
    place.dataset.group = group;
    replace(place, all.length ? empty("filter-x", t("download.none.title"), t("download.none.text")) : empty("download", t("download.empty.title"), t("download.empty.text"), h("a", { class: "button button-primary", href: "/search" }, icon("search"), t("home.empty.search"))));
  }
}

function showFilters(all) {
  const place = $("#download-filters");
  const names = Object.keys(GROUPS).filter((name) => name === "all" || name === group || all.some(GROUPS[name]));
  place.hidden = names.length < 3;
  reconcile(place, names, (name) => name, filterButton, (button, name) => {
    button.setAttribute("aria-pressed", String(name === group));
    setText($(".num", button), String(all.filter(GROUPS[name]).length));
  });
}

function filterButton(name) {
  const button = h("button", { class: "chip", type: "button" }, t(`download.group.${name}`), h("span", { class: "num" }));
  button.addEventListener("click", () => ((group = name), show()));
  return button;
}

// --- a card -----------------------------------------------------------------------------------------------------

function cardOf(download) {
  const id = download.download_id;
  const button = (name, picture, label) => {
    const element = h("button", { class: "button button-quiet button-round", type: "button", dataset: { act: name, testid: `download-${name}` }, "aria-label": label, title: label }, icon(picture));
    element.addEventListener("click", () => act(name, known.get(id)));
    return element;
  };
  return h(
    "li",
    { class: "download", dataset: { testid: "download", id } },
    poster({ title: shortName(download), poster: download.media?.poster_url }, "w154"),
    h(
      "div",
      { class: "download-words" },
      h("h2", { class: "download-name" }),
      h("p", { class: "download-raw quiet small clip" }),
      h("p", { class: "download-state" }, h("span", { class: "light" }), h("span", { class: "state-words", dataset: { testid: "download-state" } }), h("span", { class: "share num" })),
      h("div", { class: "ranges", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": t("download.progress") }, h("span", { class: "range-done" })),
      h("p", { class: "download-figures quiet small figures" }),
      h("p", { class: "download-hint bad small", hidden: true }),
    ),
    h("div", { class: "download-graph" }, graph()),
    h("div", { class: "download-actions" }, h("a", { class: "button button-primary", dataset: { testid: "download-play" } }, icon("play", "icon-fill"), t("action.play")), button("pause", "pause", t("action.pause")), button("resume", "play", t("action.continue")), button("cancel", "x", t("action.cancel"))),
  );
}

const SHOWS = {
  pause: (status) => ["queued", "metadata", "checking", "downloading", "seeding"].includes(status),
  resume: (status) => status === "paused" || status === "failed",
  cancel: (status) => status !== "importing",
};

function update(element, download) {
  const name = shortName(download) || t("download.unnamed");
  setText($(".download-name", element), name);
  showPoster(element, download, name);
  setText($(".download-raw", element), download.name !== name ? download.name : "");
  $(".light", element).className = `light light-${tone(download)}`;
  setText($(".state-words", element), words(download));
  setText($(".share", element), MOVING.has(download.status) || download.status === "paused" ? share(download) : "");
  setText($(".download-figures", element), figures(download));
  showRanges($(".ranges", element), download);
  showPlay($("[data-testid=download-play]", element), download);
  for (const [name, shows] of Object.entries(SHOWS)) $(`[data-act=${name}]`, element).hidden = !shows(download.status);
  $(".download-graph", element).hidden = download.status !== "downloading" && download.status !== "seeding";
  sample($(".download-graph svg", element), download.status === "seeding" ? download.upload_speed : download.download_speed);
}

function showPoster(element, download, name) {
  const address = download.media?.poster_url ?? "none";
  const box = $(".poster", element);
  if (box.dataset.of !== address) {
    const fresh = poster({ title: name, poster: download.media?.poster_url }, "w154");
    fresh.dataset.of = address;
    box.replaceWith(fresh);
  }
  identify(download, put);
}

function showRanges(bar, download) {
  bar.style.setProperty("--done", `${download.progress ?? 0}%`);
  bar.dataset.tone = tone(download);
  bar.setAttribute("aria-valuenow", Math.floor(download.progress ?? 0));
  bar.setAttribute("aria-valuetext", `${words(download)}, ${share(download)}`);
}

function showPlay(link, download) {
  const file = mainFile(download);
  const over = download.status === "failed" || !file;
  link.hidden = over || !(download.playable || MOVING.has(download.status) || file.file_id);
  link.classList.toggle("button-primary", verified(download) || Boolean(file?.file_id));
  const href = file?.file_id && download.media_id ? `/watch/media/${download.media_id}?file=${file.file_id}` : `/watch/download/${download.download_id}`;
  if (link.getAttribute("href") !== href) link.href = href;
}

async function act(name, download) {
  if (name === "cancel") return cancel(download);
  try {
    put(await post(`/downloads/${download.download_id}/${name}`));
  } catch (error) {
    failed(error);
  }
  return undefined;
}

function cancel(download) {
  const kept = download.status === "seeding" || download.status === "completed";
  const id = download.download_id;
  hidden.add(id);
  show();
  const back = () => (hidden.delete(id), show());
  const run = () => post(`/downloads/${id}/cancel`, { delete_files: !kept }, { keepalive: true }).then((answer) => (hidden.delete(id), put(answer))).catch((error) => (failed(error), back()));
  undoable(t(kept ? "download.removed" : "download.cancelled", { name: shortName(download) }), run, back);
}

function put(download) {
  if (!download?.download_id) return;
  const before = known.get(download.download_id);
  if (before && MOVING.has(before.status) && download.status === "seeding") done(t("download.finished", { name: shortName(download) }));
  known.set(download.download_id, { ...before, ...download });
  show();
}

// --- start ------------------------------------------------------------------------------------------------------

const again = () => load().catch(failed);
wire($(".intake"), again);
acceptEverywhere(again);
listen("downloads", (event, data) => {
  if (event === "download.updated") put(data);
});
let met = false;
connection((on) => {
  if (on && met) again();
  met = met || on;
});
load().catch((error) => {
  for (const bone of $$(".download-bone", list)) bone.remove();
  replace($("#downloads-empty"), empty("cloud-off", t("download.unavailable"), error.message, h("button", { class: "button", type: "button", on: { click: () => location.reload() } }, t("action.retry"))));
});

