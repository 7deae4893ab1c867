// Custom formats: a name, points, and conditions that a release has to meet.

import { h, icon, replace } from "../core/dom.js";
import { n, t } from "../core/i18n.js";
import { check, field, number, section, select, text, tool } from "./profile-fields.js";

const PATTERNS = ["title", "group", "edition"];
const RANGES = ["size", "year"];

/** The formats of a profile, and the points it asks of them. */
export function formats({ draft, vocabulary, changed }) {
  const place = h("div", { class: "rows", dataset: { testid: "formats" } });
  const draw = (opened) => {
    const add = () => {
      draft.formats = [...draft.formats, { name: freeName(draft), points: 100, conditions: [blank("title")] }];
      draw(draft.formats.length - 1);
      changed();
    };
    replace(
      place,
      draft.formats.map((format, at) => formatRow({ draft, format, at, vocabulary, changed, draw, open: at === opened })),
      h("div", { class: "row-add" }, h("button", { class: "button", type: "button", dataset: { testid: "format-add" }, on: { click: add } }, icon("plus"), t("profiles.format_add"))),
    );
    if (opened !== undefined) place.children[opened]?.querySelector("input")?.focus();
  };
  draw();
  return section(
    "formats",
    place,
    h("div", { class: "field-row" },
      field(t("profiles.least_score"), number(draft, "least_format_score", changed, { step: 1 }), "least_format_score"),
      field(t("profiles.cutoff_score"), number(draft, "cutoff_format_score", changed, { step: 1 }), "cutoff_format_score"),
    ),
  );
}

function freeName(draft) {
  const taken = new Set(draft.formats.map((format) => format.name));
  for (let count = draft.formats.length + 1; ; count += 1) if (!taken.has(t("profiles.format_name", { count }))) return t("profiles.format_name", { count });
}

const blank = (kind) => ({ kind, value: "", name: "", negate: false, required: false, least: null, most: null, except_language: false });

function formatRow({ draft, format, at, vocabulary, changed, draw, open }) {
  const drop = () => {
    draft.formats = draft.formats.filter((each) => each !== format);
    draw();
    changed();
  };
  const count = h("span", { class: "quiet small" });
  const list = h("ul", { class: "conditions", dataset: { field: `formats.${at}.conditions` } });
  const details = h("details", { class: "format-conditions", open: Boolean(open) }, h("summary", {}, count, icon("chevron-down")), list);
  const fill = () => {
    count.textContent = n("profiles.conditions", format.conditions.length);
    if (details.open) drawConditions(list, { format, at, vocabulary, changed, fill });
  };
  details.addEventListener("toggle", fill);
  fill();
  return h(
    "div",
    { class: "format-row", dataset: { field: `formats.${at}`, testid: "format" } },
    h("div", { class: "format-head" },
      field(t("profiles.format"), text(format, "name", changed, { maxlength: 100 }), `formats.${at}.name`),
      field(t("profiles.points"), number(format, "points", changed, { step: 1, empty: 0, dataset: { testid: "format-points" } }), `formats.${at}.points`),
      tool("x", t("profiles.remove", { name: format.name }), drop),
    ),
    details,
  );
}

function drawConditions(list, { format, at, vocabulary, changed, fill }) {
  const again = () => {
    fill();
    changed();
  };
  const add = () => {
    format.conditions = [...format.conditions, blank("title")];
    again();
  };
  replace(
    list,
    format.conditions.map((condition, number_) => conditionRow({ format, condition, at: `formats.${at}.conditions.${number_}`, vocabulary, changed, again })),
    h("li", { class: "row-add" }, h("button", { class: "button button-quiet", type: "button", on: { click: add } }, icon("plus"), t("profiles.condition_add"))),
  );
}

function conditionRow({ format, condition, at, vocabulary, changed, again }) {
  const kinds = vocabulary.kinds.map((kind) => [kind, t(`profiles.kind.${kind}`)]);
  const other = () => {
    Object.assign(condition, blank(condition.kind), { negate: condition.negate, required: condition.required, value: vocabulary.words[condition.kind]?.[0] ?? "" });
    again();
  };
  const drop = () => {
    format.conditions = format.conditions.filter((each) => each !== condition);
    again();
  };
  return h(
    "li",
    { class: "condition", dataset: { field: at } },
    field(t("profiles.condition_kind"), select(condition, "kind", kinds, other)),
    h("div", { class: "condition-value" }, valueOf(condition, at, vocabulary, changed)),
    h("div", { class: "checks" }, check(condition, "required", t("profiles.required"), changed), check(condition, "negate", t("profiles.negate"), changed)),
    tool("x", t("profiles.condition_remove"), drop),
  );
}

function valueOf(condition, at, vocabulary, changed) {
  const label = t(`profiles.value.${PATTERNS.includes(condition.kind) ? "pattern" : RANGES.includes(condition.kind) ? condition.kind : "word"}`);
  if (RANGES.includes(condition.kind)) {
    return [field(`${label} ≥`, number(condition, "least", changed), `${at}.least`), field(`${label} ≤`, number(condition, "most", changed), `${at}.most`)];
  }
  const words = vocabulary.words[condition.kind];
  if (words) return field(label, select(condition, "value", words.map((word) => [word, word.replaceAll("_", " ")]), changed), `${at}.value`);
  return field(label, text(condition, "value", changed, { maxlength: 1000, spellcheck: "false", class: "input mono" }), `${at}.value`);
}
