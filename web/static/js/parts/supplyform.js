// The form of a card: filled from the settings, tried, and saved; what is not touched is not sent.

import { post, put } from "../core/api.js";
import { $, $$, h, icon, replace, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { done, failed } from "../core/toast.js";
import { say } from "./phrases.js";

const input = (field) => $("input, textarea", field);
const fields = (card) => $$("[data-field]", card);

/** Show the values of a card; `valueOf(field)` tells { value, locked, secret }. */
export function fillForm(card, valueOf) {
  for (const field of fields(card)) {
    const { value, locked, secret } = valueOf(field.dataset);
    const box = input(field);
    box.disabled = locked;
    if (field.dataset.kind === "switch") box.checked = Boolean(value);
    else if (field.dataset.kind === "secret") {
      box.value = "";
      box.placeholder = secret ? t("supply.kept") : "";
    } else box.value = Array.isArray(value) ? value.join("\n") : (value ?? "");
    field.dataset.shown = read(field);
    note(field, locked ? t("settings.locked") : "");
    error(field, "");
  }
  replace($("[data-answer]", card));
  $("[data-form-error]", card).hidden = true;
}

function note(field, text) {
  const place = $("[data-note]", field);
  place.hidden = !text;
  setText(place, text);
}

function error(field, text) {
  const place = $("[data-error]", field);
  const box = input(field);
  place.hidden = !text;
  setText(place, text);
  if (text) box.setAttribute("aria-invalid", "true");
  else box.removeAttribute("aria-invalid");
}

function read(field) {
  const box = input(field);
  return field.dataset.kind === "switch" ? String(box.checked) : box.value.trim();
}

function valueOf(field) {
  const text = read(field);
  if (field.dataset.kind === "switch") return text === "true";
  if (field.dataset.kind === "list") return text.split("\n").map((line) => line.trim()).filter(Boolean);
  if (field.dataset.field === "timeout") return text ? Number(text.replace(",", ".")) : null;
  return text || null;
}

/** What was changed: [field name, key, value]. */
export function changes(card) {
  return fields(card)
    .filter((field) => !input(field).disabled && read(field) !== field.dataset.shown)
    .map((field) => [field.dataset.field, field.dataset.key, valueOf(field)]);
}

/** Everything on the form as the Test button sends it. */
function all(card) {
  const told = {};
  for (const field of fields(card)) if (read(field) && field.dataset.kind !== "switch") told[field.dataset.field] = field.dataset.kind === "list" ? valueOf(field) : read(field);
  const type = $('[name="type"]:checked', card);
  if (type && !type.closest("fieldset").hidden) told.type = type.value;
  return told;
}

/** Wire Test and Save; `body()` gives what to save, `saved(answer)` is told of it. */
export function wireForm(card, { extra = () => ({}), body, saved }) {
  const answer = $("[data-answer]", card);
  const test = $("[data-test]", card);
  test?.addEventListener("click", () => busy(test, () => tryOut(card, test.dataset.test, answer, extra())));
  $("form", card).addEventListener("submit", (event) => {
    event.preventDefault();
    const button = $('[type="submit"]', card);
    busy(button, async () => {
      const values = body();
      if (!values) return close(card);
      const told = await put("/settings", values);
      done(t(told.restart_required.length ? "supply.saved_restart" : "supply.saved"));
      close(card);
      return saved(told);
    }).catch((fault) => showFaults(card, fault));
  });
}

export function close(card) {
  const form = $(".supply-form", card);
  form.open = false;
  $("summary", form).focus({ preventScroll: true });
}

async function busy(button, work) {
  button.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}

async function tryOut(card, name, answer, extra) {
  for (const field of fields(card)) error(field, "");
  replace(answer, h("span", { class: "quiet" }, t("setup.testing")));
  try {
    const verdict = await post(`/settings/test/${name}`, { ...all(card), ...extra });
    replace(answer, icon(verdict.ok ? "circle-check" : "circle-alert", verdict.ok ? "good" : "bad"), h("span", {}, h("strong", {}, say(verdict.message)), verdict.cure && h("span", { class: "quiet" }, ` ${say(verdict.cure)}`)));
    card.dispatchEvent(new CustomEvent("tried", { bubbles: true }));
  } catch (fault) {
    replace(answer);
    showFaults(card, fault);
  }
}

/** What the daemon refused stands beside its field; what belongs to no field, beneath all. */
function showFaults(card, fault) {
  const left = [];
  for (const field of fields(card)) error(field, "");
  for (const one of fault.errors ?? []) {
    const field = fields(card).find((place) => place.dataset.field === one.field.split(".").pop());
    if (field) error(field, say(one.message));
    else left.push(say(one.message));
  }
  $("[aria-invalid]", card)?.closest("details.supply-more")?.setAttribute("open", "");
  $("[aria-invalid]", card)?.focus();
  if (!fault.errors?.length) left.push(say(fault.message));
  const place = $("[data-form-error]", card);
  place.hidden = !left.length;
  setText(place, left.join(" "));
  if (fault.name !== "Problem") failed(fault);
}
