// The library: grid or list, filters, and removal that can be taken back.

import { del, get, post, query } from "../core/api.js";
import { $, $$, h, icon, reconcile, replace, setText } from "../core/dom.js";
import { settle } from "../core/focus.js";
import { n, t } from "../core/i18n.js";
import { connection, listen } from "../core/live.js";
import { may } from "../core/rights.js";
import { announce, failed, undo } from "../core/toast.js";
import { askByMeaning, describes } from "../parts/meaning.js";
import { card, empty, fromMedia, poster } from "../parts/media.js";

const PAGE = 60;
const root = $("#library");
const tools = $("#library-tools");
const shelf = $("#shelf");
const state = { items: [], total: 0, page: 0, turn: 0, loading: false, view: readView(), hidden: new Set() };

function readView() {
  try {
    return localStorage.getItem("sokoul.library.view") === "list" ? "list" : "grid";
  } catch {
    return "grid";
  }
}

const wanted = () => {
  const field = (name) => tools.elements.namedItem(name)?.value || undefined;
  return { owned: true, type: root.dataset.kind || field("type"), q: field("q"), genre: field("genre"), sort: field("sort") };
};

async function load({ more = false } = {}) {
  if (more && (state.loading || state.items.length >= state.total)) return;
  const turn = (state.turn += more ? 0 : 1);
  state.loading = true;
  try {
    const page = more ? state.page + 1 : 1;
    const found = await get(`/media${query({ ...wanted(), page, page_size: PAGE })}`);
    if (turn !== state.turn) return;
    if (!more) state.hidden.clear();
    state.items = more ? [...state.items, ...found.items] : found.items;
    state.total = found.total;
    state.page = page;
    if (more && !found.items.length) state.total = state.items.length;
    show();
    if (!more) await byMeaning(turn);
  } finally {
    state.loading = false;
  }
}

// A few words that are no title may still say what a film is about.
async function byMeaning(turn) {
  const section = $("#meaning");
  const { q, type } = wanted();
  if (!q || !describes(q)) {
    section.hidden = true;
    return;
  }
  const found = await askByMeaning(section, q, { owned: true, type });
  if (turn === state.turn && found && !state.items.length) replace($("#library-empty"));
}

const byId = (raw) => raw.id;
const isFiltered = () => Boolean(wanted().q || wanted().genre || (!root.dataset.kind && wanted().type));

function show() {
  for (const bone of $$(".skeleton", shelf)) bone.remove();
  const items = state.items.filter((raw) => !state.hidden.has(raw.id)).map((raw) => ({ ...fromMedia(raw), id: raw.id, raw }));
  shelf.className = state.view === "list" ? "shelf-list" : "grid";
  reconcile(shelf, items, (item) => `${state.view}:${byId(item)}`, state.view === "list" ? line : tile);
  settle(shelf);
  const total = Math.max(0, state.total - state.hidden.size);
  setText($("#library-count"), total ? n("library.count", total) : "");
  showEmpty(items.length === 0);
  offerGenres();
}

function tile(item) {
  const remove = h("button", { class: "tile-remove", type: "button", dataset: { rove: "no", testid: "remove" }, "aria-label": t("library.remove_title", { title: item.title }), title: t("library.remove") }, icon("trash-2"));
  remove.addEventListener("click", () => takeAway(item));
  return h("div", { class: "tile" }, card(item), may("moderator") && remove);
}

function line(item) {
  const remove = h("button", { class: "button button-quiet button-bad button-round", type: "button", "aria-label": t("library.remove_title", { title: item.title }) }, icon("trash-2"));
  remove.addEventListener("click", () => takeAway(item));
  const facts = [item.year, t(`kind.${item.kind}`), (item.genres ?? []).slice(0, 3).join(", ")].filter(Boolean).join(" · ");
  return h("div", { class: "line" }, h("a", { class: "line-link", href: item.href, dataset: { testid: "media-line" } }, poster(item, "w92"), h("span", { class: "grow" }, h("span", { class: "clip line-title" }, item.title), h("span", { class: "clip quiet small" }, facts))), h("a", { class: "button button-quiet button-round", href: `/watch/media/${item.id}`, "aria-label": t("action.play_title", { title: item.title }) }, icon("play", "icon-fill")), may("moderator") && remove);
}

async function takeAway(item) {
  state.hidden.add(item.id);
  show();
  const back = () => (state.hidden.delete(item.id), show());
  try {
    await del(`/media/${item.id}`);
    undo(t("library.removed", { title: item.title }), () => post(`/media/${item.id}/restore`).then(back).catch(failed));
  } catch (error) {
    failed(error);
    back();
  }
}

function showEmpty(on) {
  const place = $("#library-empty");
  if (!on) return replace(place);
  if (isFiltered()) return replace(place, empty("search-x", t("library.none.title"), t("library.none.text"), h("button", { class: "button", type: "button", on: { click: () => (tools.reset(), load().catch(failed)) } }, t("library.clear"))));
  const kind = root.dataset.kind || "all";
  return replace(place, empty(kind === "tv" ? "tv" : kind === "movie" ? "clapperboard" : "library", t(`library.empty.${kind}.title`), t(`library.empty.${kind}.text`), h("a", { class: "button button-primary", href: "/search" }, icon("search"), t("home.empty.search")), h("a", { class: "button", href: "/settings" }, t("library.empty.folders"))));
}

const genres = new Set();
function offerGenres() {
  const select = tools.elements.namedItem("genre");
  for (const raw of state.items) for (const genre of raw.genres ?? []) genres.add(genre);
  const current = select.value;
  const sorted = [...genres].sort((a, b) => a.localeCompare(b));
  replace(select, h("option", { value: "" }, t("library.all_genres")), sorted.map((genre) => h("option", { value: genre }, genre)));
  select.value = current;
  select.hidden = sorted.length < 2;
}

let waiting = 0;
tools.addEventListener("submit", (event) => event.preventDefault());
tools.addEventListener("change", () => load().catch(failed));
tools.elements.namedItem("q").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => load().then(() => announce(n("library.count", state.total))).catch(failed), 200);
});
for (const button of $$("[data-view]")) {
  button.setAttribute("aria-pressed", String(button.dataset.view === state.view));
  button.addEventListener("click", () => {
    state.view = button.dataset.view;
    try {
      localStorage.setItem("sokoul.library.view", state.view);
    } catch {
      // private windows may forbid it; the view then lasts for this page
    }
    for (const other of $$("[data-view]")) other.setAttribute("aria-pressed", String(other === button));
    show();
  });
}

new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && state.page && load({ more: true }).catch(failed), { rootMargin: "800px" }).observe($("#library-more"));
listen("downloads", (event) => event === "media.ready" && load().catch(failed));
let met = false;
connection((on) => {
  if (on && met && state.page === 1) load().catch(failed);
  met = met || on;
});
load().catch((error) => {
  for (const bone of $$(".skeleton", shelf)) bone.remove();
  replace($("#library-empty"), empty("cloud-off", t("library.unavailable"), error.message, h("button", { class: "button", type: "button", on: { click: () => location.reload() } }, t("action.retry"))));
});
