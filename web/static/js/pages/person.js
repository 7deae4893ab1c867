// Somebody, and what they are known for.

import { get, maybe, told } from "../core/api.js";
import { $, h, replace } from "../core/dom.js";
import { date } from "../core/format.js";
import { t } from "../core/i18n.js";
import { empty, fill, fromTmdb, poster } from "../parts/media.js";

const root = $("#person");

function show(person) {
  document.title = `${person.name} · Sokoul`;
  const born = [person.birthday && t("person.born", { date: date(person.birthday) }), person.place_of_birth].filter(Boolean).join(", ");
  replace(
    $("#person-head"),
    poster({ title: person.name, poster: person.profile_path }, "w500"),
    h("div", { class: "person-words" }, h("h1", {}, person.name), born && h("p", { class: "quiet" }, born), h("p", { class: "title-overview" }, person.biography || "")),
  );
}

async function load() {
  const person = await get(told(`person/${root.dataset.person}`));
  show(person);
  const credits = person.combined_credits ?? (await maybe(told(`person/${root.dataset.person}/combined_credits`)));
  const seen = new Set();
  const works = (credits?.cast ?? credits?.results ?? [])
    .filter((work) => !seen.has(work.id) && seen.add(work.id))
    .sort((a, b) => (b.popularity ?? 0) - (a.popularity ?? 0))
    .slice(0, 40)
    .map((work) => ({ ...fromTmdb(work), note: work.character || undefined }));
  fill($("#credits"), works);
}

load().catch((error) => replace(root, empty("cloud-off", t("title.unavailable"), error.message, h("a", { class: "button", href: "/" }, t("action.home")))));
