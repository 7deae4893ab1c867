// Search: bars that fill against each source's limit, results as they come, and why each stands where it does.

import { get, maybe, post, query, told } from "../core/api.js";
import { $, h, icon, reconcile, replace, setText } from "../core/dom.js";
import { took } from "../core/format.js";
import { n, t, tOr } from "../core/i18n.js";
import { connection, listen } from "../core/live.js";
import { announce, failed } from "../core/toast.js";
import { acceptEverywhere, fromText, isMagnet, isTorrentAddress, wire } from "../parts/intake.js";
import { askByMeaning } from "../parts/meaning.js";
import { empty, fill, fromTmdb, poster } from "../parts/media.js";
import { filters, keep } from "../parts/filters.js";
import { releaseRow, updateRelease } from "../parts/release.js";
import { profileMenu } from "../parts/search-profile.js";
import { sourceRow, tick, updateSource } from "../parts/sources.js";
import { understoodText } from "../parts/understood.js";

const page = $("#search");
const limit = Number(page.dataset.limit);
const address = new URLSearchParams(location.search);
const wanted = (address.get("q") ?? "").trim();

const state = { id: null, started: 0, snapshot: null, over: false, asking: false, again: false, failures: 0 };

// --- asking -----------------------------------------------------------------------------------------------------

const whole = (name) => (/^\d{1,9}$/.test(address.get(name) ?? "") ? Number(address.get(name)) : undefined);

function wish() {
  const type = address.get("type");
  const body = { query: wanted, media_type: type === "movie" || type === "tv" ? type : undefined };
  for (const name of ["tmdb_id", "season", "episode", "year"]) body[name] = whole(name);
  if (address.get("profile")) body.profile = address.get("profile").slice(0, 64);
  return body;
}

async function begin() {
  $("#sources").hidden = false;
  setText($("#sources-words"), t("search.starting"));
  state.started = performance.now();
  const answer = await post("/search", wish());
  state.id = answer.search_id;
  if (answer.status === "completed" && answer.results) return take(answer);
  listen(`search:${state.id}`, () => refresh());
  connection((on) => {
    online = on;
    if (on) refresh();
  });
  await refresh();
  return requestAnimationFrame(frame);
}

// Events say that something changed; what there is now is always asked for, at most twice a second.
async function refresh() {
  if (state.over) return;
  if (state.asking) {
    state.again = true;
    return;
  }
  state.asking = true;
  try {
    take(await get(`/search/${state.id}`));
    state.failures = 0;
  } catch (error) {
    state.failures += 1;
    if (state.failures > 3) stop(error);
  } finally {
    await new Promise((resolve) => setTimeout(resolve, 500));
    state.asking = false;
    if (state.again && !state.over) {
      state.again = false;
      refresh();
    }
  }
}

function stop(error) {
  state.over = true;
  failed(error);
}

// The daemon says how long the search runs already: after a reload the bars go on where they were.
function take(snapshot) {
  state.snapshot = snapshot;
  if (snapshot.elapsed_ms != null) state.started = performance.now() - snapshot.elapsed_ms;
  state.over = snapshot.status === "completed" || snapshot.status === "failed";
  show();
}

/** Another search has the same results, judged by another profile. */
function judgedBy({ search_id: id }, profile) {
  address.set("profile", profile);
  history.replaceState(null, "", `/search?${address}`);
  Object.assign(state, { id, over: false, started: performance.now(), failures: 0 });
  listen(`search:${id}`, () => refresh());
  announce(t("search.judging", { profile }));
  refresh();
  requestAnimationFrame(frame);
}

let polled = performance.now();
let online = false;
function frame(now) {
  if (state.over) return;
  tick($("#sources ul"), now - state.started, limit);
  setText($("#sources-time"), took(Math.max(100, now - state.started)));
  if (now - polled > (online ? 5000 : 1500)) {
    polled = now;
    refresh();
  }
  requestAnimationFrame(frame);
}

// --- showing ----------------------------------------------------------------------------------------------------

function show() {
  const { snapshot } = state;
  const good = snapshot.results.filter((result) => !result.rejected);
  const bad = snapshot.results.filter((result) => result.rejected);
  showSources(snapshot);
  showWork(snapshot.identified);
  showUnderstood(snapshot.understood);
  showCandidates(snapshot.candidates ?? []);
  $("#found").hidden = snapshot.results.length === 0;
  $("#bones").hidden = snapshot.results.length > 0 || state.over;
  profileMenu($("#search-profile"), { id: state.id, profile: snapshot.profile, over: state.over }, judgedBy).catch(failed);
  showResults(good);
  showRejected(bad);
  showNothing(good, bad);
  speak(good.length);
}

function showSources(snapshot) {
  const sources = snapshot.providers ?? [];
  $("#sources").hidden = false;
  $("#sources").classList.toggle("is-over", state.over);
  // The sources have their own bars: the stage that sums them up says nothing more.
  const stages = (snapshot.stages ?? []).filter((stage) => stage.name !== "providers").map(stageAsSource);
  const lines = [...stages.filter((stage) => stage.stage === "metadata"), ...sources, ...stages.filter((stage) => stage.stage !== "metadata")];
  reconcile($("#sources ul"), lines, (source) => source.key ?? source.name, sourceRow, (element, source) => updateSource(element, source, state.over, limit));
  const answered = sources.filter((source) => source.status === "ok").length;
  const late = sources.filter((source) => source.status === "timeout" || source.status === "failed");
  const count = snapshot.results.length;
  let text = t("search.progress", { answered, sources: sources.length, found: n("search.releases", count) });
  if (state.over) text = late.length ? t("search.over_late", { found: n("search.releases", count), late: late.map((source) => source.name).join(", ") }) : n("search.over", count);
  if (state.over && snapshot.cached) text = t("search.over_cached", { found: n("search.releases", count) });
  if (!sources.length && !state.over) text = t("search.starting");
  if (!sources.length && state.over) text = t("search.no_sources");
  setText($("#sources-words"), text);
  if (state.over) offerFold(count > 0);
  if (state.over) setText($("#sources-time"), snapshot.duration_ms != null ? took(snapshot.duration_ms) : "");
}

// The other parts of the way have their bar too: the whole time is accounted for.
function stageAsSource(stage) {
  return { key: `stage:${stage.name}`, stage: stage.name, name: tOr(`stage.${stage.name}`, stage.name), status: stage.status, started_ms: stage.started_ms, duration_ms: stage.duration_ms, limit_ms: stage.limit_ms, error: stage.error };
}

const known = new Map();
/** What the metadata source says of a work in the language of the page; null where it says nothing. */
function enrich(work) {
  const key = `${work.media_type === "tv" ? "tv" : "movie"}/${work.tmdb_id}`;
  if (work.tmdb_id && !known.has(key)) known.set(key, maybe(told(key)));
  return known.get(key) ?? Promise.resolve(null);
}

// When all is over the bars have said what they had to say; on a small screen they make room for the results.
const fold = $("#sources-fold");
function setFold(folded) {
  $("#sources").classList.toggle("is-folded", folded);
  fold.setAttribute("aria-expanded", String(!folded));
}
fold.addEventListener("click", () => setFold(fold.getAttribute("aria-expanded") === "true"));

function offerFold(found) {
  if (!fold.hidden) return;
  fold.hidden = false;
  if (found && matchMedia("(max-width: 719.98px)").matches) setFold(true);
}

let workShown = null;
function showWork(work) {
  const section = $("#work");
  const key = work && `${work.media_type}:${work.tmdb_id}:${work.title}`;
  if (!work) section.hidden = state.over;
  if (!work || key === workShown) return;
  workShown = key;
  section.hidden = false;
  const href = work.tmdb_id ? `/${work.media_type === "tv" ? "tv" : "movie"}/${work.tmdb_id}` : null;
  const name = h("strong", { class: "work-name" }, work.title);
  const picture = poster({ title: work.title, poster: work.poster_url }, "w92");
  enrich(work).then((details) => {
    setText(name, details?.title ?? details?.name ?? work.title);
    if (!work.poster_url && details?.poster_path) picture.replaceWith(poster({ title: work.title, poster: details.poster_path }, "w92"));
  });
  replace(
    section,
    picture,
    h("div", { class: "grow" }, h("p", { class: "quiet small" }, t("search.identified")), href ? h("a", { href }, name) : name, h("p", { class: "quiet facts" }, [work.year, t(`kind.${work.media_type}`)].filter(Boolean).map((part) => h("span", {}, part)))),
    href && h("a", { class: "button button-quiet", href }, t("action.details"), icon("chevron-right")),
  );
}

function showUnderstood(understood) {
  $("#understood").hidden = !understood;
  setText($("#understood"), understoodText(understood));
}

function showCandidates(candidates) {
  const section = $("#candidates");
  section.hidden = candidates.length < 2 || Boolean(address.get("tmdb_id"));
  if (section.hidden) return;
  const key = candidates.map((work) => work.tmdb_id).join();
  if (section.dataset.key === key) return;
  section.dataset.key = key;
  Promise.all(candidates.filter((work) => work.tmdb_id).slice(0, 8).map(candidate)).then((items) => fill($(".row-items", section), items));
}

async function candidate(work) {
  const type = work.media_type === "tv" ? "tv" : "movie";
  const details = work.poster_url === undefined ? await enrich(work) : { poster_path: work.poster_url };
  const item = fromTmdb({ ...work, id: work.tmdb_id, media_type: type, poster_path: details?.poster_path });
  return { ...item, year: work.year ?? item.year, href: `/search${query({ q: wanted, type, tmdb_id: work.tmdb_id })}` };
}

function showResults(good) {
  filters($("#filters"), good, show);
  const shown = keep(good);
  const rows = reconcile($("#releases"), shown, (result) => result.result_id, releaseRow, (element, result) => updateRelease(element, result, good[0]));
  let first = true;
  for (const element of rows.values()) {
    element.classList.toggle("is-best", first && shown[0] === good[0]);
    first = false;
  }
}

function showRejected(bad) {
  const fold = $("#rejected");
  fold.hidden = bad.length === 0;
  setText($("summary span", fold), n("search.rejected", bad.length));
  if (fold.open) reconcile($("ol", fold), bad, (result) => result.result_id, releaseRow, updateRelease);
}
$("#rejected").addEventListener("toggle", () => state.snapshot && show());

function showNothing(good, bad) {
  const place = $("#nothing");
  if (state.over && !good.length && !bad.length && !state.snapshot.identified) byMeaning();
  const wantedState = !state.over || good.length ? "" : bad.length ? "rejected" : state.snapshot.status === "failed" ? "failed" : state.snapshot.providers?.length ? "none" : "sources";
  if (place.dataset.state === wantedState) return;
  place.dataset.state = wantedState;
  if (!wantedState) return replace(place);
  const pictures = { rejected: "shield-x", failed: "unplug", none: "search-x", sources: "plug" };
  const action = wantedState === "sources" || wantedState === "failed" ? h("a", { class: "button button-primary", href: "/setup?step=indexer" }, t("search.empty.add_source")) : h("button", { class: "button", type: "button", on: { click: () => $("#search-page-field").select() || $("#search-page-field").focus() } }, t("search.empty.rephrase"));
  replace(place, empty(pictures[wantedState], t(`search.empty.${wantedState}.title`), t(`search.empty.${wantedState}.text`), action));
  return undefined;
}

let spoken = "";
function speak(count) {
  const running = (state.snapshot.providers ?? []).filter((source) => source.status === "running").length;
  const late = (state.snapshot.providers ?? []).filter((source) => source.status === "timeout").length;
  const text = state.over ? [n("search.results", count), late && n("search.late", late)].filter(Boolean).join(", ") : running ? n("search.results", count) : "";
  if (text && text !== spoken && (state.over || count > 0)) announce(text);
  spoken = text;
}

// --- by meaning -------------------------------------------------------------------------------------------------

// A description is looked up among all works that are known here, while the sources are asked for its words.
let meant = null;
function byMeaning() {
  meant ??= askByMeaning($("#meaning"), wanted).catch((error) => {
    $("#meaning").hidden = true;
    failed(error);
  });
  return meant;
}

// --- start ------------------------------------------------------------------------------------------------------

$(".search-form").addEventListener("submit", (event) => {
  const text = $("#search-page-field").value.trim();
  if (isMagnet(text) || isTorrentAddress(text)) {
    event.preventDefault();
    fromText(text).catch(failed);
  } else if (!text) event.preventDefault();
});
wire($(".intake"));
acceptEverywhere();

if (wanted && !isMagnet(wanted)) {
  document.title = `${wanted} · Sokoul`;
  if (page.dataset.describes === "yes") byMeaning();
  begin().catch((error) => {
    for (const id of ["#sources", "#bones", "#work"]) $(id).hidden = true;
    state.over = true;
    const long = wanted.length > 200;
    replace($("#nothing"), empty(long ? "ruler" : "unplug", t(long ? "search.long.title" : "search.empty.failed.title"), long ? t("search.long.text") : error.message, h("button", { class: "button", type: "button", on: { click: () => location.reload() } }, icon("rotate-cw"), t("action.retry"))));
  });
} else {
  replace($("#nothing"), empty("telescope", t("search.first.title"), t("search.first.text")));
}

