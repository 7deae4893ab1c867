// Quality profiles: the list, one in the editor, and what it would say while it is edited.

import { del, get, post, put } from "../core/api.js";
import { $, h, icon, reconcile, replace, setText } from "../core/dom.js";
import { n, t } from "../core/i18n.js";
import { done, failed } from "../core/toast.js";
import { drawEditor, showFaults } from "../parts/profile-editor.js";
import { importDialog } from "../parts/profile-import.js";
import { people } from "../parts/profile-people.js";
import { preview } from "../parts/profile-preview.js";

const editor = $("#profile-editor");
const vocabulary = JSON.parse($("#profiles").dataset.vocabulary);
const state = { all: [], draft: null, saved: null, name: null };
const path = (name) => `/profiles/${encodeURIComponent(name)}`;
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const tried = preview({ rules: () => state.draft, faults: (errors) => showFaults(editor, errors) });

// --- the list ---------------------------------------------------------------------------------------------------

async function list() {
  state.all = (await get("/profiles?page_size=200")).items;
  reconcile($("#profile-list"), state.all, (profile) => profile.name, listed, relist);
}

function listed(profile) {
  const button = h("button", { class: "profile-item", type: "button", dataset: { name: profile.name, testid: "profile-item" } }, h("span", { class: "profile-item-name" }), h("span", { class: "profile-item-line quiet small" }));
  button.addEventListener("click", () => open(profile.name).catch(failed));
  return h("li", {}, button);
}

function relist(item, profile) {
  const button = $("button", item);
  replace($(".profile-item-name", item), h("span", { class: "clip" }, profile.name), profile.locked && icon("lock"), profile.default && h("span", { class: "badge" }, t("profiles.default")));
  setText($(".profile-item-line", item), summary(profile));
  if (profile.name === state.name) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
}

function summary(profile) {
  const from = profile.qualities.length ? t("profiles.summary_ladder", { until: profile.until }) : profile.minimum ? t("profiles.summary_minimum", { minimum: profile.minimum, cutoff: profile.cutoff ?? profile.minimum }) : t("profiles.summary_any");
  return [from, profile.formats && n("profiles.formats_count", profile.formats)].filter(Boolean).join(" · ");
}

// --- one profile ------------------------------------------------------------------------------------------------

async function open(name) {
  if (!mayLeave()) return;
  use(await get(path(name)), name);
  history.replaceState(null, "", `#${encodeURIComponent(name)}`);
}

function use(profile, name) {
  state.name = name;
  state.draft = structuredClone(profile);
  state.saved = structuredClone(profile);
  drawEditor(editor, { draft: state.draft, vocabulary, changed, buttons: buttons(profile) });
  for (const item of state.all) relist($(`[data-name="${CSS.escape(item.name)}"]`).parentElement, item);
  tried.soon();
}

function changed() {
  const save = $("[data-testid=profile-save]", editor);
  if (save) save.disabled = same(state.draft, state.saved);
  tried.soon();
}

const mayLeave = () => !state.draft || state.draft.locked || same(state.draft, state.saved) || confirm(t("profiles.leave"));

function buttons(profile) {
  const copy = h("button", { class: "button", type: "button", dataset: { testid: "profile-copy" }, on: { click: () => fresh({ ...state.draft, name: freeName(state.draft.name) }) } }, icon("copy"), t("profiles.copy"));
  const household = state.name && !profile.household && h("button", { class: "button", type: "button", dataset: { testid: "profile-household" }, on: { click: () => useForAll(state.name).catch(failed) } }, icon("house"), t("profiles.use_household"));
  if (profile.locked) return [copy, household].filter(Boolean);
  const save = h("button", { class: "button button-primary", type: "submit", disabled: Boolean(state.name), dataset: { testid: "profile-save" } }, icon("check"), t("profiles.save"));
  const drop = h("button", { class: "button button-quiet button-bad", type: "button", dataset: { testid: "profile-drop" }, on: { click: () => remove().catch(failed) } }, icon("trash-2"), t("profiles.drop"));
  return state.name ? [save, copy, household, drop].filter(Boolean) : [save];
}

async function useForAll(name) {
  if (!mayLeave()) return;
  await put("/settings", { "quality.default_profile": name });
  document.querySelector("[data-testid=missing-default]")?.remove();
  await list();
  use(await get(path(name)), name);
  done(t("profiles.household_now", { name }));
}

function freeName(name) {
  const taken = new Set(state.all.map((profile) => profile.name));
  for (let number = 2; ; number += 1) if (!taken.has(`${name} ${number}`)) return `${name} ${number}`;
}

function fresh(profile) {
  if (!mayLeave()) return;
  state.draft = null;
  use({ ...profile, locked: false, default: false, household: false }, null);
  $("[name=profile-name]", editor)?.select();
}

editor.addEventListener("submit", async (event) => {
  event.preventDefault();
  showFaults(editor, []);
  try {
    const kept = state.name ? await put(path(state.name), state.draft) : await post("/profiles", state.draft);
    state.name = kept.name;
    await list();
    use(kept, kept.name);
    history.replaceState(null, "", `#${encodeURIComponent(kept.name)}`);
    done(t("profiles.saved", { name: kept.name }));
  } catch (error) {
    if (!showFaults(editor, error.errors ?? [])) failed(error);
  }
});

async function remove() {
  const kept = state.saved;
  await del(path(state.name));
  state.draft = null;
  await list();
  await open(state.all[0].name);
  // What was removed can be had back while one still thinks of it.
  done(t("profiles.dropped", { name: kept.name }), { action: { label: t("action.undo"), run: () => post("/profiles", kept).then(list).then(() => open(kept.name)).catch(failed) } });
}

// --- start ------------------------------------------------------------------------------------------------------

$("#profile-new").addEventListener("click", () => fresh({ ...vocabulary.empty, name: freeName(t("profiles.new_name")) }));
$("#profile-import").addEventListener("click", () => importDialog($("#import-dialog"), state.all, async (names) => {
  await list();
  if (names[0]) await open(names[0]);
}));
addEventListener("beforeunload", (event) => {
  if (state.draft && !state.draft.locked && !same(state.draft, state.saved)) event.preventDefault();
});

try {
  await list();
  const wanted = decodeURIComponent(location.hash.slice(1));
  await open((state.all.find((profile) => profile.name === wanted) ?? state.all.find((profile) => profile.default) ?? state.all[0]).name);
  people($("#profile-people"), () => state.all);
} catch (error) {
  failed(error);
}
