// A film or series: what it is, play, keep, find a release, its files and its episodes.

import { del, get, maybe, post, query, told } from "../core/api.js";
import { $, h, icon, replace } from "../core/dom.js";
import { settle } from "../core/focus.js";
import { bytes, date, duration, languageName, runtime } from "../core/format.js";
import { language, n, t, tOr } from "../core/i18n.js";
import { done, failed, undo } from "../core/toast.js";
import { empty, fromMedia, fromTmdb, picture, poster, row, tone } from "../parts/media.js";
import { codecName, resolutionName } from "../parts/release.js";
import { may } from "../core/rights.js";
import { slotsPanel } from "../parts/slots.js";

const root = $("#title");
const place = { kind: root.dataset.kind, tmdbId: Number(root.dataset.tmdb) || null, mediaId: root.dataset.media || null };
const body = $("#title-body");
const state = { work: null, details: null, status: null, files: [] };

async function load() {
  if (place.mediaId) {
    const media = await get(`/media/${place.mediaId}`);
    place.kind = media.media_type;
    place.tmdbId ??= media.tmdb_id;
    state.work = fromMedia(media);
  }
  const outside = place.tmdbId && (place.kind === "movie" || place.kind === "tv");
  const [details, status] = await Promise.all([
    outside ? (state.work ? maybe : get)(told(`${place.kind}/${place.tmdbId}`)) : null,
    place.mediaId ? maybe(`/library/status/${place.mediaId}`) : maybe(`/library/status/${place.tmdbId}/${place.kind}`),
  ]);
  state.details = details;
  state.status = status ?? {};
  place.mediaId ??= state.status.media_id ?? null;
  state.work = { ...(details ? fromTmdb(details, place.kind) : {}), ...drop(state.work) };
  await loadFiles();
  show();
  rows(outside);
}

const drop = (item) => Object.fromEntries(Object.entries(item ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== ""));

async function loadFiles() {
  const found = place.mediaId ? await maybe(`/media/${place.mediaId}/files?page_size=200`) : null;
  state.files = found?.items ?? [];
  const coming = place.mediaId && !state.files.length ? await maybe("/downloads?page_size=200") : null;
  state.coming = coming?.items.find((download) => download.media_id === place.mediaId && !["failed", "cancelled"].includes(download.status));
}

// --- the head ---------------------------------------------------------------------------------------------------

function show() {
  const { work, details } = state;
  document.title = `${work.title} · Sokoul`;
  const hero = $("#hero");
  hero.classList.add(tone(work.title));
  const address = picture(work.backdrop, "w1280");
  const image = address && h("img", { class: "hero-picture", src: address, alt: "", fetchpriority: "high" });
  image?.addEventListener("load", () => image.classList.add("is-loaded"));
  image?.addEventListener("error", () => image.remove());
  const original = details?.original_title ?? details?.original_name;
  replace(
    hero,
    image,
    h(
      "div",
      { class: "title-head" },
      h("div", { class: "title-poster" }, poster(work, "w500")),
      h(
        "div",
        { class: "hero-words" },
        h("h1", { dataset: { testid: "title-name" } }, work.title),
        original && original !== work.title && h("p", { class: "quiet original" }, original),
        h("p", { class: "facts" }, facts()),
        details?.tagline && h("p", { class: "quiet tagline" }, details.tagline),
        h("div", { class: "actions", id: "title-actions" }, actions()),
      ),
    ),
  );
  showBody();
}

function facts() {
  const { work, details } = state;
  const genres = (details?.genres ?? work.genres ?? []).map((genre) => genre.name ?? genre).slice(0, 3).join(", ");
  const seasons = details?.number_of_seasons ? n("title.seasons", details.number_of_seasons) : null;
  const rating = work.rating ? new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(work.rating) : null;
  const parts = [work.year, seasons ?? runtime(details?.runtime ?? work.runtime), genres].filter(Boolean).map((part) => h("span", {}, part));
  if (rating) parts.push(h("span", { class: "rating", "aria-label": t("title.rating", { rating }) }, icon("star", "icon-fill"), rating));
  return parts;
}

function searchAddress(extra = {}) {
  const { work } = state;
  const type = place.kind === "tv" || place.kind === "episode" ? "tv" : "movie";
  return `/search${query({ q: work.title, type, tmdb_id: place.tmdbId, ...extra })}`;
}

function actions() {
  const owned = state.files.length > 0;
  const resume = state.status.progress_seconds > 0 && !state.status.is_completed;
  const play = owned && h("a", { class: "button button-primary button-big", href: `/watch/media/${place.mediaId}`, dataset: { testid: "title-play" } }, icon("play", "icon-fill"), t(resume ? "action.resume" : "action.play"));
  const watch = state.coming && h("a", { class: "button button-primary button-big", href: `/watch/download/${state.coming.download_id}`, dataset: { testid: "title-play" } }, icon("play", "icon-fill"), t(resume ? "action.resume" : "action.play"));
  const find = h("a", { class: ["button button-big", !owned && !watch && "button-primary"], href: searchAddress(), dataset: { testid: "title-find" } }, icon("search"), t(owned || watch ? "title.find_more" : "title.find"));
  return [play || watch, find, mark("favorite", "favorites", "heart"), mark("watchlist", "watchlist", "bookmark")];
}

function mark(name, path, picture) {
  const on = Boolean(state.status[name] ?? state.status[`is_${name}`] ?? state.status[`in_${name}`]);
  const button = h("button", { class: "button button-big button-round", type: "button", "aria-pressed": String(on), "aria-label": t(`title.${name}`), title: t(`title.${name}`), dataset: { testid: `title-${name}` } }, icon(picture));
  button.addEventListener("click", async () => {
    const now = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(now));
    try {
      if (now) {
        const answer = await post(`/library/${path}`, place.mediaId ? { media_id: place.mediaId } : { tmdb_id: place.tmdbId, media_type: place.kind });
        place.mediaId ??= answer?.media_id ?? answer?.media?.id ?? null;
      } else await del(`/library/${path}/${place.mediaId}`);
      done(t(now ? `title.${name}.on` : `title.${name}.off`));
    } catch (error) {
      button.setAttribute("aria-pressed", String(!now));
      failed(error);
    }
  });
  return button;
}

// --- the body ---------------------------------------------------------------------------------------------------

function showBody() {
  const { work, details } = state;
  const about = [
    details?.status && [t("title.status"), tOr(`title.status.${details.status}`, details.status)],
    details?.release_date && [t("title.released"), date(details.release_date)],
    details?.original_language && [t("title.language"), languageName(details.original_language)],
    details?.production_companies?.length && [t("title.studio"), details.production_companies.slice(0, 2).map((company) => company.name).join(", ")],
  ].filter(Boolean);
  replace(
    body,
    h(
      "div",
      { class: "title-columns" },
      h("section", {}, h("div", { class: "title-short", id: "title-short", hidden: true, dataset: { testid: "title-short" } }), h("p", { class: "title-overview" }, work.overview || t("title.no_overview")), state.files.length > 0 && filesPanel(), place.mediaId && slotsPanel(place.mediaId, (profile) => searchAddress({ profile }))),
      about.length > 0 && h("dl", { class: "facts-list panel" }, about.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    ),
    place.kind === "tv" && seasonsSection(),
  );
  if (place.mediaId && place.kind !== "episode") inShort();
}

// The rules' sentences are there at once; the model's take their place when they come.
const SHORT_AGAIN = [3000, 6000, 12000, 24000];
let short = 0;

async function inShort(tries = 0, round = ++short) {
  const answer = await maybe(`/media/${place.mediaId}/summary${query({ language: language.slice(0, 2) })}`);
  const box = $("#title-short");
  if (!answer || !box || round !== short) return;
  const { summary, by } = answer;
  // The beginning of a text that is hardly longer says nothing in short.
  const told = summary && (by === "model" || (state.work.overview?.length ?? 0) > 1.5 * summary.length);
  box.hidden = !told;
  if (told) replace(box, h("h2", {}, t("title.in_short")), h("p", {}, summary), by === "model" && h("p", { class: "quiet small" }, t("title.in_short.model")));
  if (answer.coming && tries < SHORT_AGAIN.length) setTimeout(() => round === short && inShort(tries + 1, round), SHORT_AGAIN[tries]);
}

function filesPanel() {
  return h(
    "section",
    { class: "files", "aria-label": t("title.files") },
    h("h2", {}, t("title.files")),
    place.kind !== "tv" && h("ul", { class: "files-list" }, state.files.map(fileRow)),
    place.kind === "tv" && h("p", { class: "quiet" }, n("title.file_count", state.files.length)),
    may("moderator") && h("button", { class: "button button-quiet button-bad", type: "button", dataset: { testid: "title-remove" }, on: { click: remove } }, icon("trash-2"), t("library.remove")),
  );
}

function fileWords(file) {
  const video = file.video ?? {};
  const height = file.resolution || video.height ? resolutionName({ resolution: file.resolution ?? heightClass(video) }) : "";
  const audio = (file.audio ?? []).map((track) => (track.language ? languageName(track.language) : "")).filter(Boolean);
  const subtitles = (file.subtitles ?? []).length;
  return [height, codecName(video.codec), duration(file.duration), bytes(file.size_bytes), [...new Set(audio)].join(", "), subtitles && n("title.subtitles", subtitles)].filter(Boolean);
}

const heightClass = ({ width = 0, height = 0 }) => [2160, 1440, 1080, 720, 576, 480].find((lines) => height >= lines * 0.9 || width >= lines * 1.6) ?? height;

function fileRow(file) {
  const there = (file.state ?? "present") === "present";
  return h(
    "li",
    { class: "file" },
    h("div", { class: "grow" }, h("p", { class: "facts figures" }, fileWords(file).map((part) => h("span", {}, part))), h("p", { class: "quiet small clip", title: file.path }, file.path?.split("/").pop()), !there && h("p", { class: "bad small" }, t(`title.file.${file.state}`))),
    there && h("a", { class: "button", href: `/watch/media/${place.mediaId}?file=${file.file_id}`, "aria-label": t("title.play_file", { name: file.path?.split("/").pop() ?? "" }) }, icon("play", "icon-fill"), t("action.play")),
  );
}

async function remove() {
  const kept = state.files;
  state.files = [];
  show();
  const back = () => ((state.files = kept), show());
  const restore = () => post(`/media/${place.mediaId}/restore`).then(back).catch(failed);
  try {
    await del(`/media/${place.mediaId}`);
    undo(t("library.removed", { title: state.work.title }), restore);
  } catch (error) {
    failed(error);
    back();
  }
}

// --- seasons ----------------------------------------------------------------------------------------------------

function seasonsSection() {
  const seasons = (state.details?.seasons ?? []).filter((season) => season.season_number > 0 || (state.details.seasons ?? []).length === 1);
  const list = h("ol", { class: "episodes" });
  const section = h("section", { class: "seasons" }, h("h2", {}, t("title.episodes")));
  if (seasons.length > 0) {
    const choices = h("div", { class: "season-choices", role: "group", "aria-label": t("title.season_choice"), "data-roving": true }, seasons.map((season) => seasonButton(season, list)));
    section.append(choices, list);
    settle(choices);
    showSeason(seasons[0], list, choices.firstElementChild);
  } else {
    section.append(list);
    ownEpisodes().then((own) => replace(list, own.length ? own.map((episode) => ownRow(episode)) : h("li", { class: "quiet" }, t("title.no_episodes"))));
  }
  return section;
}

function seasonButton(season, list) {
  const button = h("button", { class: "chip", type: "button", "aria-pressed": "false" }, t("release.season", { season: season.season_number }));
  button.addEventListener("click", () => showSeason(season, list, button));
  return button;
}

let owned = null;
async function ownEpisodes() {
  owned ??= place.mediaId ? ((await maybe(`/media/${place.mediaId}/episodes?page_size=200`))?.items ?? []) : [];
  return owned;
}

async function showSeason(season, list, button) {
  for (const other of button.parentElement.children) other.setAttribute("aria-pressed", String(other === button));
  const [details, own] = await Promise.all([maybe(told(`tv/${place.tmdbId}/season/${season.season_number}`)), ownEpisodes()]);
  const mine = new Map(own.filter((entry) => entry.season_number === season.season_number).map((entry) => [entry.episode_number, entry]));
  const pack = h("li", { class: "episode" }, h("span", { class: "grow quiet" }, n("title.episode_count", details?.episodes?.length ?? season.episode_count ?? 0)), h("a", { class: "button button-quiet", href: searchAddress({ season: season.season_number }) }, icon("search"), t("title.find_season")));
  replace(list, pack, (details?.episodes ?? []).map((episode) => episodeRow(episode, mine.get(episode.episode_number))));
  if (!details && mine.size) replace(list, [...mine.values()].map(ownRow));
}

function ownRow(media) {
  return episodeRow({ season_number: media.season_number, episode_number: media.episode_number, name: media.title, overview: media.overview, runtime: media.runtime_minutes }, media);
}

function episodeRow(episode, mine) {
  const still = picture(episode.still_path, "w300");
  const shot = h("div", { class: `still ${tone(episode.name ?? "")}` }, h("span", { class: "num" }, episode.episode_number));
  if (still) shot.append(h("img", { src: still, alt: "", loading: "lazy", width: 300, height: 169 }));
  return h(
    "li",
    { class: "episode" },
    shot,
    h(
      "div",
      { class: "grow" },
      h("h3", {}, h("span", { class: "quiet num" }, `${episode.episode_number}. `), episode.name || t("release.episode", { episode: episode.episode_number })),
      h("p", { class: "quiet small figures" }, [date(episode.air_date), runtime(episode.runtime)].filter(Boolean).join(" · ")),
      h("p", { class: "quiet small episode-words" }, episode.overview),
    ),
    mine
      ? h("a", { class: "button button-primary", href: `/watch/media/${mine.id}` }, icon("play", "icon-fill"), t("action.play"))
      : h("a", { class: "button button-quiet", href: searchAddress({ season: episode.season_number, episode: episode.episode_number }) }, icon("search"), t("title.find")),
  );
}

// --- rows -------------------------------------------------------------------------------------------------------

async function rows(outside) {
  const [credits, similar] = outside ? await Promise.all([maybe(told(`credits/${place.kind}/${place.tmdbId}`)), maybe(told(`similar/${place.kind}/${place.tmdbId}`))]) : [null, null];
  const cast = (credits?.cast ?? []).slice(0, 20).map((person) => ({ ...fromTmdb({ ...person, media_type: "person", poster_path: person.profile_path }), key: `${person.id}-${person.character}`, note: person.character || " " }));
  row($("#cast"), cast);
  row($("#similar"), (similar?.results ?? []).slice(0, 20).map((raw) => fromTmdb(raw, place.kind)));
}

load().catch((error) => {
  for (const id of ["#cast", "#similar"]) $(id).hidden = true;
  $("#hero").remove();
  replace(body, empty("cloud-off", t("title.unavailable"), error.message, h("a", { class: "button button-primary", href: "/search" }, t("nav.search"))));
  if (error.name !== "Problem") failed(error);
});

