// Settings: what is set, and from where; what the file or the environment decides is locked here.

import { get, put } from "../core/api.js";
import { $, $$, h, icon, replace } from "../core/dom.js";
import { has, t, tOr } from "../core/i18n.js";
import { done, failed } from "../core/toast.js";
import { entries } from "../parts/entries.js";
import { empty } from "../parts/media.js";

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
const named = (key) => tOr(`setting.${key}`, key.split(".").slice(1).join(" › ").replaceAll("_", " ") || key);

function line(entry) {
  const source = entry.locked ? "file" : "default";
  const value = h("dd", { class: "setting-value" }, h("span", { class: "grow" }, valueWords(entry.value)), h("span", { class: "badge", title: t(`settings.from.${source}_text`) }, entry.locked && icon("lock"), t(`settings.from.${source}`)));
  if (entry.editable) value.append(editor(entry));
  return h("div", { class: "setting", dataset: { key: entry.key, testid: "setting" } }, h("dt", {}, h("span", {}, nameOf(entry.key)), h("code", { class: "quiet small" }, entry.key)), value);
}

function editor(entry) {
  const button = h("button", { class: "button button-quiet button-round", type: "button", "aria-label": t("settings.change", { name: nameOf(entry.key) }) }, icon("pencil"));
  button.addEventListener("click", () => {
    const shown = entry.secret || typeof entry.value === "object" ? "" : String(entry.value ?? "");
    const input = h("input", { class: "input", value: shown, "aria-label": nameOf(entry.key), autocomplete: "off" });
    const form = h("form", { class: "setting-form" }, input, h("button", { class: "button button-primary", type: "submit" }, t("settings.save")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      put("/settings", { [entry.key]: parse(input.value, entry.value) }).then(() => done(t("settings.saved"))).then(load).catch(failed);
    });
    button.replaceWith(form);
    input.focus();
  });
  return button;
}

function parse(text, before) {
  if (typeof before === "boolean") return /^(true|yes|oui|1|on)$/i.test(text.trim());
  if (typeof before === "number") return Number(text);
  if (Array.isArray(before)) return text.split(",").map((part) => part.trim()).filter(Boolean);
  return text.trim() || null;
}

async function load() {
  const groups = new Map();
  for (const entry of entries(await get("/settings"))) {
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
