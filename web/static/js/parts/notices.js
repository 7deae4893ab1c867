// What is to be known about the settings as a whole: what waits for a restart, what no longer fits.

import { put } from "../core/api.js";
import { $, h, icon, replace } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { done, failed } from "../core/toast.js";
import { named, placed } from "./entries.js";
import { say } from "./phrases.js";

/** Show the notices; `again` is called when one was dealt with. */
export function showNotices(answer, again) {
  const waiting = answer.restart_required ?? [];
  const aside = answer.aside ?? [];
  replace(
    $("#notices"),
    waiting.length > 0 && notice("rotate-cw", t("settings.restart", { names: waiting.map(placed).join(", ") })),
    aside.length > 0 && notice("circle-alert", t("settings.aside"), h("ul", {}, aside.map((one) => h("li", {}, h("strong", {}, named(one.key)), ` (${one.key}): ${say(one.reason)} `, dropButton(one.key, again))))),
  );
}

const notice = (picture, ...words) => h("div", { class: "notice", role: "status", dataset: { testid: "notice" } }, icon(picture), h("div", {}, words));

function dropButton(key, again) {
  const drop = () => put("/settings", { [key]: null }).then(() => done(t("settings.dropped"))).then(again).catch(failed);
  return h("button", { class: "link", type: "button", on: { click: drop } }, t("settings.drop"));
}
