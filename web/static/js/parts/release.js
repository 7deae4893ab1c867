// One release: what it is in plain words, its raw name, its score with reasons that add up, Play and Download.

import { post } from "../core/api.js";
import { $, h, icon, replace, setIcon, setText } from "../core/dom.js";
import { ago, bytes, languageName } from "../core/format.js";
import { has, language, n, t, tOr } from "../core/i18n.js";
import { done, failed } from "../core/toast.js";
import { versus } from "./release-compare.js";

const SOURCES = { bluray: "BluRay", webdl: "WEB-DL", "web-dl": "WEB-DL", webrip: "WEBRip", web: "WEB", tv: "HDTV", hdtv: "HDTV", dvd: "DVD", hdrip: "HDRip", vhs: "VHS", ppv: "PPV", vod: "VOD", hddvd: "HD DVD" };
const CODECS = { avc: "H.264", h264: "H.264", x264: "H.264", hevc: "HEVC", h265: "HEVC", x265: "HEVC", av1: "AV1", vp9: "VP9", xvid: "XviD", mpeg2: "MPEG-2", vc1: "VC-1" };
const HDR = { hdr: "HDR", hdr10: "HDR10", "hdr10+": "HDR10+", dv: "Dolby Vision", hlg: "HLG" };

const named = (table, value) => (value ? (table[String(value).toLowerCase()] ?? String(value)) : null);

/** "hevc" → "HEVC", "h264" → "H.264". */
export const codecName = (codec) => named(CODECS, codec)?.replace(/^[a-z0-9]+$/, (text) => text.toUpperCase()) ?? "";

export function sourceName(release) {
  if (release.modifier === "remux") return `${named(SOURCES, release.source) ?? ""} Remux`.trim();
  return tOr(`source_kind.${release.source}`, named(SOURCES, release.source) ?? "");
}
export const resolutionName = (release) => (release.resolution ? (/^\d+$/.test(release.resolution) ? `${release.resolution}p` : String(release.resolution)) : "");

/** "1080p", "BluRay", "HEVC", "4.2 GB", "150 seeders", "English, French". */
export function plainWords(result) {
  const release = result.release ?? {};
  const languages = (release.languages ?? []).slice(0, 4).map(languageName).join(", ");
  return [
    numbering(release),
    resolutionName(release),
    sourceName(release),
    (release.hdr ?? []).map((value) => named(HDR, value)).join(" "),
    named(CODECS, release.video_codec),
    bytes(result.size_bytes),
    result.protocol === "library" ? t("release.owned") : result.seeders != null ? n("release.seeders", result.seeders) : "",
    (result.debrid ?? []).map((one) => t("release.ready_at", { service: t(`debrid.${one.service}`) })).join(", "),
    languages,
    release.edition,
  ].filter(Boolean);
}

function numbering(release) {
  const episodes = release.episodes ?? [];
  if (release.season == null && !episodes.length) return "";
  if (!episodes.length) return t("release.season", { season: release.season });
  const code = episodes.length > 1 ? `${episodes[0]}–${episodes.at(-1)}` : episodes[0];
  return release.season == null ? t("release.episode", { episode: code }) : t("episode.code", { season: release.season, episode: code });
}

export function releaseRow(result) {
  const id = `why-${result.result_id}`;
  const why = h("div", { class: "why", id, hidden: true });
  const score = h(
    "button",
    { class: "score", type: "button", "aria-expanded": "false", "aria-controls": id, dataset: { testid: "score" } },
    h("span", { class: "score-number num" }),
    h("span", { class: "score-bar", "aria-hidden": "true" }),
    icon("chevron-down"),
  );
  score.addEventListener("click", () => toggle(score, why));
  return h(
    "li",
    { class: "release", dataset: { testid: "result", id: result.result_id } },
    score,
    h("div", { class: "release-words" }, h("p", { class: "release-plain figures", dataset: { testid: "plain" } }), h("p", { class: "release-name quiet small", dataset: { testid: "raw-name" } }), h("p", { class: "release-from quiet small" }), h("ul", { class: "refusals" }), h("ul", { class: "notes" })),
    h("div", { class: "release-actions" }),
    why,
  );
}

function toggle(button, why) {
  const open = why.hidden;
  why.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
}

export function updateRelease(element, result, best = null) {
  const same = JSON.stringify([result.score, result.rejected, result.seeders, result.providers, result.score_reasons, result.rejection_codes, result.notes, result.debrid, best?.result_id, best?.score]);
  if (element.dataset.same === same) return;
  element.dataset.same = same;
  element.classList.toggle("is-rejected", result.rejected);
  replace($(".release-plain", element), plainWords(result).map((part) => h("span", {}, part)));
  setText($(".release-name", element), result.title);
  replace($(".release-from", element), h("span", { class: "badge badge-accent best" }, t("release.best")), origin(result));
  showScore(element, result, best);
  replace($(".refusals", element), refusals(result));
  replace($(".notes", element), (result.notes ?? []).map((note) => said(note, "info", "note")));
  if (!$(".release-actions", element).childElementCount) replace($(".release-actions", element), actions(result));
}

function origin(result) {
  const providers = (result.providers?.length ? result.providers : [result.provider]).map((name) => (name === "library" ? t("nav.library") : name));
  return [providers.join(", "), result.release?.group, result.published_at && ago(result.published_at)].filter(Boolean).join(" · ");
}

function showScore(element, result, best) {
  const score = $(".score", element);
  score.hidden = result.rejected;
  if (result.rejected) return;
  setText($(".score-number", score), String(result.score));
  score.setAttribute("aria-label", t("release.score_label", { score: result.score }));
  $(".score-bar", score).style.setProperty("--done", `${result.score}%`);
  replace($(".why", element), reasons(result), versus(result, best));
}

function reasons(result) {
  const all = (result.score_reasons ?? []).filter((reason) => reason.points !== 0);
  const scale = Math.max(100, all.reduce((sum, reason) => sum + Math.max(0, reason.points), 0));
  return [
    h("div", { class: "why-bar", "aria-hidden": "true" }, all.filter((reason) => reason.points > 0).map((reason) => h("span", { vars: { "--share": `${(100 * reason.points) / scale}%` } }))),
    h("ul", { class: "why-list" }, all.map(reasonLine)),
    h("p", { class: "why-sum" }, h("span", { class: "num" }, String(result.score)), h("span", {}, result.ai_validated ? t("release.sum_model") : t("release.sum"))),
  ];
}

function reasonLine(reason) {
  const points = `${reason.points > 0 ? "+" : "−"}${Math.abs(reason.points)}`;
  const part = reason.code && has(`reason.${reason.code}`) ? t(`reason.${reason.code}`) : null;
  return h("li", { class: reason.points < 0 ? "is-minus" : "" }, h("span", { class: "num" }, points), h("span", {}, part && h("span", { class: "why-part" }, part), h("span", { class: part ? "quiet" : "" }, worded(reason, "reason"))));
}

/** What the daemon says in the language of the page, else in English. */
const worded = (told, field) => told[`${field}_${language}`] ?? told[field];

const refusals = (result) => (result.refusals ?? []).map((refusal) => said(refusal, "x", "refusal"));

function said(refusal, picture, testid) {
  const text = worded(refusal, "message");
  const known = has(`rejection.${refusal.code}`);
  return h("li", { title: text, dataset: { code: refusal.code, testid } }, icon(picture), h("span", {}, known && h("strong", {}, t(`rejection.${refusal.code}`)), h("span", {}, text)));
}

function actions(result) {
  if (result.protocol === "library") {
    return h("a", { class: "button button-primary", href: `/watch/media/${result.media_id ?? result.result_id}`, dataset: { testid: "result-play" } }, icon("play", "icon-fill"), t("action.play"));
  }
  const play = h("button", { class: ["button", result.rejected ? "button-quiet" : "button-primary"], type: "button", dataset: { testid: "result-play" } }, icon("play", "icon-fill"), t("action.play"));
  const fetch = h("button", { class: "button button-round", type: "button", "aria-label": t("release.download", { name: result.title }), title: t("action.download"), dataset: { testid: "result-download" } }, icon("download"));
  play.addEventListener("click", () => start(result, play, (id) => location.assign(`/watch/download/${id}`)));
  fetch.addEventListener("click", () => start(result, fetch, (id) => added(fetch, id)));
  if (!result.rejected && ["hls", "http"].includes(result.protocol)) return [streamed(result), fetch];
  if (!result.rejected) return [play, fetch, bySwarm(result)].filter(Boolean);
  return (result.rejection_codes ?? []).includes("dangerous_file") ? [] : [fetch];
}

const streamed = (result) => h("a", { class: "button button-primary", href: `/watch/result/${result.result_id}`, dataset: { testid: "result-play" } }, icon("play", "icon-fill"), t("action.play"));

// What a debrid service has ready comes by it; the swarm stays a choice.
function bySwarm(result) {
  if (!result.debrid?.length) return null;
  const button = h("button", { class: "button button-round", type: "button", "aria-label": t("release.by_swarm", { name: result.title }), title: t("release.by_swarm_short"), dataset: { testid: "result-by-swarm" } }, icon("users"));
  button.addEventListener("click", () => start(result, button, (id) => added(button, id), "torrent"));
  return button;
}

async function start(result, button, then, via) {
  button.setAttribute("aria-busy", "true");
  try {
    const { download_id: id } = await post("/downloads/start", { result_id: result.result_id, via });
    then(id);
  } catch (error) {
    failed(error);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function added(button) {
  setIcon($("svg", button), "check");
  button.setAttribute("aria-label", t("intake.added"));
  done(t("intake.added"), { action: { label: t("intake.see"), run: () => location.assign("/downloads") } });
}
