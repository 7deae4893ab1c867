// Works found by what they are about, and suggestions: each with why, and how soon it plays.

import { get, query } from "../core/api.js";
import { $, h, icon, reconcile, setText } from "../core/dom.js";
import { language, t } from "../core/i18n.js";
import { poster } from "./media.js";

const said = (one, name) => (language === "fr" ? one[`${name}_fr`] : one[name]);
const capital = (text) => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);

/** A work as the cards take it; its note is the reason why it is suggested. */
export function fromStory(raw) {
  const known = raw.tmdb_id && (raw.media_type === "movie" || raw.media_type === "tv");
  return {
    key: raw.id ?? `${raw.media_type}:${raw.tmdb_id}`,
    kind: raw.media_type,
    tmdbId: raw.tmdb_id,
    mediaId: raw.owned ? raw.id : null,
    title: raw.title,
    year: raw.year,
    overview: raw.overview ?? "",
    poster: raw.poster_url,
    backdrop: raw.backdrop_url,
    rating: raw.rating,
    genres: raw.genres ?? [],
    href: known ? `/${raw.media_type}/${raw.tmdb_id}` : `/title/${raw.id}`,
    note: raw.reason ? said(raw.reason, "reason") : undefined,
    badge: raw.owned ? t("meaning.owned") : undefined,
  };
}

function action(raw, item) {
  if (raw.owned && raw.media_type === "movie") return h("a", { class: "button button-round", href: `/watch/media/${raw.id}`, "aria-label": t("action.play_title", { title: raw.title }) }, icon("play", "icon-fill"));
  if (raw.owned || raw.time_to_play.state === "coming") return h("a", { class: "button button-quiet button-round", href: item.href, "aria-label": t("meaning.open", { title: raw.title }) }, icon("chevron-right"));
  const kind = raw.media_type === "tv" ? "tv" : "movie";
  return h("a", { class: "button button-quiet button-round", href: `/search${query({ q: raw.title, type: kind, tmdb_id: raw.tmdb_id ?? undefined })}`, "aria-label": t("meaning.search", { title: raw.title }) }, icon("search"));
}

function hit({ raw }) {
  const item = fromStory(raw);
  const facts = [raw.year, t(`kind.${raw.media_type}`), (raw.genres ?? []).slice(0, 3).join(", ")].filter(Boolean);
  return h(
    "li",
    { class: "hit", dataset: { testid: "meaning-hit" } },
    h("a", { class: "hit-poster", href: item.href, tabindex: -1, "aria-hidden": "true" }, poster(item, "w154")),
    h(
      "div",
      { class: "hit-words" },
      h("p", { class: "hit-head" }, h("a", { class: "hit-title", href: item.href }, raw.title), h("span", { class: "facts quiet small" }, facts.map((fact) => h("span", {}, fact)))),
      h("ul", { class: "hit-why", "aria-label": t("meaning.why") }, raw.reasons.slice(0, 4).map((one) => h("li", {}, capital(said(one, "reason"))))),
      h("p", { class: `hit-play is-${raw.time_to_play.state}` }, icon(raw.owned ? "circle-play" : raw.time_to_play.state === "coming" ? "download" : "search"), h("span", {}, capital(said(raw.time_to_play, "message")))),
    ),
    action(raw, item),
  );
}

/** Ask by meaning and fill the section with what comes; hidden while there is nothing. Returns how many. */
export async function askByMeaning(section, words, more = {}) {
  const told = await get(`/media${query({ semantic: words, page_size: 8, ...more })}`);
  section.hidden = told.items.length === 0;
  section.dataset.by = told.by_meaning ? "meaning" : "words";
  reconcile($("ol", section), told.items.map((raw) => ({ raw, key: `${raw.media_type}:${raw.id ?? raw.tmdb_id}:${raw.score}` })), (item) => item.key, hit);
  const notes = told.notes.map((note) => said(note, "message")).join(" ");
  const note = $(".meaning-note", section);
  note.hidden = !notes;
  setText(note, notes);
  return told.items.length;
}

/** Whether words in a field are more than part of a title. */
export const describes = (words) => words.trim().split(/\s+/).length >= 3;

