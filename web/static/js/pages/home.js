// Home: where one left off, what runs, what is new, what others watch.

import { get, maybe, told } from "../core/api.js";
import { $, h, icon, reconcile, replace, setText } from "../core/dom.js";
import { settle } from "../core/focus.js";
import { runtime } from "../core/format.js";
import { t } from "../core/i18n.js";
import { connection, listen } from "../core/live.js";
import { failed } from "../core/toast.js";
import { fromStory } from "../parts/meaning.js";
import { poster as posterOf, empty, fromMedia, fromTmdb, picture, position, row, tone } from "../parts/media.js";
import { MOVING, figures, identify, mainFile, shortName, tone as light, words } from "../parts/states.js";

const hero = $("#hero");
const rows = $("#home-rows");

// What was removed since cannot be continued.
const here = (entry) => entry.media?.owned !== false;

function continued(entry) {
  const media = entry.media ?? entry;
  const id = entry.media_id ?? media.id;
  const done = entry.total_seconds ? (100 * entry.progress_seconds) / entry.total_seconds : entry.progress;
  const series = entry.series;
  const code = media.media_type === "episode" ? t("episode.code", { season: media.season_number, episode: media.episode_number }) : null;
  const at = entry.total_seconds ? position(entry.progress_seconds, entry.total_seconds) : null;
  return {
    ...fromMedia({ ...media, id, title: series?.title ?? media.title, poster_url: series?.poster_url ?? media.poster_url, backdrop_url: media.backdrop_url ?? series?.backdrop_url }),
    key: `continue-${id}`,
    href: `/watch/media/${id}`,
    progress: Math.max(2, done || 0),
    note: [code, at].filter(Boolean).join(" · ") || undefined,
    playing: true,
  };
}

function facts(item) {
  const parts = [item.year, runtime(item.runtime), (item.genres ?? []).slice(0, 2).join(", "), item.note];
  return parts.filter(Boolean).map((part) => h("span", {}, part));
}

function showHero(item) {
  hero.className = `hero ${tone(item.title)}`;
  const address = picture(item.backdrop, "w1280") ?? picture(item.poster, "w780");
  const image = address && h("img", { class: "hero-picture", src: address, alt: "", fetchpriority: "high" });
  image?.addEventListener("load", () => image.classList.add("is-loaded"));
  image?.addEventListener("error", () => image.remove());
  const play = item.playing
    ? h("a", { class: "button button-primary button-big", href: item.href, dataset: { testid: "hero-play" } }, icon("play", "icon-fill"), t("action.resume"))
    : item.mediaId && h("a", { class: "button button-primary button-big", href: `/watch/media/${item.mediaId}`, dataset: { testid: "hero-play" } }, icon("play", "icon-fill"), t("action.play"));
  const details = item.playing && item.tmdbId && item.kind !== "episode" ? `/${item.kind}/${item.tmdbId}` : item.playing ? `/title/${item.mediaId}` : item.href;
  replace(
    hero,
    image,
    h(
      "div",
      { class: "hero-words" },
      h("h2", { class: "hero-name" }, item.title),
      h("p", { class: "facts quiet" }, facts(item)),
      item.overview && h("p", { class: "overview" }, item.overview),
      h("div", { class: "actions" }, play, h("a", { class: ["button button-big", !play && "button-primary"], href: details }, icon("info"), t("action.details"))),
    ),
  );
}

function showEmptyHero() {
  hero.className = "home-empty";
  replace(
    hero,
    empty("popcorn", t("home.empty.title"), t("home.empty.text"), h("a", { class: "button button-primary button-big", href: "/search", dataset: { testid: "home-search" } }, icon("search"), t("home.empty.search")), h("a", { class: "button button-big", href: "/downloads" }, icon("link"), t("home.empty.link"))),
  );
}

// --- downloads that run -----------------------------------------------------------------------------------------

const running = new Map();

function runningCard() {
  return h("a", { class: "running-card", dataset: { testid: "running-card" } }, h("div", { class: "poster" }), h("div", { class: "grow" }, h("span", { class: "clip running-name" }), h("span", { class: "clip small running-words" }), h("span", { class: "bar" }), h("span", { class: "clip small quiet figures running-figures" })));
}

function updateRunning(element, download) {
  const file = mainFile(download);
  element.href = download.playable && file ? `/watch/download/${download.download_id}` : "/downloads";
  setText($(".running-name", element), shortName(download));
  setText($(".running-words", element), words(download));
  setText($(".running-figures", element), figures(download));
  $(".running-words", element).className = `clip small running-words ${light(download)}`;
  $(".bar", element).style.setProperty("--done", `${download.progress ?? 0}%`);
  const box = $(".poster", element);
  const address = download.media?.poster_url ?? "none";
  if (box.dataset.of !== address) {
    box.replaceWith(posterOf({ title: shortName(download), poster: download.media?.poster_url }, "w154"));
    $(".poster", element).dataset.of = address;
  }
  identify(download, (known) => updateRunning(element, known));
}

function showRunning() {
  const items = [...running.values()].filter((download) => MOVING.has(download.status)).slice(0, 6);
  const section = $("#running");
  section.hidden = items.length === 0;
  reconcile($(".running", section), items, (download) => download.download_id, runningCard, updateRunning);
  settle($(".running", section));
}

async function loadRunning() {
  const found = await maybe("/downloads?page_size=50");
  running.clear();
  for (const download of found?.items ?? []) running.set(download.download_id, download);
  showRunning();
  return running.size;
}

// --- what one may like -------------------------------------------------------------------------------------------

async function loadRecommended() {
  const found = await maybe("/recommendations?limit=20");
  const section = $("#recommended");
  row(section, (found?.items ?? []).map(fromStory));
  section.hidden = !found;
  $(".row-empty", section)?.remove();
  const none = found?.items.length === 0;
  $(".row-items", section).hidden = none;
  $(".row-arrows", section).hidden = none;
  if (none) section.append(h("p", { class: "row-empty", dataset: { testid: "recommended-empty" } }, icon("sparkles"), t("home.recommended.empty")));
}

// --- everything together ----------------------------------------------------------------------------------------

async function load() {
  const trending = rows.dataset.metadata === "yes" ? maybe(told("trending")) : null;
  const recommended = loadRecommended();
  const [resume, recent, active] = await Promise.all([maybe("/history/continue?page_size=20"), get("/media?owned=true&sort=added&page_size=20"), loadRunning()]);
  const coming = new Set([...running.values()].map((download) => download.media_id));
  const watching = (resume?.items ?? []).filter((entry) => here(entry) || coming.has(entry.media?.id)).map(continued);
  const fresh = (recent?.items ?? []).filter((raw) => raw.media_type !== "episode").map(fromMedia);
  row($("#continue"), watching);
  row($("#recent"), fresh);
  const start = watching.find((item) => item.backdrop) ?? fresh.find((item) => item.backdrop) ?? watching[0] ?? fresh[0];
  if (start) showHero(start);
  const others = await trending;
  const hot = (others?.results ?? others?.items ?? []).filter((raw) => raw.media_type !== "person").map((raw) => fromTmdb(raw));
  if ($("#trending")) row($("#trending"), hot);
  if (!start && hot.length) showHero(hot.find((item) => item.backdrop) ?? hot[0]);
  if (!start && !hot.length) showEmptyHero();
  await recommended;
  rows.dataset.ready = active ? "active" : "yes";
}

load().catch((error) => {
  showEmptyHero();
  for (const section of rows.querySelectorAll(".row")) section.hidden = true;
  failed(error);
});

listen("downloads", (event, data) => {
  if (event === "media.ready") load().catch(failed);
  if (event === "download.updated" && data?.download_id) {
    running.set(data.download_id, data);
    showRunning();
  }
});
let met = false;
connection((on) => {
  if (on && met) loadRunning().catch(failed);
  met = met || on;
});
