// System: health as sentences with a light, then figures.

import { get, maybe, post } from "../core/api.js";
import { $, h, icon, reconcile, replace, setText } from "../core/dom.js";
import { ago, bytes, duration, number, percent } from "../core/format.js";
import { language, n, t, tOr } from "../core/i18n.js";
import { listen } from "../core/live.js";
import { done, failed } from "../core/toast.js";

const LIGHTS = { ok: "good", degraded: "warn", down: "bad", off: "quiet" };
const RANK = { down: 0, degraded: 1, ok: 2, off: 3 };

function verdict(health) {
  const box = $("#verdict");
  const bad = Object.entries(health.checks ?? {}).filter(([, check]) => check.status === "down" || check.status === "degraded");
  const key = bad.length ? (health.status === "down" ? "down" : "degraded") : "ok";
  replace(box, h("span", { class: `light light-${LIGHTS[key]}` }), h("p", {}, key === "ok" ? t("system.verdict.ok") : n(`system.verdict.${key}`, bad.length, { names: bad.map(([name]) => partName(name)).join(", ") })));
}

// "provider shed": whoever set it up knows it by its own name.
const partName = (name) => tOr(`part.${name}`, name.replace(/^provider[ .:]/, ""));

function healthRow([name]) {
  return h("li", { class: "health-row", dataset: { testid: "health-row", part: name } }, h("span", { class: "light" }), h("div", { class: "grow" }, h("p", { class: "health-words" }), h("p", { class: "quiet small health-detail" })), h("span", { class: "quiet small figures latency" }));
}

function updateHealth(element, [name, check]) {
  $(".light", element).className = `light light-${LIGHTS[check.status] ?? "quiet"}`;
  setText($(".health-words", element), tOr(`health.${name}.${check.status}`, t(`health.any.${check.status in LIGHTS ? check.status : "down"}`, { name: partName(name) })));
  const detail = check.status === "off" ? "" : (check.message ?? check.error ?? "");
  setText($(".health-detail", element), detail);
  const cure = check.cure ? ` ${check.cure}` : "";
  if (cure) setText($(".health-detail", element), detail + cure);
  setText($(".latency", element), check.latency_ms != null && check.status === "ok" ? `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(check.latency_ms)}\u00a0ms` : "");
}

function disks(stats, checks) {
  const list = stats?.disks ?? checks?.disk?.disks ?? [];
  replace(
    $("#disks"),
    list.map((disk, at) => {
      const total = disk.total_bytes ?? disk.total ?? 0;
      const free = disk.free_bytes ?? disk.free ?? 0;
      const folders = disk.folders ?? [disk.path].filter(Boolean);
      const used = total ? (100 * (total - free)) / total : 0;
      return h("li", { class: "disk" }, h("p", { class: "disk-name" }, h("span", {}, n("system.disk", list.length, { number: at + 1 })), h("span", { class: "figures" }, t("system.free", { free: bytes(free), total: bytes(total) }))), h("div", { class: ["bar", used > 90 && "bar-bad"], role: "meter", "aria-valuenow": Math.round(used), "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": t("system.used", { percent: percent(used) }), vars: { "--done": `${used}%` } }), folders.map((folder) => h("p", { class: "quiet small clip", title: folder }, folder)));
    }),
  );
  $("#disks").parentElement.hidden = list.length === 0;
}

const FIGURES = { uptime_seconds: duration, cpu_percent: percent, memory_percent: percent, load_average: (value) => (Array.isArray(value) ? value.map((part) => part.toFixed(2)).join(" · ") : value) };

function pairs(list, place, nameOf) {
  replace(place, list.flatMap(([name, value]) => [h("dt", {}, nameOf(name)), h("dd", { class: "figures" }, value)]));
  place.parentElement.hidden = list.length === 0;
}

function plain(name, value) {
  if (FIGURES[name]) return FIGURES[name](value);
  if (typeof value === "number") return /bytes/.test(name) ? bytes(value) : /temperature/.test(name) ? `${number(value)}\u00a0°C` : number(value);
  return String(value);
}

function figures(stats) {
  const flat = Object.entries(stats ?? {}).flatMap(([name, value]) => (value && typeof value === "object" && !Array.isArray(value) && !["versions"].includes(name) ? Object.entries(value).map(([key, entry]) => [`${name}.${key}`, entry]) : [[name, value]]));
  pairs(flat.filter(([name, value]) => !["versions", "disks", "version"].includes(name) && (["number", "string"].includes(typeof value) || name === "load_average")).map(([name, value]) => [name, plain(name, value)]), $("#figures"), (name) => tOr(`figure.${name}`, name.replaceAll("_", " ")));
  pairs(Object.entries({ sokoul: stats?.version ?? $("#system").dataset.version, ...(stats?.versions ?? {}) }), $("#versions"), (name) => tOr(`version.${name}`, name));
}

async function letters() {
  const found = await maybe("/admin/dead-letters?page_size=20");
  const list = found?.items ?? [];
  $("#letters-panel").hidden = list.length === 0;
  replace($("#letters"), list.map(letter));
}

function letter(item) {
  const retry = h("button", { class: "button", type: "button" }, icon("rotate-cw"), t("action.retry"));
  retry.addEventListener("click", () => post(`/admin/dead-letters/${item.id}/retry`).then(() => done(t("system.retried"))).then(letters).catch(failed));
  return h("li", { class: "letter" }, h("div", { class: "grow" }, h("p", { class: "clip" }, item.subject ?? item.kind ?? ""), h("p", { class: "quiet small" }, [item.error, item.created_at && ago(item.created_at)].filter(Boolean).join(" · "))), retry);
}

async function load() {
  const [health, stats] = await Promise.all([ask(), maybe("/admin/system/stats")]);
  const checks = Object.entries(health.checks ?? {}).sort((a, b) => (RANK[a[1].status] ?? 0) - (RANK[b[1].status] ?? 0));
  verdict(health);
  reconcile($("#health"), checks, ([name]) => name, healthRow, updateHealth);
  disks(stats, health.checks);
  figures(stats);
  await letters();
}

// A part that is down makes the answer a 503, yet it is still the answer.
async function ask() {
  const reply = await fetch("/health/deep", { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (reply.status === 401 || reply.status === 403) return get("/health/deep");
  const body = await reply.json();
  return body.checks ? body : { status: "down", checks: {} };
}

function unreachable(error) {
  replace($("#verdict"), h("span", { class: "light light-bad" }), h("p", {}, t("system.unreachable")));
  if (error.name !== "Problem" && error.name !== "TypeError") failed(error);
}

const refresh = () => (document.hidden ? null : load().catch(unreachable));
refresh();
setInterval(refresh, 10000);
listen("alerts", refresh);
