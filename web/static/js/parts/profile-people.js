// Who has which profile by default, and how far each may go.

import { get, put } from "../core/api.js";
import { $, h, replace } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { done, failed } from "../core/toast.js";

const CEILINGS = ["480p", "720p", "1080p", "2160p"];

/** Fill the section; `profiles()` are those of the moment. */
export async function people(section, profiles) {
  const { items } = await get("/admin/users?page_size=50");
  const habits = await Promise.all(items.map((user) => get(`/admin/users/${user.id}/profile`)));
  replace($(".people", section), items.map((user, place) => person(user, habits[place], profiles)));
  section.hidden = false;
}

function person(user, habits, profiles) {
  const profile = menu(t("profiles.person_profile", { name: user.username }), [["", t("profiles.person_household")], ...profiles().map((each) => [each.name, each.name])], habits.profile);
  const ceiling = menu(t("profiles.person_ceiling", { name: user.username }), [["", t("profiles.person_no_ceiling")], ...CEILINGS.map((name) => [name, t("profiles.person_up_to", { lines: name })])], habits.ceiling);
  for (const each of [profile, ceiling]) {
    each.addEventListener("change", () =>
      put(`/admin/users/${user.id}/profile`, { profile: profile.value || null, ceiling: ceiling.value || null })
        .then(() => done(t("profiles.person_saved", { name: user.username })))
        .catch(failed),
    );
  }
  return h("li", { class: "person-row", dataset: { testid: "person", name: user.username } }, h("strong", { class: "clip" }, user.username), profile, ceiling);
}

function menu(label, options, value) {
  const select = h("select", { class: "select", "aria-label": label }, options.map(([key, words]) => h("option", { value: key }, words)));
  select.value = value ?? "";
  return select;
}
