// What every page has: search anywhere, focus by arrows, the menu, language and theme.

import { maybe, post, query } from "./core/api.js";
import { $, $$, h, icon, replace } from "./core/dom.js";
import { install, settle } from "./core/focus.js";
import { t } from "./core/i18n.js";
import { connection } from "./core/live.js";
import { failed } from "./core/toast.js";
import { fromMedia, poster } from "./parts/media.js";

const YEAR = 31536000;
const remember = (name, value) => {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; SameSite=Lax`;
};

// --- search anywhere -------------------------------------------------------------------------------------------

const dialog = $("#search-dialog");
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");

function openSearch() {
  const field = $("#search-page-field");
  if (field) {
    field.focus();
    field.select();
  } else if (dialog && !dialog.open) {
    dialog.showModal();
    $("input", dialog).select();
  }
}

function shortcut(event) {
  const control = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
  const slash = event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!control && !slash) return;
  event.preventDefault();
  openSearch();
}

let asked = 0;

async function suggest(field) {
  const list = $(".suggestions", dialog);
  const text = field.value.trim();
  const turn = ++asked;
  await new Promise((resolve) => setTimeout(resolve, 150));
  if (turn !== asked) return;
  const found = text.length > 1 ? await maybe(`/media${query({ q: text, page_size: 5 })}`) : null;
  if (turn !== asked) return;
  replace(list, (found?.items ?? []).map(suggestion));
  settle(list);
}

function suggestion(raw) {
  const item = fromMedia(raw);
  return h(
    "a",
    { class: "suggestion", href: item.href },
    poster(item, "w92"),
    h("span", { class: "grow" }, h("span", { class: "clip" }, item.title), h("span", { class: "quiet small" }, [item.year, t("search.in_library")].filter(Boolean).join(" · "))),
  );
}

function installSearch() {
  addEventListener("keydown", shortcut);
  for (const button of $$("[data-open-search]")) button.addEventListener("click", (event) => (event.preventDefault(), openSearch()));
  if (!dialog) return;
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  const field = $("input", dialog);
  field.addEventListener("input", () => suggest(field));
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") $(".suggestion", dialog)?.focus();
  });
}

// --- menu, language, theme, session -----------------------------------------------------------------------------

function installMenu() {
  const sheet = $("#more-sheet");
  for (const button of $$("[data-open-more]")) button.addEventListener("click", () => sheet.showModal());
  sheet?.addEventListener("click", (event) => event.target === sheet && sheet.close());
  $("#rail-toggle")?.addEventListener("click", (event) => {
    const slim = document.documentElement.classList.toggle("rail-slim");
    event.currentTarget.setAttribute("aria-expanded", String(!slim));
    remember("sokoul_rail", slim ? "slim" : "wide");
  });
  for (const button of $$("[data-language]")) {
    button.addEventListener("click", () => {
      remember("sokoul_lang", button.dataset.language);
      location.reload();
    });
  }
  for (const button of $$("[data-theme-choice]")) {
    button.addEventListener("click", () => {
      remember("sokoul_theme", button.dataset.themeChoice);
      document.documentElement.dataset.theme = button.dataset.themeChoice;
      for (const other of $$("[data-theme-choice]")) other.setAttribute("aria-pressed", String(other.dataset.themeChoice === button.dataset.themeChoice));
    });
  }
  for (const button of $$("[data-sign-out]")) {
    button.addEventListener("click", () => post("/auth/logout").then(() => location.assign("/login")).catch(failed));
  }
}

// --- rows ------------------------------------------------------------------------------------------------------

function installRows() {
  for (const row of $$(".row")) {
    const items = $(".row-items", row);
    for (const arrow of $$("[data-scroll]", row)) {
      arrow.addEventListener("click", () => items.scrollBy({ left: Number(arrow.dataset.scroll) * items.clientWidth * 0.85, behavior: "smooth" }));
    }
  }
}

// --- the daemon goes away and comes back --------------------------------------------------------------------------

const UNNOTICED = 2500;

function installNotice() {
  const notice = h("p", { class: "away", role: "status", hidden: true, dataset: { testid: "away" } });
  document.body.append(notice);
  let timer = null;
  connection((on) => {
    clearTimeout(timer);
    if (on) notice.hidden = true;
    else timer = setTimeout(() => (replace(notice, icon("unplug"), h("span", {}, t("error.away"))), (notice.hidden = false)), UNNOTICED);
  });
  addEventListener("pagehide", () => clearTimeout(timer));
}

install();
installNotice();
installSearch();
installMenu();
installRows();
for (const group of $$("[data-roving]")) settle(group);

