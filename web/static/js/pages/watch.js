// The player.

import { get, post } from "../core/api.js";
import { $, $$, h, icon, replace, setIcon, setText } from "../core/dom.js";
import { clock, duration } from "../core/format.js";
import { language, t } from "../core/i18n.js";
import { listen } from "../core/live.js";
import { announce, failed } from "../core/toast.js";
import { say } from "../parts/phrases.js";
import { figures, mainFile, shortName, words } from "../parts/states.js";
import { Cues, read, write } from "../player/cues.js";
import { Engine } from "../player/engine.js";
import { speedPanel, tracksPanel, whyPanel } from "../player/panels.js";
import { Scrub } from "../player/scrub.js";
import { close, find, names, nextOf, open, resumeAt } from "../player/source.js";

const player = $("#content");
const video = $("#video");
const { kind, id } = player.dataset;
const state = { source: null, session: null, audio: null, next: null, saved: 0, panel: null, idle: 0, ended: false, away: false, whole: null };
const cues = new Cues(video, $("#cues"));
const engine = new Engine(video, trouble);
const scrub = new Scrub($("#scrub"), video, (seconds) => seek(seconds));

const total = () => {
  const stated = state.session?.duration;
  return stated > 0 ? stated : Number.isFinite(video.duration) ? video.duration : 0;
};

// --- waiting ----------------------------------------------------------------------------------------------------

function wait(text, detail = "", ...actions) {
  player.classList.add("is-waiting");
  setText($("#wait-words"), text);
  setText($("#wait-detail"), detail);
  replace($("#wait-actions"), actions);
}

function calm() {
  state.away = false;
  player.classList.remove("is-waiting", "is-broken");
}

function buffering() {
  if (video.paused && video.readyState >= 3) return calm();
  if (recovering || state.away) return wait(t("watch.reconnecting"), state.away ? t("watch.reconnecting_text") : "");
  const { download } = state.source ?? {};
  const seconds = Math.max(1, Math.ceil(3 - ahead()));
  const text = download && !state.source.file && download.status === "downloading" && !download.download_speed ? words(download) : t("watch.buffering", { time: duration(seconds) });
  return wait(text, download && download.status === "downloading" ? figures(download) : "");
}

function ahead() {
  for (let at = 0; at < video.buffered.length; at += 1) {
    if (video.buffered.start(at) <= video.currentTime + 0.3 && video.buffered.end(at) >= video.currentTime) return video.buffered.end(at) - video.currentTime;
  }
  return 0;
}

function broken(text, detail = "") {
  player.classList.add("is-broken");
  wait(text, detail, h("button", { class: "button button-primary", type: "button", on: { click: () => location.reload() } }, icon("rotate-cw"), t("action.retry")), h("a", { class: "button", href: state.source?.back ?? "/" }, t("action.back")));
  wake();
}

function trouble({ lost, unsupported }) {
  if (lost) recovering ??= recover().catch((error) => broken(error.message || t("watch.broken"))).finally(() => (recovering = null));
  else broken(t(unsupported ? "watch.unsupported" : "watch.broken"), t(unsupported ? "watch.unsupported_text" : "watch.broken_text"));
}

// --- coming back: the daemon was away, or has forgotten this session ------------------------------------------------

let recovering = null;
const LONGEST_PAUSE = 5000;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Ask until the daemon answers, then go on where it stopped; what is buffered plays meanwhile. */
async function recover() {
  const going = !video.paused;
  for (let turn = 0; !(await reopened()); turn += 1) {
    if (ahead() < 1) wait(t("watch.reconnecting"), turn > 3 ? t("watch.reconnecting_text") : "");
    await pause(Math.min(LONGEST_PAUSE, 500 * 2 ** turn));
  }
  const at = video.currentTime;
  wait(t("watch.reconnecting"));
  await engine.load(state.session.url, at, state.session.playlist);
  if (going) await video.play().catch(() => calm());
}

/** Whether there is a session again; a daemon that is away is no failure. */
async function reopened() {
  const options = { startAt: video.currentTime, audio: state.audio ?? undefined };
  try {
    state.session = await open(state.source, options).catch(async (error) => {
      if (away(error)) throw error;
      state.source = await find(kind, id, (text, detail) => wait(text, detail)); // it may have moved to the library
      return open(state.source, options);
    });
    return true;
  } catch (error) {
    if (away(error)) return false;
    throw error;
  }
}

// What takes long may take long because the daemon is away: ask, and say so.
async function lookAfter() {
  const wants = player.classList.contains("is-waiting") && !player.classList.contains("is-broken");
  if (!wants || recovering || !state.session) return;
  state.away = await get("/auth/me").then(() => false, away);
  if (player.classList.contains("is-waiting")) buffering();
}

const away = (error) => error.name === "Problem" && (error.status === 0 || error.status >= 500 || error.status === 429);

// --- opening ----------------------------------------------------------------------------------------------------

async function begin() {
  state.source = await find(kind, id, (text, detail, download) => {
    wait(text, detail);
    title({ title: shortName(download), sub: "" });
    $("#back").href = "/downloads";
  });
  title(state.source);
  $("#back").href = state.source.back;
  const at = Number(new URLSearchParams(location.search).get("t")) || (await resumeAt(state.source));
  await play(at);
  if (at > 5) announce(t("watch.resumed", { at: clock(at) }));
  follow();
  state.next = await nextOf(state.source.media);
  showNext();
}

function title({ title: name, sub }) {
  setText($("#player-title"), name);
  setText($("#player-sub"), sub);
  if (name) document.title = `${name} · Sokoul`;
}

async function play(at, options = {}) {
  wait(t("watch.opening"));
  const before = state.session;
  state.session = await open(state.source, { startAt: at, ...options });
  if (before) close(before).catch(() => {});
  player.dataset.mode = state.session.mode;
  scrub.chapters = state.session.chapters ?? [];
  state.audio = (state.session.audio_tracks ?? []).find((track) => track.selected)?.index ?? null;
  preferSubtitle();
  await engine.load(state.session.url, at, state.session.playlist);
  // Browsers may refuse to start with sound before a gesture; then the play button waits.
  await video.play().catch(() => calm());
}

function preferSubtitle() {
  const wanted = cues.current?.language ?? read("sokoul.cues.language", "");
  cues.select((state.session.subtitles ?? []).find((track) => wanted && track.language === wanted) ?? null);
}

// A download goes on while it is watched: its figures, and later its place in the library.
function follow() {
  if (!state.source.download) return;
  listen("downloads", (event, data) => {
    if (event !== "download.updated" || data?.download_id !== state.source.download.download_id) return;
    state.source.download = data;
    state.source.mediaId = data.media_id ?? state.source.mediaId;
    const file = mainFile(data);
    scrub.downloaded = file?.ranges ?? null;
    if (player.classList.contains("is-waiting") && !player.classList.contains("is-broken")) buffering();
    if (state.panel === "why") drawPanel();
    if (file?.file_id) readWhole().catch(failed);
  });
}

// Subtitles inside a film lie all over it: they can be read once it is here, from a session of its own.
async function readWhole() {
  if (state.whole || state.session.subtitles?.length) return;
  state.whole = {};
  state.whole = await open(state.source);
  state.session.subtitles = state.whole.subtitles;
  preferSubtitle();
  if (state.panel === "tracks") drawPanel();
}

// --- moving -----------------------------------------------------------------------------------------------------

function seek(seconds) {
  video.currentTime = Math.min(Math.max(0, seconds), Math.max(0, total() - 0.5));
  update();
}

const skip = (seconds) => (seek(video.currentTime + seconds), pulse(seconds < 0 ? "rotate-ccw" : "rotate-cw"), wake());

function toggle() {
  if (video.paused) video.play().catch(failed);
  else video.pause();
  pulse(video.paused ? "pause" : "play");
}

function pulse(name) {
  const button = $("#pulse");
  replace(button, icon(name, name === "play" ? "icon-fill" : ""));
  button.classList.remove("is-pulsing");
  void button.offsetWidth;
  button.classList.add("is-pulsing");
}

function update() {
  const length = total();
  scrub.show(video.currentTime, length);
  setText($("#now"), clock(video.currentTime));
  setText($("#total"), clock(length));
}

function showPaused() {
  setIcon($("#play svg"), video.paused ? "play" : "pause");
  $("#play").setAttribute("aria-label", t(video.paused ? "watch.play" : "watch.pause"));
  player.classList.toggle("is-paused", video.paused);
  wake();
}

// --- remembering ------------------------------------------------------------------------------------------------

function save({ keepalive = false } = {}) {
  const length = total();
  const { mediaId } = state.source ?? {};
  if (!mediaId || !length || video.currentTime < 1) return;
  state.saved = performance.now();
  post("/history/watch", { media_id: mediaId, progress_seconds: Math.floor(video.currentTime), total_seconds: Math.floor(length) }, { keepalive }).catch((error) => error.status === 0 || failed(error));
}

// --- volume, full screen, panels ----------------------------------------------------------------------------------

function showVolume() {
  const quiet = video.muted || video.volume === 0;
  setIcon($("#mute svg"), quiet ? "volume-x" : video.volume < 0.5 ? "volume-1" : "volume-2");
  $("#mute").setAttribute("aria-pressed", String(video.muted));
  $("#volume").value = video.muted ? 0 : video.volume;
  write("sokoul.volume", String(video.volume));
}

function full() {
  if (document.fullscreenElement) document.exitFullscreen();
  else (player.requestFullscreen?.() ?? video.webkitEnterFullscreen?.())?.catch?.(failed);
}

function panel(name) {
  state.panel = state.panel === name ? null : name;
  for (const button of $$("[data-panel]")) button.setAttribute("aria-expanded", String(button.dataset.panel === state.panel));
  $("#panel").hidden = !state.panel;
  if (state.panel) drawPanel();
  wake();
}

function drawPanel() {
  if (!state.session) return;
  const context = { session: state.session, source: state.source, video, cues, audio: state.audio, chooseAudio, chooseSubtitle, redraw: drawPanel };
  const draw = { tracks: tracksPanel, speed: speedPanel, why: whyPanel }[state.panel];
  replace($("#panel"), h("button", { class: "player-button panel-close", type: "button", "aria-label": t("action.close"), on: { click: () => panel(state.panel) } }, icon("x")), draw(context));
}

function chooseSubtitle(track) {
  cues.select(track);
  write("sokoul.cues.language", track?.language ?? "");
  drawPanel();
}

function chooseAudio(track) {
  state.audio = track.index;
  play(video.currentTime, { audio: track.index }).then(drawPanel).catch(failed);
}

function cycleSubtitles() {
  const tracks = state.session?.subtitles ?? [];
  const wanted = read("sokoul.cues.language", language);
  chooseSubtitleQuietly(cues.current ? null : (tracks.find((track) => track.language === wanted) ?? tracks[0] ?? null));
}

function chooseSubtitleQuietly(track) {
  cues.select(track);
  if (track) write("sokoul.cues.language", track.language ?? "");
  if (state.panel === "tracks") drawPanel();
  pulse(track ? "captions" : "captions-off");
}

// --- next episode -------------------------------------------------------------------------------------------------

function showNext() {
  const link = $("#next");
  link.hidden = !state.next;
  if (state.next) {
    link.href = `/watch/media/${state.next.id}`;
    link.title = `${names(state.next).sub} · ${state.next.title}`;
  }
}

function ended() {
  save();
  wake();
  if (!state.next) return;
  let left = 8;
  const stop = h("button", { class: "button", type: "button" }, t("action.cancel"));
  const step = () => wait(t("watch.next_in", { seconds: left, title: state.next.title }), names(state.next).sub, h("a", { class: "button button-primary", href: $("#next").href }, icon("play", "icon-fill"), t("watch.next")), stop);
  const timer = setInterval(() => {
    left -= 1;
    if (left <= 0) location.assign($("#next").href);
    else step();
  }, 1000);
  stop.addEventListener("click", () => (clearInterval(timer), calm()));
  step();
}

// --- hands, keys, idle ----------------------------------------------------------------------------------------------

function wake() {
  player.classList.remove("is-idle");
  clearTimeout(state.idle);
  state.idle = setTimeout(() => {
    const busy = video.paused || state.panel || player.classList.contains("is-broken") || $("#controls").matches(":has(:focus-visible)");
    player.classList.toggle("is-idle", !busy);
  }, 3000);
}

const KEYS = {
  " ": toggle,
  k: toggle,
  f: full,
  m: () => (video.muted = !video.muted),
  c: cycleSubtitles,
  n: () => state.next && location.assign($("#next").href),
  ArrowLeft: () => skip(-10),
  ArrowRight: () => skip(10),
  ArrowUp: () => (video.volume = Math.min(1, video.volume + 0.05)),
  ArrowDown: () => (video.volume = Math.max(0, video.volume - 0.05)),
  Escape: () => state.panel && panel(state.panel),
};

function key(event) {
  wake();
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target;
  const onControl = target.closest?.("button, a, input, [role=menuitemradio]");
  if (onControl && (event.key === " " || event.key === "Enter" || (target.matches("input") && event.key.startsWith("Arrow")))) return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

let tapped = { at: 0, side: "" };
function tap(event) {
  if (event.pointerType === "mouse") return toggle();
  const share = event.clientX / innerWidth;
  const side = share < 0.35 ? "left" : share > 0.65 ? "right" : "middle";
  const twice = event.timeStamp - tapped.at < 320 && tapped.side === side && side !== "middle";
  tapped = { at: event.timeStamp, side };
  if (twice) return skip(side === "left" ? -10 : 10);
  if (player.classList.contains("is-idle")) return wake();
  return side === "middle" ? toggle() : wake();
}

function wire() {
  video.addEventListener("timeupdate", () => {
    update();
    if (!video.paused && performance.now() - state.saved > 10000) save();
  });
  for (const name of ["durationchange", "seeked", "progress"]) video.addEventListener(name, update);
  for (const name of ["play", "pause"]) video.addEventListener(name, showPaused);
  for (const name of ["waiting", "seeking"]) video.addEventListener(name, () => video.readyState < 3 && buffering());
  for (const name of ["playing", "canplay"]) video.addEventListener(name, calm);
  video.addEventListener("pause", () => !video.ended && save());
  video.addEventListener("seeked", () => save());
  video.addEventListener("ended", ended);
  video.addEventListener("volumechange", showVolume);
  video.addEventListener("click", tap);
  video.addEventListener("dblclick", (event) => event.pointerType !== "touch" && full());
  $("#play").addEventListener("click", toggle);
  $("#back10").addEventListener("click", () => skip(-10));
  $("#forward10").addEventListener("click", () => skip(10));
  $("#mute").addEventListener("click", () => (video.muted = !video.muted));
  $("#volume").addEventListener("input", (event) => ((video.muted = false), (video.volume = Number(event.target.value))));
  $("#full").addEventListener("click", full);
  for (const button of $$("[data-panel]")) button.addEventListener("click", () => panel(button.dataset.panel));
  document.addEventListener("fullscreenchange", () => setIcon($("#full svg"), document.fullscreenElement ? "minimize" : "maximize"));
  for (const name of ["pointermove", "pointerdown", "focusin"]) player.addEventListener(name, wake);
  addEventListener("keydown", key);
  setInterval(lookAfter, 3000);
  addEventListener("pagehide", () => {
    save({ keepalive: true });
    for (const session of [state.session, state.whole]) if (session?.session_id) close(session).catch(() => {});
  });
}

wire();
video.volume = Number(read("sokoul.volume", "1"));
showVolume();
wake();
begin().catch((error) => {
  if (error.name !== "Problem") console.error(error);
  broken(error.status === 422 || error.status >= 500 ? t("watch.cannot_open") : error.message || t("watch.broken"), error.status === 422 ? say(error.message) : "");
});
