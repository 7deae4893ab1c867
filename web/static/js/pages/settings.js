// Settings: what is set, and from where; what the file or the environment decides is locked here.

import { get, put } from "../core/api.js";
import { $, $$, h, icon, replace } from "../core/dom.js";
import { has, t, tOr } from "../core/i18n.js";
import { done, failed } from "../core/toast.js";
import { entries, named } from "../parts/entries.js";
import { empty } from "../parts/media.js";
import { showNotices } from "../parts/notices.js";

const place = $("#settings");

function valueWords(value) {
  if (value === null || value === undefined || value === "") return h("span", { class: "quiet" }, t("settings.unset"));
  if (value === true || value === false) return t(value ? "settings.yes" : "settings.no");
  if (Array.isArray(value)) {
    if (!value.length) return h("span", { class: "quiet" }, t("settings.empty_list"));
    return value.every((entry) => typeof entry !== "object") ? value.join(", ") : h("ul", { class: "setting-list" }, value.map((entry) => h("li", {}, Object.entries(entry).filter(([, part]) => part !== null).map(([name, part]) => `${name}: ${typeof part === "object" ? JSON.stringify(part) : part}`).join(" · "))));
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const nameOf = (key) => (key.includes(".") ? named(key) : tOr(`settings.group.${key}`, key));

function line(entry) {
  const source = entry.locked ? "file" : entry.made ? "here" : "default";
  const value = h("dd", { class: "setting-value" }, h("span", { class: "grow" }, valueWords(entry.value)), h("span", { class: "badge", title: t(`settings.from.${source}_text`) }, entry.locked && icon("lock"), t(`settings.from.${source}`)));
  if (entry.editable && isSimple(entry.form)) value.append(editor(entry));
  if (entry.made) value.append(backButton(entry));
  return h("div", { class: "setting", dataset: { key: entry.key, testid: "setting" } }, h("dt", {}, h("span", {}, nameOf(entry.key)), h("code", { class: "quiet small" }, entry.key)), value);
}

// Lists of groups and tables have pages of their own.
const isSimple = (form) => form !== "entries" && form !== "table";

const keep = (values) => put("/settings", values).then((told) => done(t(told.restart_required.length ? "supply.saved_restart" : "settings.saved"))).then(load);

function backButton(entry) {
  return h("button", { class: "button button-quiet button-round", type: "button", "aria-label": t("settings.back", { name: nameOf(entry.key) }), title: t("settings.back", { name: nameOf(entry.key) }), on: { click: () => keep({ [entry.key]: null }).catch(failed) } }, icon("undo-2"));
}

function editor(entry) {
  const button = h("button", { class: "button button-quiet button-round", type: "button", "aria-label": t("settings.change", { name: nameOf(entry.key) }) }, icon("pencil"));
  button.addEventListener("click", () => {
    const input = box(entry);
    const form = h("form", { class: "setting-form" }, input, h("button", { class: "button button-primary", type: "submit" }, t("settings.save")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (entry.secret && !input.value) load();
      else keep({ [entry.key]: parse(input.value.trim(), entry.form) }).catch(failed);
    });
    button.replaceWith(form);
    input.focus();
  });
  return button;
}

function box(entry) {
  const name = nameOf(entry.key);
  const words = entry.form === "switch" ? ["true", "false"] : entry.choices;
  if (words) return h("select", { class: "select", "aria-label": name }, words.map((word) => h("option", { value: word, selected: String(entry.value) === word }, entry.form === "switch" ? t(word === "true" ? "settings.yes" : "settings.no") : word)));
  const shown = entry.form === "secret" ? "" : Array.isArray(entry.value) ? entry.value.join(", ") : String(entry.value ?? "");
  return h("input", { class: "input", value: shown, "aria-label": name, autocomplete: entry.form === "secret" ? "new-password" : "off", type: entry.form === "secret" ? "password" : "text", inputmode: entry.form === "number" ? "decimal" : null, placeholder: entry.secret ? t("supply.kept") : "" });
}

const asNumber = (text) => (/^-?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(",", ".")) : text);

function parse(text, form) {
  if (form === "switch") return text === "true";
  if (form === "number") return text === "" ? null : asNumber(text);
  if (form === "list") return text.split(",").map((part) => part.trim()).filter(Boolean);
  if (form === "numbers") return text.split(",").map((part) => asNumber(part.trim())).filter((part) => part !== "");
  return text || null;
}

async function load() {
  const groups = new Map();
  const answer = await get("/settings");
  showNotices(answer, load);
  for (const entry of entries(answer)) {
    const name = entry.key.split(".")[0];
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  replace(place, [...groups].map(([name, list]) => h("section", { class: "panel", dataset: { group: name } }, h("h2", {}, has(`settings.group.${name}`) ? t(`settings.group.${name}`) : name), h("dl", { class: "setting-rows" }, list.map(line)))));
  filter();
}

function filter() {
  const text = $("#settings-find").value.trim().toLowerCase();
  for (const row of $$(".setting", place)) row.hidden = Boolean(text) && !row.textContent.toLowerCase().includes(text);
  for (const panel of $$("section", place)) panel.hidden = !$$(".setting:not([hidden])", panel).length;
}

$("#settings-find").addEventListener("input", filter);
load().catch((error) => replace(place, empty("cloud-off", t("settings.unavailable"), error.message)));
