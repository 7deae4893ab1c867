// Settings, sources: a card for everything Sokoul can be connected to, with its state, its Test and its form.

import { get, maybe, put } from "../core/api.js";
import { $, $$, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { failed, undoable } from "../core/toast.js";
import { entries } from "../parts/entries.js";
import { showNotices } from "../parts/notices.js";
import { showState, wireHistory } from "../parts/supply.js";
import { changes, close, fillForm, wireForm } from "../parts/supplyform.js";

const EVERY = 10000;
const cards = () => $$("#supplies > section .supply[data-supply]");
const indexerCards = new Map();
const state = { values: new Map(), providers: [], list: [], lists: {} };

// --- what is set ------------------------------------------------------------------------------------------------

async function load() {
  const answer = await get("/settings");
  state.values = new Map(entries(answer).map((entry) => [entry.key, entry]));
  state.list = state.values.get("providers.indexers")?.value ?? [];
  state.lists = { locked: state.values.get("providers.indexers")?.locked ?? false };
  showNotices(answer, load);
  showIndexers();
  for (const card of cards()) if (card.dataset.supply !== "indexer") fill(card);
  await fare();
  $("#supplies").removeAttribute("aria-busy");
}

async function fare() {
  state.providers = (await maybe("/providers?page_size=200"))?.items ?? [];
  for (const card of cards()) show(card);
}

const entryOf = (key) => state.values.get(key) ?? { value: null, locked: false, secret: false };

function ready(card) {
  if (card.dataset.supply === "indexer") return Boolean(card.dataset.entry);
  const { value } = entryOf(card.dataset.needs);
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function show(card) {
  const { family, supply, entry } = card.dataset;
  const own = (one) => (supply === "indexer" ? one.family === "indexers" && one.name === entry : one.family === family);
  const isSwitch = entryOf(card.dataset.needs).form === "switch";
  showState(card, state.providers.filter(own), ready(card), { isSwitch });
  setText($("[data-open-words]", card), t(supply === "indexer" && !entry ? "action.close" : ready(card) || isSwitch ? "supply.change" : "supply.set_up"));
}

const fill = (card) => fillForm(card, ({ key }) => entryOf(key));

// --- cards with one place in the settings -----------------------------------------------------------------------

function wire(card) {
  const body = () => {
    const values = Object.fromEntries(changes(card).map(([, key, value]) => [key, value]));
    return Object.keys(values).length ? values : null;
  };
  wireForm(card, { body, saved: load });
  wireHistory(card);
  const key = $('[data-kind="secret"]', card)?.dataset.key;
  const remove = $("[data-remove]", card);
  if (key) {
    $(".supply-form", card).addEventListener("toggle", () => (remove.hidden = !entryOf(key).secret || entryOf(key).locked));
    remove.addEventListener("click", () => put("/settings", { [key]: null }).then(load).then(() => close(card)).catch(failed));
  }
}

// --- indexers: a card for each entry of the list ----------------------------------------------------------------

function showIndexers() {
  const names = new Set(state.list.map((entry) => entry.name));
  for (const [name, card] of indexerCards) if (!names.has(name)) (card.remove(), indexerCards.delete(name));
  let before = $("#indexers").firstElementChild;
  for (const entry of state.list) {
    if (!indexerCards.has(entry.name)) indexerCards.set(entry.name, indexerCard(entry.name));
    const card = indexerCards.get(entry.name);
    if (card !== before) $("#indexers").insertBefore(card, before);
    before = card.nextElementSibling;
    fillIndexer(card, entry);
  }
  $("#add-indexer").disabled = state.lists.locked;
}

let made = 0;
function indexerCard(name) {
  const card = $("#indexer-card").content.firstElementChild.cloneNode(true);
  made += 1;
  for (const element of $$("[id]", card)) element.id += `-${made}`;
  for (const name of ["for", "aria-labelledby", "aria-describedby"]) for (const element of [card, ...$$(`[${name}]`, card)]) if (element.hasAttribute(name)) element.setAttribute(name, `${element.getAttribute(name)}-${made}`);
  for (const radio of $$('[name="type"]', card)) radio.name = `type-${made}`;
  card.dataset.entry = name;
  wireForm(card, { extra: () => ({ type: typeOf(card), ...(card.dataset.entry ? { name: card.dataset.entry } : {}) }), body: () => indexerBody(card), saved: load });
  wireHistory(card);
  $("[data-remove]", card).addEventListener("click", () => removeIndexer(card));
  return card;
}

const typeOf = (card) => $("fieldset input:checked", card)?.value;

function fillIndexer(card, entry) {
  setText($("[data-title]", card), entry.name);
  setText($("[data-about]", card), `${t(`indexer.${entry.type}`)} · ${entry.url}`);
  fillForm(card, ({ field }) => ({ value: entry[field], locked: state.lists.locked, secret: field === "api_key" && Boolean(entry.api_key) }));
  for (const radio of $$("fieldset input", card)) radio.checked = radio.value === entry.type;
  card.dataset.type = entry.type;
  $("[data-types]", card).hidden = false;
  $("[data-types]", card).disabled = state.lists.locked;
  $("[data-remove]", card).hidden = state.lists.locked;
}

function indexerBody(card) {
  const values = Object.fromEntries(changes(card).map(([field, , value]) => [field, value]));
  if (typeOf(card) !== card.dataset.type) values.type = typeOf(card);
  if (!Object.keys(values).length) return null;
  const name = card.dataset.entry || values.name || free(values.type);
  if (!card.dataset.entry) values.name = name;
  return { "providers.indexers": { [name]: values } };
}

/** A name nobody has yet: "prowlarr", "prowlarr 2". */
function free(type) {
  const names = new Set(state.list.map((entry) => entry.name));
  let name = type;
  for (let at = 2; names.has(name); at += 1) name = `${type} ${at}`;
  return name;
}

function removeIndexer(card) {
  card.hidden = true;
  const remove = () => put("/settings", { "providers.indexers": { [card.dataset.entry]: null } }, { keepalive: true }).then(load).catch((fault) => ((card.hidden = false), failed(fault)));
  undoable(t("supply.removed", { name: card.dataset.entry }), remove, () => (card.hidden = false));
}

function addIndexer() {
  let card = $('.supply[data-entry=""]', $("#indexers"));
  if (!card) {
    card = indexerCard("");
    card.dataset.type = "";
    $("[data-types]", card).hidden = false;
    $("#indexers").append(card);
    fillForm(card, () => ({ value: null, locked: false, secret: false }));
    show(card);
    card.addEventListener("toggle", (event) => event.target.matches(".supply-form") && !event.target.open && card.remove(), true);
  }
  $(".supply-form", card).open = true;
  $("fieldset input:checked", card)?.focus();
  card.scrollIntoView({ block: "center" });
}

// --- start ------------------------------------------------------------------------------------------------------

for (const card of cards()) wire(card);
$("#add-indexer").addEventListener("click", addIndexer);
document.addEventListener("tried", () => fare().catch(failed));
setInterval(() => document.hidden || fare().catch(() => null), EVERY);
load().then(() => location.hash === "#indexer" && addIndexer()).catch(failed);
