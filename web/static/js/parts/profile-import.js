// Taking in what others made: files or pasted JSON of the TRaSH guides, Radarr or Sonarr.

import { post } from "../core/api.js";
import { $, h, icon, replace, setText } from "../core/dom.js";
import { n, t } from "../core/i18n.js";
import { failed } from "../core/toast.js";

/** Open the dialog; `taken(names)` is called with the profiles that came of it. */
export function importDialog(dialog, profiles, taken) {
  const files = h("input", { class: "visually-hidden", type: "file", multiple: true, accept: ".json,application/json", dataset: { testid: "import-files" } });
  const chosen = h("span", { class: "quiet small" });
  const pasted = h("textarea", { class: "input mono", rows: 5, spellcheck: "false", placeholder: "{ \"name\": …, \"specifications\": […] }", dataset: { testid: "import-text" } });
  const app = menu([["", t("profiles.import_app_told")], ["radarr", "Radarr"], ["sonarr", "Sonarr"]]);
  const into = menu([["", t("profiles.import_into_own")], ...profiles.filter((profile) => !profile.locked).map((profile) => [profile.name, profile.name])]);
  const result = h("div", { class: "import-result", role: "status", dataset: { testid: "import-result" } });
  const send = h("button", { class: "button button-primary", type: "submit", dataset: { testid: "import-send" } }, icon("file-up"), t("profiles.import_send"));
  files.addEventListener("change", () => setText(chosen, [...files.files].map((file) => file.name).slice(0, 4).join(", ") + (files.files.length > 4 ? " …" : "")));
  const form = h(
    "form",
    { class: "form", method: "dialog" },
    h("header", { class: "import-head" }, h("h2", { id: "import-title" }, t("profiles.import_title")), h("button", { class: "button button-quiet button-round", type: "button", "aria-label": t("action.close"), on: { click: () => dialog.close() } }, icon("x"))),
    h("p", { class: "hint" }, t("profiles.import_hint")),
    h("label", { class: "button import-choose" }, icon("file-up"), t("profiles.import_files"), files),
    chosen,
    h("label", { class: "field" }, h("span", {}, t("profiles.import_paste")), pasted),
    h("div", { class: "field-row" }, h("label", { class: "field" }, h("span", {}, t("profiles.import_app")), app), h("label", { class: "field" }, h("span", {}, t("profiles.import_into")), into)),
    result,
    h("div", { class: "profile-buttons" }, send),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.setAttribute("aria-busy", "true");
    try {
      const answer = await post("/profiles/import", await body(files.files, pasted.value, app.value, into.value));
      replace(result, told(answer));
      await taken(answer.profiles.map((profile) => profile.name));
      if (!answer.notes.length) dialog.close();
    } catch (error) {
      if (error.errors?.length) replace(result, h("p", { class: "field-error" }, error.errors.map((each) => each.message).join("; ")));
      else failed(error);
    } finally {
      send.removeAttribute("aria-busy");
    }
  });
  replace(dialog, form);
  dialog.showModal();
}

const menu = (options) => h("select", { class: "select" }, options.map(([value, words]) => h("option", { value }, words)));

async function body(files, pasted, app, into) {
  const documents = await Promise.all([...files].map(async (file) => ({ name: file.webkitRelativePath || file.name, text: await file.text() })));
  if (pasted.trim()) documents.push({ name: t("profiles.import_pasted"), text: pasted });
  return { documents, app: app || null, into: into || null };
}

function told(answer) {
  const names = answer.profiles.map((profile) => profile.name).join(", ");
  return [
    h("p", {}, n("profiles.import_done", answer.profiles.length, { names, formats: answer.formats })),
    answer.notes.length > 0 && h("details", { open: true }, h("summary", {}, n("profiles.import_notes", answer.notes.length)), h("ul", { class: "import-notes small quiet" }, answer.notes.map((note) => h("li", {}, note)))),
  ];
}
