// The panels of the player: tracks and subtitles, speed, and why it plays this way.

import { h, icon } from "../core/dom.js";
import { bytes, duration, languageName, speed } from "../core/format.js";
import { language, t } from "../core/i18n.js";
import { say } from "../parts/phrases.js";

function choice(label, on, run, note) {
  return h("button", { class: "choice", type: "button", role: "menuitemradio", "aria-checked": String(on), on: { click: run } }, icon(on ? "check" : "dot"), h("span", { class: "grow" }, label), note && h("span", { class: "quiet small" }, note));
}

const trackName = (track) => [track.language ? languageName(track.language) : t("watch.unknown_language"), track.title].filter(Boolean).join(" · ");
const trackNote = (track) => [track.codec?.toUpperCase(), channels(track.channels), track.forced && t("watch.forced")].filter(Boolean).join(" ");
const channels = (count) => ({ 1: "mono", 2: "stéréo", 6: "5.1", 8: "7.1" })[count] ?? "";

export function tracksPanel({ session, source, cues, audio, chooseAudio, chooseSubtitle, redraw }) {
  const subtitles = session.subtitles ?? [];
  const tracks = session.audio_tracks ?? [];
  const comes = source.download && !source.download.imported_at && !source.file;
  const shift = (seconds) => (cues.shift(seconds), redraw());
  return [
    h("h2", {}, t("watch.subtitles")),
    h("div", { role: "menu", "aria-label": t("watch.subtitles") }, choice(t("watch.no_subtitles"), !cues.current, () => chooseSubtitle(null)), subtitles.map((track) => choice(trackName(track), cues.current?.index === track.index, () => chooseSubtitle(track), trackNote(track)))),
    !subtitles.length && h("p", { class: "quiet small" }, t(comes ? "watch.none_yet" : "watch.none_found")),
    cues.current && h("div", { class: "panel-steps" }, h("span", { class: "grow" }, t("watch.size")), step("a-arrow-down", t("watch.smaller"), () => cues.resize(-1)), step("a-arrow-up", t("watch.bigger"), () => cues.resize(1))),
    cues.current && h("div", { class: "panel-steps" }, h("span", { class: "grow" }, t("watch.delay"), h("span", { class: "quiet num" }, ` ${signed(cues.offset)}\u00a0s`)), step("minus", t("watch.earlier"), () => shift(-0.25)), step("plus", t("watch.later"), () => shift(0.25))),
    tracks.length > 1 && h("h2", {}, t("watch.sound")),
    tracks.length > 1 && h("div", { role: "menu", "aria-label": t("watch.sound") }, tracks.map((track) => choice(trackName(track), audio === track.index, () => chooseAudio(track), trackNote(track)))),
  ];
}

const signed = (value) => new Intl.NumberFormat(language, { signDisplay: "exceptZero", maximumFractionDigits: 2 }).format(value);
const step = (picture, label, run) => h("button", { class: "player-button", type: "button", "aria-label": label, on: { click: run } }, icon(picture));

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

export function speedPanel({ video, redraw }) {
  const name = (value) => `${new Intl.NumberFormat(language).format(value)}×`;
  return [h("h2", {}, t("watch.speed")), h("div", { role: "menu", "aria-label": t("watch.speed") }, SPEEDS.map((value) => choice(value === 1 ? t("watch.normal") : name(value), video.playbackRate === value, () => ((video.playbackRate = value), redraw()))))];
}

function ahead(video) {
  for (let at = 0; at < video.buffered.length; at += 1) {
    if (video.buffered.start(at) <= video.currentTime + 0.5 && video.buffered.end(at) >= video.currentTime) return video.buffered.end(at) - video.currentTime;
  }
  return 0;
}

export function whyPanel({ session, source, video }) {
  const file = source.file;
  const download = source.download;
  const size = file?.size_bytes ?? download?.total_bytes;
  const seconds = session.duration || video.duration;
  const reasons = (session.reasons ?? []).map(say);
  const facts = [
    [t("watch.fact.mode"), t(`watch.mode.${session.mode}`)],
    video.videoWidth && [t("watch.fact.picture"), `${video.videoWidth} × ${video.videoHeight}`],
    size && Number.isFinite(seconds) && seconds > 0 && [t("watch.fact.bitrate"), `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format((size * 8) / seconds / 1e6)}\u00a0Mbit/s`],
    size && [t("watch.fact.size"), bytes(size)],
    [t("watch.fact.buffer"), duration(ahead(video))],
    [t("watch.fact.source"), download && !source.file ? t("watch.source.download", { speed: speed(download.download_speed) }) : t("watch.source.library")],
  ].filter(Boolean);
  return [h("h2", {}, t("watch.why")), h("p", {}, t(`watch.mode.${session.mode}_text`)), h("ul", { class: "why-reasons" }, reasons.map((reason) => h("li", {}, reason))), h("dl", { class: "facts-list" }, facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", { class: "figures" }, value)]))];
}
