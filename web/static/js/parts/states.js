// What a download is doing, in words.

import { maybe } from "../core/api.js";
import { bytes, duration, languageName, percent, speed } from "../core/format.js";
import { n, t, tOr } from "../core/i18n.js";
import { say } from "./phrases.js";
import { codecName } from "./release.js";

export const MOVING = new Set(["queued", "metadata", "checking", "downloading", "importing"]);
const TONES = { failed: "bad", paused: "quiet", cancelled: "quiet", completed: "good", seeding: "good", queued: "quiet" };

/** good, bad, quiet or busy: the light beside the words. */
export function tone(download) {
  if (download.status === "downloading" && !download.playable && download.peers === 0) return "warn";
  if (download.status === "downloading" && mainFile(download)?.seen?.ok === false) return "warn";
  if (isAlone(download)) return "warn";
  return TONES[download.status] ?? "busy";
}

const PATIENCE = 20000;

/** Whether nobody has told for a while what is in it. */
const isAlone = (download) => download.status === "metadata" && !download.peers && Date.now() - Date.parse(download.created_at) > PATIENCE;

/** "Ready to watch in 12 s", "Waiting for peers", "No space: 1.2 GB missing". */
export function words(download) {
  const { status } = download;
  if (download.error && (status === "failed" || status === "paused")) {
    const said = say(download.error.message ?? "");
    return said === download.error.message ? tOr(`download.error.${download.error.code}`, said) : said;
  }
  if (status === "downloading") return downloading(download);
  if (isAlone(download)) return t("download.state.alone");
  if (status === "seeding" && !download.files?.some((file) => file.file_id)) return t("download.state.shared");
  return t(`download.state.${status}`);
}

function downloading(download) {
  if (download.playable) return looked(mainFile(download));
  if (download.peers === 0) return t("download.state.waiting_peers");
  if (!download.download_speed) return t("download.state.starting");
  const need = Math.max(download.total_bytes * 0.02, 4e6) - download.done_bytes;
  const seconds = Math.max(1, need / download.download_speed);
  // The speed of the first moments says nothing: a long wait is not announced from it.
  if (need <= 0 || seconds > 90) return t("download.state.first_pieces");
  return t("download.state.ready_in", { time: duration(seconds) });
}

/** What a first look into its beginning found; an older daemon's download was not looked into. */
function looked(file) {
  if (file?.seen === null) return t("download.state.looking");
  return t(file?.seen?.ok === false ? "download.state.no_film" : "download.state.playable");
}

/** Whether its film can be watched, and is one: measured, not promised. */
export const verified = (download) => Boolean(download.playable && mainFile(download)?.seen?.ok);

/** "1080p · HEVC · French, English": what is really in the file. */
function inside(seen) {
  if (!seen?.ok) return [];
  const languages = [...new Set((seen.audio ?? []).map((track) => track.language).filter((code) => code && code !== "und"))];
  return [`${seen.video.height}p`, codecName(seen.video.codec), languages.slice(0, 4).map(languageName).join(", ")].filter(Boolean);
}

/** The figures beneath: "412 MB of 4.2 GB · 2.1 MB/s · 12 min left · 34 peers". */
export function figures(download) {
  const parts = [];
  const moving = download.status === "downloading";
  if (download.total_bytes) {
    const finished = download.done_bytes >= download.total_bytes;
    parts.push(finished ? bytes(download.total_bytes) : t("download.amount", { done: bytes(download.done_bytes), total: bytes(download.total_bytes) }));
  }
  if (moving) parts.push(speed(download.download_speed), ...inside(mainFile(download)?.seen));
  if (moving && download.eta != null && download.download_speed > 0) parts.push(t("download.left", { time: duration(download.eta) }));
  if (moving && download.playable && download.buffered_seconds >= 5) parts.push(t("download.buffered", { time: duration(download.buffered_seconds) }));
  if (MOVING.has(download.status) && download.peers > 0) parts.push(n("download.peers", download.peers));
  if (download.status === "seeding") parts.push(t("download.shared", { ratio: ratio(download.ratio), speed: speed(download.upload_speed) }));
  return parts.join(" · ");
}

const titles = new Map();

/** Give a download the title and poster of its work, once both are known; `then` hears the fuller download. */
export function identify(download, then) {
  const id = download.media_id;
  if (!id || download.media) return;
  if (!titles.has(id)) titles.set(id, maybe(`/media/${id}`));
  titles.get(id).then((media) => media && then({ ...download, media }));
}

/** "Big.Buck.Bunny.2008.720p.WEBRip" → "Big Buck Bunny (2008)": what to call a download before it is identified. */
export function shortName(download) {
  if (download.media?.title) return download.media.title;
  const raw = String(download.name ?? "").replace(/\.(mkv|mp4|avi|m4v|webm)$/i, "");
  const found = /^(.{2,}?)[. _([-]+(?:((?:19|20)\d\d)\b|S\d\d|\d{3,4}[pi]\b)/i.exec(raw);
  if (!found || raw.includes(" ")) return raw;
  const title = found[1].replace(/[._]+/g, " ").trim();
  return found[2] ? `${title} (${found[2]})` : title;
}

const ratio = (value) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 }).format(value ?? 0);

export const share = (download) => percent(download.progress ?? 0);

/** The file a viewer wants: the largest playable one, else the largest video. */
export function mainFile(download) {
  const files = (download.files ?? []).filter((file) => file.wanted !== false).sort((a, b) => b.size_bytes - a.size_bytes);
  return files.find((file) => file.playable) ?? files.find((file) => /\.(mkv|mp4|m4v|avi|mov|webm|ts|m2ts|mpe?g|wmv)$/i.test(file.path)) ?? files[0] ?? null;
}
