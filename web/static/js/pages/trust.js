// Who is believed how far: what names of releases promised against what was found in their files.

import { get } from "../core/api.js";
import { $, h, icon, replace } from "../core/dom.js";
import { ago, languageName } from "../core/format.js";
import { n, t, tOr } from "../core/i18n.js";
import { failed } from "../core/toast.js";
import { empty } from "../parts/media.js";
import { say } from "../parts/phrases.js";
import { codecName } from "../parts/release.js";

const SHOWN = 3;
const KINDS = { groups: (claim, name) => claim.release_group === name, indexers: (claim, name) => claim.indexers.some((one) => one.toLowerCase() === name) };

async function load() {
  const [trust, broken] = await Promise.all([get("/claims/trust"), get("/claims?kept=false&page_size=200")]);
  for (const kind of Object.keys(KINDS)) {
    $(`#trust-${kind}`).hidden = trust[kind].length === 0;
    replace($(`#trust-${kind} ul`), trust[kind].map((one) => record(one, broken.items.filter((claim) => KINDS[kind](claim, one.name)))));
  }
  const none = trust.groups.length + trust.indexers.length === 0;
  replace($("#trust-empty"), none && empty("shield-check", t("trust.empty.title"), t("trust.empty.text"), h("a", { class: "button button-primary", href: "/search" }, icon("search"), t("home.empty.search"))));
  $("#trust").removeAttribute("aria-busy");
}

function record(one, claims) {
  const worst = one.lied && one.worst ? ` ${t("trust.worst", { about: t(`trust.about.${one.worst}`) })}` : "";
  const told = one.lied ? n("trust.lied", one.releases, { lied: one.lied }) : n("trust.kept", one.releases);
  return h("li", { class: "record", dataset: { testid: "record", name: one.name } },
    h("p", { class: "record-head" }, h("span", {}, one.name), h("span", { class: ["record-points figures", one.points > 0 && "good", one.points < 0 && "bad"] }, points(one.points))),
    h("p", { class: "quiet small" }, told + worst),
    claims.length > 0 && h("ul", { class: "broken small" }, claims.slice(0, SHOWN).map(brokenRow)),
  );
}

const points = (value) => n("trust.points", Math.abs(value), { signed: value > 0 ? `+${value}` : value < 0 ? `\u2212${-value}` : "0" });

function brokenRow(claim) {
  return h("li", {},
    h("span", {}, t("trust.claim", { about: t(`trust.what.${claim.claim}`), told: worded(claim.claim, claim.told), found: worded(claim.claim, claim.found) })),
    h("span", { class: "quiet clip", title: claim.release_name }, `${claim.release_name} · ${ago(claim.at)}`),
  );
}

/** The ledger's own words, in those of the page. */
function worded(kind, text) {
  if (kind === "language") return text === "multi" ? t("language.multi") : text.split(" ").map(languageName).join(", ");
  if (kind === "codec") return codecName(text) || text;
  return tOr(`trust.value.${text.replaceAll(" ", "_")}`, say(text));
}

load().catch((fault) => {
  $("#trust").removeAttribute("aria-busy");
  replace($("#trust-empty"), empty("cloud-off", t("trust.unavailable"), say(fault.message), h("button", { class: "button", type: "button", on: { click: () => location.reload() } }, t("action.retry"))));
  if (fault.name !== "Problem") failed(fault);
});
