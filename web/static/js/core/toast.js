// Short messages that come and go; an undo where something can be taken back.

import { h, icon } from "./dom.js";
import { language, t, tOr } from "./i18n.js";

const stack = document.getElementById("toasts");

function show(text, { tone = "plain", action, seconds = 5, detail } = {}) {
  const names = { plain: "info", good: "circle-check", bad: "circle-alert" };
  const close = h("button", { class: "toast-close", type: "button", "aria-label": t("action.close") }, icon("x"));
  const toast = h(
    "div",
    { class: `toast toast-${tone}`, role: tone === "bad" ? "alert" : "status", dataset: { testid: "toast" } },
    icon(names[tone]),
    h("div", { class: "toast-words" }, h("p", {}, text), detail && h("p", { class: "quiet" }, detail)),
    action && h("button", { class: "button button-quiet", type: "button", on: { click: () => (remove(), action.run()) } }, action.label),
    close,
  );
  const timer = setTimeout(remove, seconds * 1000);
  function remove() {
    clearTimeout(timer);
    toast.remove();
  }
  close.addEventListener("click", remove);
  stack.append(toast);
  while (stack.childElementCount > 3) stack.firstElementChild.remove();
  return remove;
}

export const say = (text, options) => show(text, options);
export const done = (text, options) => show(text, { tone: "good", ...options });

/** Say what went wrong; the field messages of a 422 are joined to the sentence. */
export function failed(error) {
  if (error?.name === "AbortError") return;
  const fields = (error?.errors ?? []).map((entry) => entry.message).join(" · ");
  const message = error?.message || t("error.unknown");
  const own = language === "en" ? message : tOr(`problem.${error?.status}`, message);
  show(own, { tone: "bad", seconds: 9, detail: fields || (own === message ? "" : message) });
  if (error?.name !== "Problem") console.error(error);
}

/** Say that something was done, with a way to take it back. */
export function undo(text, back, seconds = 8) {
  show(text, { seconds, action: { label: t("action.undo"), run: back } });
}

/** Do it after a while unless it is taken back; leaving the page does it at once. */
export function undoable(text, run, back, seconds = 8) {
  let settled = false;
  const commit = () => {
    if (settled) return;
    settled = true;
    removeEventListener("pagehide", commit);
    run();
  };
  const timer = setTimeout(commit, seconds * 1000);
  addEventListener("pagehide", commit);
  show(text, { seconds, action: { label: t("action.undo"), run: () => { settled = true; clearTimeout(timer); back(); } } });
}

const announcer = document.getElementById("announcer");

/** Words for screen readers only. */
export function announce(text) {
  if (announcer && announcer.textContent !== text) announcer.textContent = text;
}
