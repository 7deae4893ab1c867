// One's own keys of debrid services: entered, tried, removed; what is kept is never shown.

import { del, get, post, put } from "../core/api.js";
import { $, $$, h, icon, replace, setText } from "../core/dom.js";
import { date } from "../core/format.js";
import { t } from "../core/i18n.js";
import { done, failed } from "../core/toast.js";
import { say } from "../parts/phrases.js";

const PLACE = "/auth/me/debrid";
const cards = $$("[data-service]");

async function load() {
  const { items } = await get(PLACE);
  for (const item of items) show(item);
  $("#keys").removeAttribute("aria-busy");
}

function show(item) {
  const card = cards.find((one) => one.dataset.service === item.service);
  if (!card) return;
  card.dataset.owner = item.owner ?? "none";
  $("[data-light]", card).className = `light light-${item.owner ? "good" : "quiet"}`;
  setText($("[data-state]", card), words(item));
  const box = $("input", card);
  box.value = "";
  box.placeholder = item.owner === "own" ? t("supply.kept") : "";
  $("[data-remove]", card).hidden = item.owner !== "own";
}

function words({ owner, set_at }) {
  if (owner === "own") return set_at ? t("account.own_since", { date: date(set_at) }) : t("account.own");
  return t(owner === "household" ? "account.household" : "account.none");
}

function wrong(card, text) {
  const place = $("[data-error]", card);
  place.hidden = !text;
  setText(place, text);
  const box = $("input", card);
  if (text) box.setAttribute("aria-invalid", "true");
  else box.removeAttribute("aria-invalid");
  if (text) box.focus();
}

/** Run `work` with the button busy; what the daemon refused stands beneath the field. */
async function busy(card, button, work) {
  wrong(card, "");
  replace($("[data-answer]", card));
  button.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (fault) {
    if (fault.name !== "Problem") failed(fault);
    else wrong(card, (fault.errors.length ? fault.errors : [fault]).map((one) => say(one.message)).join(" "));
  } finally {
    button.removeAttribute("aria-busy");
  }
}

async function tryOut(card, key) {
  const answer = $("[data-answer]", card);
  replace(answer, h("span", { class: "quiet" }, t("setup.testing")));
  try {
    const verdict = await post(`${PLACE}/${card.dataset.service}/test`, key ? { api_key: key } : {});
    replace(answer, icon(verdict.ok ? "circle-check" : "circle-alert", verdict.ok ? "good" : "bad"), h("span", {}, h("strong", {}, say(verdict.message)), verdict.cure && h("span", { class: "quiet" }, ` ${say(verdict.cure)}`)));
  } catch (fault) {
    replace(answer);
    throw fault;
  }
}

function wire(card) {
  const { service } = card.dataset;
  const name = $("h2", card).textContent;
  const key = () => $("input", card).value.trim();
  const test = $("[data-test]", card);
  test.addEventListener("click", () => {
    if (!key() && card.dataset.owner === "none") return wrong(card, t("account.needed"));
    return busy(card, test, () => tryOut(card, key()));
  });
  $("form", card).addEventListener("submit", (event) => {
    event.preventDefault();
    if (!key()) return wrong(card, t("account.needed"));
    return busy(card, $('[type="submit"]', card), async () => {
      show(await put(`${PLACE}/${service}`, { api_key: key() }));
      done(t("account.saved", { name }));
    });
  });
  const remove = $("[data-remove]", card);
  remove.addEventListener("click", () =>
    busy(card, remove, async () => {
      await del(`${PLACE}/${service}`);
      await load();
      $("input", card).focus();
      done(t("account.removed", { name }));
    }),
  );
}

cards.forEach(wire);
load().catch((fault) => {
  const place = $("#account-trouble");
  place.hidden = false;
  setText(place, `${t("account.unavailable")}. ${say(fault.message)}`);
  if (fault.name !== "Problem") failed(fault);
});
