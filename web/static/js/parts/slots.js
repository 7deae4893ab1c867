// The versions in which a title is kept, such as 1080p beside 4K, each with its own profile.

import { get, maybe, put } from "../core/api.js";
import { h, icon, replace } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { may } from "../core/rights.js";
import { failed } from "../core/toast.js";

/** A panel that fills itself; `searchFor(profile)` is the address that looks for a release of that profile. */
export function slotsPanel(mediaId, searchFor) {
  const panel = h("section", { class: "slots", "aria-label": t("slots.title"), dataset: { testid: "slots" } });
  load(panel, mediaId, searchFor).catch(failed);
  return panel;
}

async function load(panel, mediaId, searchFor) {
  const [found, profiles] = await Promise.all([maybe(`/media/${mediaId}/slots`), get("/profiles?page_size=200")]);
  if (!found || (!found.slots.length && !may("moderator"))) return;
  draw({ panel, mediaId, searchFor, slots: found.slots, names: profiles.items.map((profile) => profile.name) });
}

function draw(given) {
  const { panel, slots, names } = given;
  const add = () => {
    const taken = new Set(slots.map((slot) => slot.name));
    const name = ["1080p", "4K", "2", "3", "4", "5", "6", "7"].find((each) => !taken.has(each));
    save(given, [...slots, { name, profile: names[0] }]);
  };
  replace(
    panel,
    h("h3", {}, t("slots.title")),
    h("p", { class: "hint" }, t("slots.hint")),
    h("ul", { class: "slots-list" }, slots.map((slot) => slotRow(given, slot))),
    may("moderator") && h("div", { class: "slots-tools" }, h("button", { class: "button button-quiet", type: "button", disabled: slots.length >= 8, dataset: { testid: "slot-add" }, on: { click: add } }, icon("plus"), t("slots.add"))),
  );
}

function slotRow(given, slot) {
  const { slots, names, searchFor } = given;
  const change = (fields) => save(given, slots.map((each) => (each === slot ? { ...slot, ...fields } : each)));
  const name = h("input", { class: "input", value: slot.name, maxlength: 64, disabled: !may("moderator"), "aria-label": t("slots.name") });
  name.addEventListener("change", () => change({ name: name.value }));
  const profile = h("select", { class: "select", disabled: !may("moderator"), "aria-label": t("slots.profile", { name: slot.name }) }, names.map((each) => h("option", { value: each }, each)));
  profile.value = slot.profile;
  profile.addEventListener("change", () => change({ profile: profile.value }));
  const held = slot.file_name ? t(slot.enough ? "slots.enough" : "slots.held", { file: slot.file_name }) : t("slots.empty");
  return h(
    "li",
    { class: "slot", dataset: { testid: "slot", name: slot.name } },
    name,
    profile,
    h("a", { class: "button button-quiet button-round", href: searchFor(slot.profile), "aria-label": t("slots.search", { name: slot.name }), title: t("slots.search", { name: slot.name }) }, icon("search")),
    may("moderator") && h("button", { class: "button button-quiet button-round", type: "button", "aria-label": t("slots.remove", { name: slot.name }), on: { click: () => save(given, slots.filter((each) => each !== slot)) } }, icon("x")),
    h("p", { class: "slot-file quiet small" }, held),
  );
}

async function save(given, slots) {
  try {
    const kept = await put(`/media/${given.mediaId}/slots`, { slots: slots.map(({ name, profile }) => ({ name, profile })) });
    draw({ ...given, slots: kept.slots });
  } catch (error) {
    failed(error);
    draw(given);
  }
}
