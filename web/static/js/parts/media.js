// Works as the pages show them, whether they come from the library or from the metadata source.

import { h, icon, reconcile } from "../core/dom.js";
import { settle } from "../core/focus.js";
import { clock, percent } from "../core/format.js";
import { t } from "../core/i18n.js";

const FILE = /^\/?([\w.-]+\.(?:jpe?g|png|webp|svg))$/i;
const SERVED = /\/(?:t\/p|api\/v1\/tmdb\/image)\/\w+\/([\w.-]+)$/;

/** Where the daemon serves a picture, in the size asked for; what lies on another host is not shown. */
export function picture(address, size = "w342") {
  if (!address) return null;
  const [, name] = FILE.exec(address) ?? SERVED.exec(address) ?? [];
  if (name) return `/api/v1/tmdb/image/${size}/${name}`;
  return address.startsWith("/") && !address.startsWith("//") ? address : null;
}

const yearOf = (date) => (date ? Number(String(date).slice(0, 4)) || null : null);

/** A row of the metadata source. */
export function fromTmdb(raw, type = null) {
  const kind = raw.media_type ?? type ?? (raw.first_air_date !== undefined ? "tv" : "movie");
  return {
    key: `${kind}:${raw.id}`,
    kind,
    tmdbId: raw.id,
    mediaId: null,
    title: raw.title ?? raw.name ?? "",
    year: yearOf(raw.release_date ?? raw.first_air_date),
    overview: raw.overview ?? "",
    poster: raw.poster_path ?? raw.poster_url ?? null,
    backdrop: raw.backdrop_path ?? raw.backdrop_url ?? null,
    rating: raw.vote_average ?? raw.rating ?? null,
    href: kind === "person" ? `/person/${raw.id}` : `/${kind}/${raw.id}`,
  };
}

/** A Media of the library. */
export function fromMedia(raw) {
  const kind = raw.media_type;
  const page = raw.tmdb_id && (kind === "movie" || kind === "tv") ? `/${kind}/${raw.tmdb_id}` : `/title/${raw.id}`;
  return {
    key: raw.id,
    kind,
    tmdbId: raw.tmdb_id,
    mediaId: raw.id,
    title: raw.title ?? "",
    year: raw.year,
    overview: raw.overview ?? "",
    poster: raw.poster_url,
    backdrop: raw.backdrop_url,
    rating: raw.rating,
    runtime: raw.runtime_minutes,
    genres: raw.genres ?? [],
    season: raw.season_number,
    episode: raw.episode_number,
    href: page,
  };
}

/** One of twelve quiet colours, always the same for a title: what is seen before and without a picture. */
export function tone(title) {
  let sum = 0;
  for (const char of title) sum = (sum * 31 + char.codePointAt(0)) >>> 0;
  return `tone-${sum % 12}`;
}

/** The poster: its place is kept, the title stands in until (or unless) the picture is there. */
export function poster(item, size = "w342") {
  const address = picture(item.poster, size);
  const box = h("div", { class: `poster ${tone(item.title)}` }, h("span", { class: "poster-name", "aria-hidden": "true" }, item.title));
  if (address) {
    const image = h("img", { src: address, alt: "", width: 342, height: 513, loading: "lazy", decoding: "async" });
    image.addEventListener("load", () => box.classList.add("is-loaded"), { once: true });
    image.addEventListener("error", () => image.remove(), { once: true });
    box.append(image);
  }
  return box;
}

const code = (item) => (item.season != null && item.episode != null ? t("episode.code", { season: item.season, episode: item.episode }) : null);

/** A media card: poster, title, one quiet line. `item.progress` in percent, `item.note` replaces the quiet line. */
export function card(item) {
  const line = item.note ?? [code(item), item.year, item.kind === "tv" ? t("kind.tv") : null].filter(Boolean).join(" · ");
  const box = poster(item);
  if (item.progress) {
    const bar = h("div", { class: "poster-progress", vars: { "--done": `${Math.min(100, item.progress)}%` } });
    box.append(bar);
  }
  if (item.badge) box.append(h("span", { class: "badge poster-badge" }, item.badge));
  return h(
    "a",
    { class: "card", href: item.href, dataset: { testid: "media-card", key: item.key } },
    box,
    h("span", { class: "card-title" }, item.title),
    h("span", { class: "card-line quiet" }, line || "\u00a0", item.progress > 0 && h("span", { class: "visually-hidden" }, ` · ${t("card.watched", { percent: percent(item.progress) })}`)),
  );
}

/** Fill a grid or a row with cards, keeping those that stay. */
export function fill(container, items) {
  container.classList.remove("is-waiting");
  container.querySelectorAll(".skeleton").forEach((element) => element.remove());
  reconcile(container, items, (item) => item.key, card);
  settle(container);
}

/** A watched position as words: "12:03 of 1:45:00". */
export const position = (seconds, total) => t("card.position", { at: clock(seconds), total: clock(total) });

/** A row with its title and arrows; hidden while it has nothing. */
export function row(section, items) {
  section.hidden = items.length === 0;
  if (items.length) fill(section.querySelector(".row-items"), items);
}

/** A designed empty state. */
export function empty(picture, title, text, ...actions) {
  return h(
    "div",
    { class: "empty", dataset: { testid: "empty" } },
    h("div", { class: "empty-picture" }, icon(picture)),
    h("h2", {}, title),
    h("p", { class: "quiet" }, text),
    actions.length > 0 && h("div", { class: "actions" }, actions),
  );
}
