// A description instead of a title: what was understood of it, in a line.

import { languageName } from "../core/format.js";
import { t } from "../core/i18n.js";

/** "Understood: somebody from Drive · science fiction · space"; empty where the query was a title. */
export function understoodText(understood) {
  if (!understood) return "";
  const quoted = (titles) => titles.map((title) => t("understood.quoted", { title })).join(", ");
  const parts = [
    understood.title && t("understood.quoted", { title: understood.title }),
    ...understood.people,
    understood.seen_in.length && t("understood.seen_in", { titles: quoted(understood.seen_in) }),
    understood.media_type && t(`kind.${understood.media_type}`),
    ...understood.genres.map((genre) => t(`genre.${genre.replace(" ", "_")}`)),
    years(understood.year_from, understood.year_to),
    understood.language && languageName(understood.language),
    ...understood.words,
  ].filter(Boolean);
  return t("understood.line", { parts: parts.join(" · ") });
}

function years(from, to) {
  if (from && to) return from === to ? String(from) : t("understood.years", { from: String(from), to: String(to) });
  if (from) return t("understood.since", { year: String(from) });
  return to ? t("understood.until", { year: String(to) }) : "";
}
