// One card of the sources: its light, its figures, its last trouble with the cure, and its history.

import { get } from "../core/api.js";
import { $, h, icon, replace, setText } from "../core/dom.js";
import { ago, number, percent, took } from "../core/format.js";
import { n, t } from "../core/i18n.js";
import { failed } from "../core/toast.js";
import { say } from "./phrases.js";

const LIGHTS = { works: "good", resting: "warn", failing: "bad", untried: "quiet", off: "quiet", idle: "quiet" };
const RANK = ["failing", "resting", "untried", "works"];
const SHOWN = 30;

/** The state of a card: of its sources the one that needs attention most; `off` where nothing is set up. */
export function stateOf(providers, ready) {
  if (!ready) return "off";
  return RANK.find((state) => providers.some((one) => one.state === state)) ?? "untried";
}

/** Show how the sources of a card fare. */
export function showState(card, providers, ready, { isSwitch = false } = {}) {
  const state = stateOf(providers, ready);
  card.dataset.state = state;
  $("[data-light]", card).className = `light light-${LIGHTS[state]}`;
  setText($("[data-state]", card), t(state === "off" && isSwitch ? "supply.state.switched_off" : `supply.state.${state}`));
  const worst = providers.find((one) => one.state === state) ?? providers[0];
  showFigures($("[data-figures]", card), providers, ready);
  showTrouble($("[data-trouble]", card), worst, state);
  const history = $("[data-history]", card);
  history.hidden = !ready || !providers.some((one) => one.last_asked_at);
  history.dataset.name = worst?.name ?? "";
}

function showFigures(place, providers, ready) {
  const asked = providers.reduce((sum, one) => sum + one.asked_24h, 0);
  const one = providers.length === 1 ? providers[0] : null;
  const parts = !ready || !asked ? [] : [n("supply.asked", asked), one && t("supply.answered", { rate: percent(100 * one.success_rate_24h) }), one?.success_rate_24h > 0 && one.median_ms != null && t("supply.usually", { time: took(one.median_ms) }), one?.success_rate_24h > 0 && one.p95_ms != null && t("supply.nearly_all", { time: took(one.p95_ms) })];
  place.hidden = !parts.length;
  setText(place, parts.filter(Boolean).join(" · "));
}

function showTrouble(place, one, state) {
  const trouble = state === "off" ? null : one?.last_error;
  place.hidden = !trouble;
  if (!trouble) return;
  const past = state === "works" || state === "untried";
  place.classList.toggle("is-past", past);
  const again = one.breaker.asked_again_at && !past ? ` ${t("supply.again", { when: soon(one.breaker.asked_again_at) })}` : "";
  const said = say(sentence(trouble.message));
  replace(place, h("strong", {}, `${past ? t("supply.last_trouble", { when: ago(trouble.at) }) : ""}${said}`), trouble.cure && h("span", {}, ` ${say(trouble.cure)}`), again && h("span", { class: "quiet" }, again));
}

const sentence = (text) => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** "in 12 min": when a source is asked again. */
function soon(when) {
  const seconds = Math.max(1, (new Date(when).getTime() - Date.now()) / 1000);
  return seconds < 90 ? t("supply.in_seconds", { count: number(Math.ceil(seconds)) }) : t("supply.in_minutes", { count: number(Math.ceil(seconds / 60)) });
}

/** The history is fetched when somebody opens it. */
export function wireHistory(card) {
  const history = $("[data-history]", card);
  history.addEventListener("toggle", () => history.open && show(history).catch(failed));
}

async function show(history) {
  const told = await get(`/providers/${encodeURIComponent(history.dataset.name)}/history`);
  showHours($(".supply-hours", history), told.hours);
  replace($(".supply-asks", history), told.asks.slice(0, SHOWN).map(askRow));
}

function showHours(place, hours) {
  const byHour = new Map(hours.map((one) => [new Date(one.hour).getTime(), one]));
  const now = Math.floor(Date.now() / 3600000) * 3600000;
  const day = Array.from({ length: 24 }, (_, at) => byHour.get(now - (23 - at) * 3600000));
  const most = Math.max(1, ...day.map((one) => one?.asked ?? 0));
  const asked = day.reduce((sum, one) => sum + (one?.asked ?? 0), 0);
  const good = day.reduce((sum, one) => sum + (one?.ok ?? 0), 0);
  place.setAttribute("aria-label", t("supply.day", { asked: number(asked), answered: number(good) }));
  replace(place, day.map((one) => h("span", { class: one ? "" : "is-idle", vars: one ? { "--tall": `${(100 * one.asked) / most}%`, "--bad-share": `${(100 * (one.asked - one.ok)) / one.asked}%` } : {} })));
}

function askRow(ask) {
  const good = ask.outcome === "ok";
  const words = [took(ask.took_ms), good && ask.results != null && n("search.releases", ask.results)].filter(Boolean).join(" · ");
  return h("li", {}, icon(good ? "check" : "circle-alert", good ? "good" : "bad"), h("span", { class: "quiet" }, ago(ask.at)), h("span", { class: "figures" }, good ? words : `${t(`supply.outcome.${ask.outcome}`)} · ${words}`), ask.error && h("span", { class: "ask-error" }, [ask.error, ask.cure].filter(Boolean).map((text) => say(sentence(text))).join(" ")));
}
