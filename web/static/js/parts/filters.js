// Filters of the result list: only those that would make a difference are offered.

import { h, reconcile, setText } from "../core/dom.js";
import { languageName } from "../core/format.js";
import { t } from "../core/i18n.js";
import { resolutionName, sourceName } from "./release.js";

const chosen = { quality: null, source: null, language: null };

const VALUES = {
  quality: (result) => [resolutionName(result.release ?? {})],
  source: (result) => (result.providers?.length ? result.providers : [result.provider]),
  kind: (result) => [sourceName(result.release ?? {})],
  language: (result) => result.release?.languages ?? [],
};
const LABEL = { quality: (value) => value, source: (value) => value, language: languageName };

/** The results that pass what is chosen. */
export function keep(results) {
  return results.filter((result) => Object.entries(chosen).every(([name, value]) => value === null || VALUES[name](result).includes(value)));
}

function values(name, results) {
  const counts = new Map();
  for (const result of results) for (const value of VALUES[name](result)) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.keys()].sort((a, b) => (name === "quality" ? parseInt(b, 10) - parseInt(a, 10) : LABEL[name](a).localeCompare(LABEL[name](b)))).slice(0, 12);
}

/** Draw a menu per filter into `place`; `changed` is called after a choice. */
export function filters(place, results, changed) {
  const groups = Object.keys(chosen)
    .map((name) => ({ name, values: values(name, results) }))
    .filter((group) => group.values.length > 1 || chosen[group.name] !== null);
  place.hidden = results.length < 3 || groups.length === 0;
  reconcile(place, groups, (group) => group.name, (group) => menu(group, changed), fillMenu);
}

function menu({ name }, changed) {
  const select = h("select", { class: "select chip-select", "aria-label": t(`filter.${name}`), dataset: { testid: `filter-${name}` } });
  select.addEventListener("change", () => {
    chosen[name] = select.value || null;
    select.classList.toggle("is-set", chosen[name] !== null);
    changed();
  });
  return select;
}

function fillMenu(select, { name, values: all }) {
  const same = all.join("\n");
  if (select.dataset.same === same) return;
  select.dataset.same = same;
  reconcile(select, [{ value: "", label: t(`filter.any_${name}`) }, ...all.map((value) => ({ value, label: LABEL[name](value) }))], (entry) => entry.value, (entry) => h("option", { value: entry.value }, entry.label), (option, entry) => setText(option, entry.label));
  select.value = chosen[name] ?? "";
}
