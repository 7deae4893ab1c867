// One profile as a form: floor or ladder, sizes, formats, words, languages, screen, upgrades.

import { $, $$, h, icon, replace } from "../core/dom.js";
import { languageName } from "../core/format.js";
import { t } from "../core/i18n.js";
import { check, field, lines, movers, number, section, select, several, text, tool } from "./profile-fields.js";
import { formats } from "./profile-formats.js";
import { ladder } from "./profile-ladder.js";

const RESOLUTIONS = ["480p", "576p", "720p", "1080p", "1440p", "2160p", "4320p"];
const LANGUAGES = ["fr", "en", "de", "es", "it", "pt", "nl", "pl", "sv", "da", "fi", "no", "cs", "ru", "uk", "tr", "el", "hu", "ro", "ar", "he", "hi", "ja", "ko", "zh", "th", "vi"];

/** Draw `draft` into `form`; every control changes it and calls `changed`. */
export function drawEditor(form, { draft, vocabulary, changed, buttons }) {
  const given = { draft, vocabulary, changed };
  replace(
    form,
    h("div", { class: "faults", role: "alert", hidden: true }),
    draft.locked && h("p", { class: "notice" }, icon("lock"), h("span", {}, t("profiles.locked"))),
    h("fieldset", { class: "profile-parts", disabled: draft.locked }, basics(given), picture(given), ladder(given), sizes(given), formats(given), words(given), spoken(given), screen(given), upgrades(given)),
    h("div", { class: "profile-buttons" }, buttons),
  );
}

function basics({ draft, changed }) {
  return section(
    "basics",
    h("div", { class: "field-row" },
      field(t("profiles.name"), text(draft, "name", changed, { name: "profile-name", maxlength: 64, dataset: { testid: "profile-name" } }), "name"),
      field(t("profiles.min_seeders"), number(draft, "min_seeders", changed, { min: 0, step: 1, empty: 0 }), "min_seeders"),
    ),
    h("p", { class: "label" }, t("profiles.reject")),
    several(draft, "reject", ["cam", "telesync", "screener"].map((code) => [code, t(`profiles.reject.${code}`)]), changed),
    h("p", { class: "label" }, t("profiles.codecs")),
    several(draft, "prefer_codecs", [["hevc", "HEVC (x265)"], ["avc", "H.264 (x264)"], ["av1", "AV1"]], changed),
  );
}

function picture({ draft, changed }) {
  const options = [["", t("profiles.none")], ...RESOLUTIONS.map((name) => [name, name])];
  const part = section(
    "picture",
    h("div", { class: "field-row" },
      field(t("profiles.minimum"), select(draft, "minimum", options, changed, { dataset: { testid: "profile-minimum" } }), "minimum"),
      field(t("profiles.cutoff"), select(draft, "cutoff", options, changed, { dataset: { testid: "profile-cutoff" } }), "cutoff"),
    ),
  );
  return part;
}

function sizes({ draft, vocabulary, changed }) {
  const place = h("div", { class: "rows" });
  const draw = () => {
    const unused = vocabulary.qualities.filter((quality) => quality.lines && !draft.sizes.some((size) => size.quality === quality.name));
    const add = h("select", { class: "select", "aria-label": t("profiles.size_add") }, h("option", { value: "" }, t("profiles.size_add")), unused.map((quality) => h("option", { value: quality.name }, quality.name)));
    add.addEventListener("change", () => {
      draft.sizes = [...draft.sizes, { quality: add.value, least: null, preferred: null, most: null }];
      draw();
      changed();
    });
    replace(place, draft.sizes.map((size, number_) => sizeRow(draft, size, number_, changed, draw)), h("div", { class: "row-add" }, add));
  };
  draw();
  return section("sizes", place);
}

function sizeRow(draft, size, place, changed, draw) {
  const cell = (key) => field(t(`profiles.size.${key}`), number(size, key, changed, { min: 0, max: 10000, placeholder: "–" }), `sizes.${place}.${key}`);
  const drop = () => {
    draft.sizes = draft.sizes.filter((each) => each !== size);
    draw();
    changed();
  };
  return h("div", { class: "size-row", dataset: { field: `sizes.${place}` } }, h("strong", {}, size.quality), cell("least"), cell("preferred"), cell("most"), tool("x", t("profiles.remove", { name: size.quality }), drop));
}

function words({ draft, changed }) {
  return section(
    "words",
    h("div", { class: "field-row" },
      field(t("profiles.must"), lines(draft, "must", changed, { dataset: { testid: "profile-must" } }), "must"),
      field(t("profiles.must_not"), lines(draft, "must_not", changed, { dataset: { testid: "profile-must-not" } }), "must_not"),
    ),
  );
}

const spokenName = (code) => (code === "original" || code === "both" ? t(`profiles.language.${code}`) : languageName(code));

function spoken({ draft, changed }) {
  const place = h("div", { class: "rows", dataset: { field: "languages" } });
  const draw = (focus) => {
    const add = h("select", { class: "select", "aria-label": t("profiles.language_add"), dataset: { testid: "language-add" } }, h("option", { value: "" }, t("profiles.language_add")), ["original", "both", ...LANGUAGES].filter((code) => !draft.languages.includes(code)).map((code) => h("option", { value: code }, spokenName(code))));
    add.addEventListener("change", () => {
      draft.languages = [...draft.languages, add.value];
      draw();
      changed();
    });
    replace(place, h("ol", { class: "ordered" }, draft.languages.map((code, number_) => languageRow(draft, code, number_, draw, changed))), h("div", { class: "row-add" }, add));
    if (focus !== undefined) $$("li", place)[focus]?.querySelector("button:not(:disabled)")?.focus();
  };
  draw();
  return section("languages", place);
}

function languageRow(draft, code, place, draw, changed) {
  const name = spokenName(code);
  const moved = (now) => {
    draw(now);
    changed();
  };
  const drop = () => {
    draft.languages = draft.languages.filter((each) => each !== code);
    moved();
  };
  return h("li", { class: "ordered-row" }, h("span", { class: "grow" }, name), movers(draft.languages, place, name, moved), tool("x", t("profiles.remove", { name }), drop));
}

function screen({ draft, vocabulary, changed }) {
  const known = new Map(vocabulary.screens.map((each) => [each.name, each]));
  if (draft.screen && !known.has(draft.screen.name)) known.set(draft.screen.name, draft.screen);
  const menu = h("select", { class: "select", dataset: { testid: "profile-screen" } }, h("option", { value: "" }, t("profiles.screen.any")), [...known.keys()].map((name) => h("option", { value: name }, screenName(name))));
  menu.value = draft.screen?.name ?? "";
  menu.addEventListener("change", () => {
    draft.screen = structuredClone(known.get(menu.value) ?? null);
    changed();
  });
  return section("screen", field(t("profiles.screen"), menu, "screen"), check(draft, "refuse_unplayable", t("profiles.refuse_unplayable"), changed));
}

const screenName = (name) => {
  const words_ = t(`profiles.screen.${name}`);
  return words_.startsWith("profiles.") ? name : words_;
};

function upgrades({ draft, changed }) {
  return section(
    "upgrades",
    check(draft.upgrades, "allowed", t("profiles.upgrades_allowed"), changed),
    field(t("profiles.increment"), number(draft.upgrades, "least_increment", changed, { min: 0, step: 1, empty: 1 }), "upgrades.least_increment"),
  );
}

/** Say what is wrong, above and at the fields; false where there is nothing to say. */
export function showFaults(form, errors) {
  for (const marked of $$(".is-wrong", form)) marked.classList.remove("is-wrong");
  const box = $(".faults", form);
  if (!box) return false;
  box.hidden = errors.length === 0;
  replace(box, errors.length > 0 && h("p", {}, t("profiles.faults")), h("ul", {}, errors.slice(0, 10).map((error) => h("li", {}, h("code", {}, error.field), " ", error.message))));
  for (const error of errors) mark(form, error.field);
  return errors.length > 0;
}

function mark(form, name) {
  const parts = name.split(".");
  while (parts.length) {
    const found = $(`[data-field="${CSS.escape(parts.join("."))}"]`, form);
    if (found) {
      found.classList.add("is-wrong");
      found.closest("details")?.setAttribute("open", "");
      return;
    }
    parts.pop();
  }
}
