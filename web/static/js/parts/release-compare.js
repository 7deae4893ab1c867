// What would make a release win: its points beside those of the best, part by part.

import { h } from "../core/dom.js";
import { language, n, t, tOr } from "../core/i18n.js";

const worded = (reason) => reason?.[`reason_${language}`] ?? reason?.reason ?? t("release.nothing");
const byCode = (result) => new Map((result.score_reasons ?? []).map((reason) => [reason.code, reason]));

/** The parts that differ, those that the release lacks first; nothing for the best itself. */
export function versus(result, best) {
  if (!best || best.result_id === result.result_id || result.rejected || best.rejected) return null;
  const [own, theirs] = [byCode(result), byCode(best)];
  const parts = [...new Set([...theirs.keys(), ...own.keys()])]
    .map((code) => ({ code, lacks: (theirs.get(code)?.points ?? 0) - (own.get(code)?.points ?? 0), own: own.get(code), theirs: theirs.get(code) }))
    .filter((part) => part.lacks !== 0)
    .sort((one, other) => other.lacks - one.lacks);
  const behind = best.score - result.score;
  const title = behind > 0 ? n("release.behind", behind) : t("release.level");
  return h("div", { class: "versus", dataset: { testid: "versus" } }, h("p", { class: "versus-title" }, title), h("ul", { class: "why-list" }, parts.map(line)));
}

function line({ code, lacks, own, theirs }) {
  const points = `${lacks > 0 ? "−" : "+"}${Math.abs(lacks)}`;
  return h(
    "li",
    { class: lacks > 0 ? "is-minus" : "", dataset: { code } },
    h("span", { class: "num" }, points),
    h("span", {}, h("span", { class: "why-part" }, tOr(`reason.${code}`, code)), h("span", { class: "quiet" }, t("release.instead", { own: worded(own), best: worded(theirs) }))),
  );
}
