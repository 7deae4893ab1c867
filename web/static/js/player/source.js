// From an address of the player to something that can be played.

import { Problem, get, maybe, post } from "../core/api.js";
import { t } from "../core/i18n.js";
import { listen } from "../core/live.js";
import { figures, mainFile, shortName, words } from "../parts/states.js";
import { capabilities } from "./capabilities.js";

/** {title, sub, media, mediaId, playId, fileIndex, download} for what the address names; `say` hears words while it waits. */
export async function find(kind, id, say) {
  if (kind === "download") return fromDownload(id, say);
  if (kind === "file") return fromFile(id);
  if (kind === "result") return fromResult(id);
  if (kind === "movie" || kind === "tv") return fromMedia(/^\d+$/.test(id) ? await mediaOf(kind, id) : id, say);
  return fromMedia(id, say);
}

async function mediaOf(kind, tmdbId) {
  const status = await get(`/library/status/${tmdbId}/${kind}`);
  if (!status?.media_id) throw new Problem(404, { detail: t("watch.not_here") });
  return status.media_id;
}

async function fromFile(id) {
  return { playId: id, media: null, mediaId: null, title: "", sub: "", back: "/library" };
}

// What a search found, played where it is: addresses of Sokoul's own that lead there.
async function fromResult(id) {
  const streams = await get(`/streaming/results/${id}`);
  return { streams, playId: id, media: null, mediaId: null, title: streams.sources[0]?.name ?? "", sub: "", back: "/search" };
}

async function fromMedia(id, say) {
  const media = await get(`/media/${id}`);
  if (media.media_type === "tv") return fromMedia(await episodeToWatch(id), say);
  const files = (await get(`/media/${id}/files?page_size=200`)).items;
  const wanted = new URLSearchParams(location.search).get("file");
  const file = files.find((entry) => entry.file_id === wanted) ?? files[0];
  if (!file) return fromRunning(id, say);
  return { playId: file.file_id, file, media, mediaId: id, ...names(media), back: backTo(media) };
}

// Nothing of it is filed yet: it may be on its way.
async function fromRunning(mediaId, say) {
  const all = (await get("/downloads?page_size=200")).items;
  const running = all.find((download) => download.media_id === mediaId && !over(download));
  if (!running) throw new Problem(404, { detail: t("watch.no_file") });
  return fromDownload(running.download_id, say);
}

async function episodeToWatch(seriesId) {
  const episodes = (await get(`/media/${seriesId}/episodes?page_size=200`)).items;
  if (!episodes.length) throw new Problem(404, { detail: t("watch.no_file") });
  const going = (await maybe("/history/continue?page_size=50"))?.items ?? [];
  const started = going.map((entry) => entry.media_id ?? entry.media?.id);
  return (episodes.find((episode) => started.includes(episode.id)) ?? episodes[0]).id;
}

const backTo = (media) => (media.tmdb_id && media.media_type === "movie" ? `/movie/${media.tmdb_id}` : `/title/${media.parent_id ?? media.id}`);

export function names(media) {
  if (media.media_type !== "episode") return { title: media.title, sub: media.year ? String(media.year) : "" };
  return { title: media.title, sub: t("episode.code", { season: media.season_number, episode: media.episode_number }) };
}

// --- a download: wait until its first pieces can be watched -------------------------------------------------------

async function fromDownload(id, say) {
  const download = await ready(id, say);
  const file = mainFile(download);
  const media = download.media_id ? await maybe(`/media/${download.media_id}`) : null;
  const named = media ? names(media) : { title: shortName(download), sub: "" };
  return { playId: file.file_id ?? id, fileIndex: file.file_id ? undefined : file.index, media, mediaId: download.media_id ?? null, download, ...named, back: "/downloads" };
}

const over = (download) => ["failed", "cancelled"].includes(download.status);
const playable = (download) => download.files?.some((file) => file.playable || file.file_id);

/** Resolves once it can be played; events and a look every two seconds tell. */
function ready(id, say) {
  return new Promise((resolve, reject) => {
    let timer = null;
    const end = listen("downloads", (event, data) => event === "download.updated" && data?.download_id === id && take(data));
    const finish = (settle, value) => {
      end();
      clearInterval(timer);
      settle(value);
    };
    const take = (download) => {
      if (over(download)) finish(reject, new Problem(409, { detail: download.error ? words(download) : t("watch.ended") }));
      else if (playable(download)) finish(resolve, download);
      else say(words(download), figures(download), download);
    };
    const look = () => get(`/downloads/${id}`).then(take).catch((error) => finish(reject, error));
    timer = setInterval(look, 2000);
    look();
  });
}

/** Open a playback session. */
export function open(source, { startAt = 0, audio, quality } = {}) {
  if (source.streams) return Promise.resolve(remote(source.streams));
  const body = { client: capabilities(), start_at: startAt || undefined, audio, quality, file_index: source.fileIndex };
  return post(`/streaming/${source.playId}/start`, body);
}

/** What a session would be, for a stream that is only passed on. */
function remote({ sources, subtitles }) {
  const [best] = sources;
  if (!best) throw new Problem(404, { detail: t("watch.no_file") });
  return {
    url: best.url,
    playlist: best.type === "hls",
    mode: "direct",
    reasons: [],
    duration: 0,
    audio_tracks: [],
    chapters: [],
    subtitles: subtitles.map((one, index) => ({ index, language: one.language, title: null, forced: false, url: one.url })),
  };
}

export const close = async (session) => session.session_id && post(`/streaming/${session.session_id}/stop`, {}, { keepalive: true });

/** Where this user stopped, in seconds; 0 when it is new or was seen to its end. */
export async function resumeAt(source) {
  if (!source.mediaId) return 0;
  const status = await maybe(`/library/status/${source.mediaId}`);
  const at = status?.progress_seconds ?? status?.history?.progress_seconds ?? 0;
  const finished = status?.is_completed ?? status?.history?.is_completed ?? status?.watched ?? false;
  return finished ? 0 : at;
}

/** The episode after this one, or null. */
export async function nextOf(media) {
  if (media?.media_type !== "episode" || !media.parent_id) return null;
  const all = (await maybe(`/media/${media.parent_id}/episodes?page_size=200`))?.items ?? [];
  const order = (entry) => entry.season_number * 10000 + entry.episode_number;
  return all.filter((entry) => order(entry) > order(media)).sort((a, b) => order(a) - order(b))[0] ?? null;
}
