// The first start: account, folders, one indexer, metadata; everything but the account can be skipped.

import { call, get, maybe, post, put } from "../core/api.js";
import { $, $$, h, icon, replace, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { failed } from "../core/toast.js";
import { entries, placed } from "../parts/entries.js";
import { say } from "../parts/phrases.js";

const wizard = $("#wizard");
const STEPS = ["account", "folders", "indexer", "metadata", "done"];
const outcome = { folders: "skipped", indexer: "skipped", metadata: "skipped" };
let settings = null;
const waiting = new Set();

// --- moving on --------------------------------------------------------------------------------------------------

function go(step) {
  for (const element of $$("[data-step]")) element.hidden = element.dataset.step !== step;
  const at = STEPS.indexOf(step);
  for (const mark of $$("[data-step-mark]")) {
    const place = STEPS.indexOf(mark.dataset.stepMark);
    mark.classList.toggle("is-past", place < at);
    if (place === at) mark.setAttribute("aria-current", "step");
    else mark.removeAttribute("aria-current");
  }
  const shown = $(`[data-step="${step}"]`);
  if (step === "done") finish();
  (shown.querySelector("input:not([type=radio])") ?? shown.querySelector("a"))?.focus({ preventScroll: true });
  scrollTo({ top: 0 });
}

const next = (step) => go(STEPS[STEPS.indexOf(step) + 1]);

function fieldErrors(form, error) {
  for (const place of $$("[data-error-for]", form)) {
    const found = (error.errors ?? []).find((entry) => entry.field?.split(".").pop() === place.dataset.errorFor);
    place.hidden = !found;
    setText(place, found?.message ?? "");
    const input = form.elements.namedItem(place.dataset.errorFor);
    if (found) input?.setAttribute("aria-invalid", "true");
    else input?.removeAttribute?.("aria-invalid");
  }
  const general = $("[data-form-error]", form);
  const placed = $$("[data-error-for]:not([hidden])", form).length;
  if (!general) return placed ? undefined : failed(error);
  general.hidden = placed > 0;
  const known = { 403: "setup.code_wrong", 429: "setup.code_locked", 410: "setup.already" };
  return setText(general, known[error.status] ? t(known[error.status]) : error.message);
}

// --- the account ------------------------------------------------------------------------------------------------

async function makeAccount(form) {
  const data = Object.fromEntries(new FormData(form));
  if (!data.code) delete data.code;
  await call("POST", "/setup", data, { anonymous: true });
  await call("POST", "/auth/login", { username: data.username, password: data.password }, { anonymous: true });
  // A fresh page carries the token that writes of this session need.
  location.assign("/setup?step=folders");
}

// --- trying and keeping -----------------------------------------------------------------------------------------

const value = (form, name) => form.elements.namedItem(name)?.value.trim() || "";

const VALUES = {
  folders: (form) => ({ movies: value(form, "movies"), series: value(form, "series"), downloads: value(form, "downloads") }),
  indexer: (form) => ({ type: value(form, "type"), name: value(form, "type"), url: value(form, "url"), api_key: value(form, "api_key") }),
  tmdb: (form) => ({ api_key: value(form, "tmdb_key") }),
};

const KEPT = {
  folders: ({ movies, series, downloads }) => drop({ "library.movies": movies, "library.series": series, "torrent.directory": downloads }),
  indexer: (entry) => (entry.url ? { "providers.indexers": { [entry.name]: drop(entry) } } : {}),
  tmdb: ({ api_key: key }) => drop({ "providers.tmdb.api_key": key }),
};

const drop = (values) => Object.fromEntries(Object.entries(values).filter(([, entry]) => entry));
const STEP_OF = { folders: "folders", indexer: "indexer", tmdb: "metadata" };

async function test(name, form, button) {
  const answer = $(`[data-answer="${name}"]`);
  if (name === "indexer" && !value(form, "url")) {
    replace(answer, icon("circle-alert", "warn"), h("span", {}, t("setup.give_address")));
    form.elements.namedItem("url").focus();
    return;
  }
  button.setAttribute("aria-busy", "true");
  replace(answer, h("span", { class: "quiet" }, t("setup.testing")));
  try {
    const verdict = await post(`/settings/test/${name}`, VALUES[name](form));
    outcome[STEP_OF[name]] = verdict.ok ? "good" : "bad";
    replace(answer, icon(verdict.ok ? "circle-check" : "circle-alert", verdict.ok ? "good" : "bad"), h("span", {}, h("strong", {}, say(verdict.message)), verdict.cure && h("span", { class: "quiet" }, ` ${say(verdict.cure)}`)));
  } catch (error) {
    replace(answer, icon("circle-alert", "bad"), h("span", {}, error.message));
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** Keep what was entered; an empty form keeps nothing. */
async function keep(name, form) {
  const values = changed(KEPT[name](VALUES[name](form)));
  if (!Object.keys(values).length) return;
  const told = await put("/settings", values);
  for (const key of told.restart_required) waiting.add(key);
  if (outcome[STEP_OF[name]] === "skipped") outcome[STEP_OF[name]] = "kept";
}

const changed = (values) => Object.fromEntries(Object.entries(values).filter(([key, entry]) => settings?.[key]?.value !== entry && !settings?.[key]?.locked));

function finish() {
  const list = $("[data-checklist]");
  const pictures = { good: ["circle-check", "good"], kept: ["circle-check", "good"], bad: ["circle-alert", "warn"], skipped: ["circle-dashed", "quiet"] };
  replace(list, Object.entries(outcome).map(([step, state]) => h("li", {}, icon(...pictures[state]), h("span", {}, t(`setup.done.${step}.${state === "kept" ? "good" : state}`)))));
  if (waiting.size) list.append(h("li", {}, icon("rotate-cw", "warn"), h("span", {}, t("settings.restart", { names: [...waiting].map(placed).join(", ") }))));
}

function prefill() {
  const found = (key) => settings?.[key];
  const pairs = { movies: "library.movies", series: "library.series", downloads: "torrent.directory" };
  for (const [field, key] of Object.entries(pairs)) {
    const input = $(`#field-${field}`);
    if (found(key)?.value) input.value = found(key).value;
    if (found(key)?.locked) {
      input.disabled = true;
      input.title = t("settings.locked");
    }
  }
}

// --- start ------------------------------------------------------------------------------------------------------

const FORMS = { account: null, folders: "folders", indexer: "indexer", metadata: "tmdb" };

for (const form of $$("form.step")) {
  const step = form.dataset.step;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = $('[type="submit"]', form);
    button.setAttribute("aria-busy", "true");
    try {
      if (step === "account") await makeAccount(form);
      else {
        await keep(FORMS[step], form);
        next(step);
      }
    } catch (error) {
      if (step === "account" || error.errors?.length) fieldErrors(form, error);
      else failed(error);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
  $("[data-skip]", form)?.addEventListener("click", () => next(step));
  for (const button of $$("[data-test]", form)) button.addEventListener("click", () => test(button.dataset.test, form, button));
}

async function begin() {
  if (wizard.dataset.signedIn === "yes") {
    const wanted = new URLSearchParams(location.search).get("step");
    const answer = (await maybe("/settings")) ?? {};
    settings = Object.fromEntries(entries(answer).map((entry) => [entry.key, entry]));
    prefill();
    go(STEPS.includes(wanted) && wanted !== "account" ? wanted : "folders");
    return;
  }
  const answer = await get("/setup", { anonymous: true });
  if (!answer.needed) {
    location.replace("/login?next=/setup");
    return;
  }
  $("[data-code]").hidden = !answer.code_required;
  if (answer.code_required) $("#field-code").required = true;
  go("account");
}

begin().catch(failed);
