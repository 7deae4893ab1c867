// Small controls of the profile editor: each writes into the draft and says that it changed.

import { h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";

/** A titled part of the editor; its hint says what it is for. */
export const section = (key, ...content) => h("fieldset", { class: "panel profile-part", dataset: { part: key } }, h("legend", {}, t(`profiles.part.${key}`)), h("p", { class: "hint" }, t(`profiles.hint.${key}`)), ...content);

export const field = (label, control, at) => h("label", { class: "field", dataset: { field: at ?? "" } }, h("span", {}, label), control);

export function text(draft, key, changed, props = {}) {
  const input = h("input", { class: "input", value: draft[key] ?? "", autocomplete: "off", ...props });
  input.addEventListener("input", () => {
    draft[key] = input.value;
    changed();
  });
  return input;
}

/** A number, or null where the field is empty. */
export function number(draft, key, changed, props = {}) {
  const input = h("input", { class: "input", type: "number", step: "any", value: draft[key] ?? "", autocomplete: "off", ...props });
  input.addEventListener("input", () => {
    draft[key] = input.value === "" ? (props.empty ?? null) : Number(input.value);
    changed();
  });
  return input;
}

/** A menu of [value, words]. */
export function select(draft, key, options, changed, props = {}) {
  const menu = h("select", { class: "select", ...props }, options.map(([value, words]) => h("option", { value }, words)));
  menu.value = draft[key] ?? "";
  menu.addEventListener("change", () => {
    draft[key] = menu.value || (props.empty ?? null);
    changed();
  });
  return menu;
}

export function check(draft, key, words, changed) {
  const box = h("input", { type: "checkbox", checked: Boolean(draft[key]) });
  box.addEventListener("change", () => {
    draft[key] = box.checked;
    changed();
  });
  return h("label", { class: "check" }, box, h("span", {}, words));
}

/** Check boxes for the members of a list. */
export function several(draft, key, options, changed) {
  return h("div", { class: "checks", dataset: { field: key } }, options.map(([value, words]) => {
    const box = h("input", { type: "checkbox", checked: draft[key].includes(value) });
    box.addEventListener("change", () => {
      draft[key] = box.checked ? [...draft[key], value] : draft[key].filter((entry) => entry !== value);
      changed();
    });
    return h("label", { class: "check" }, box, h("span", {}, words));
  }));
}

/** One entry a line. */
export function lines(draft, key, changed, props = {}) {
  const area = h("textarea", { class: "input", rows: 3, spellcheck: "false", value: draft[key].join("\n"), ...props });
  area.addEventListener("input", () => {
    draft[key] = area.value.split("\n").map((line) => line.trim()).filter(Boolean);
    changed();
  });
  return area;
}

export const tool = (picture, label, run, props = {}) => h("button", { class: "button button-quiet button-round", type: "button", "aria-label": label, title: label, on: { click: run }, ...props }, icon(picture));

/** Up and down buttons for the member at `place`; `moved(place)` is told where it is now. */
export function movers(list, place, name, moved) {
  const move = (by) => () => {
    const [entry] = list.splice(place, 1);
    list.splice(place + by, 0, entry);
    moved(place + by);
  };
  return [
    tool("chevron-up", t("profiles.up", { name }), move(-1), { disabled: place === 0, dataset: { move: "up" } }),
    tool("chevron-down", t("profiles.down", { name }), move(1), { disabled: place === list.length - 1, dataset: { move: "down" } }),
  ];
}
