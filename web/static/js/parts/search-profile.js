// Which profile judges the results: a menu; another choice judges what was found anew.

import { maybe, post } from "../core/api.js";
import { h, reconcile, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { failed } from "../core/toast.js";

let names = null;

/** Draw the menu once results can be judged; `other(answer, name)` is told of the search that judges by another. */
export async function profileMenu(place, { id, profile, over }, other) {
  names ??= (await maybe("/profiles?page_size=200"))?.items.map((each) => each.name) ?? [];
  place.hidden = names.length < 2;
  if (!place.firstElementChild) place.append(menu(place, other));
  const select = place.querySelector("select");
  const known = profile && !names.includes(profile) ? [profile, ...names] : names;
  reconcile(select, known, (name) => name, (name) => h("option", { value: name }), (option, name) => setText(option, name));
  select.value = profile ?? "";
  select.disabled = !over;
  select.dataset.id = id;
}

function menu(place, other) {
  const select = h("select", { class: "select chip-select", dataset: { testid: "search-profile" } });
  select.addEventListener("change", async () => {
    const chosen = select.value;
    select.disabled = true;
    try {
      other(await post(`/search/${select.dataset.id}/score`, { profile: chosen }), chosen);
    } catch (error) {
      failed(error);
      select.disabled = false;
    }
  });
  return h("label", { class: "search-profile-label" }, h("span", { class: "quiet small" }, t("search.profile")), select);
}
