// Live preview: release names in, verdicts out, while the profile is edited and before it is saved.

import { post } from "../core/api.js";
import { $, h, icon, reconcile, replace, setText } from "../core/dom.js";
import { language, n, t, tOr } from "../core/i18n.js";

const MOST = 200;
const SAMPLES = [
  "Aurora.Field.2024.2160p.UHD.BluRay.REMUX.HDR.HEVC.TrueHD.Atmos.7.1-OPEN",
  "Aurora.Field.2024.2160p.WEB-DL.DV.HDR.DDP5.1.x265-OPEN",
  "Aurora.Field.2024.MULTi.1080p.BluRay.x264.DTS-FREE",
  "Aurora.Field.2024.1080p.WEB-DL.DDP5.1.x265-OPEN",
  "Aurora.Field.2024.1080p.WEBRip.AV1.OPUS-CC0",
  "Aurora.Field.2024.720p.WEB-DL.AAC.H.264-CC0",
  "Aurora.Field.2024.HDCAM.x264-NOPE",
];

/** Wire the panel; `soon()` asks again a moment after the last change. */
export function preview({ rules, faults }) {
  const names = $("#preview-names");
  const title = $("#wanted-title");
  const runtime = $("#wanted-runtime");
  names.value = SAMPLES.join("\n");
  let timer = null;
  let asked = 0;
  let asking = null;

  async function ask() {
    const profile = rules();
    if (!profile) return;
    const lines = names.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const number = ++asked;
    asking?.abort();
    asking = new AbortController();
    const wanted = { title: title.value.trim(), runtime_minutes: Number(runtime.value) || null };
    try {
      const answer = await post("/profiles/preview", { profile, names: lines.slice(0, MOST).map(read), wanted }, { signal: asking.signal });
      if (number !== asked) return;
      faults([]);
      show(answer.items, lines.length);
    } catch (error) {
      if (error.name === "AbortError" || number !== asked) return;
      if (error.errors?.length) faults(error.errors);
      setText($("#preview-words"), error.errors?.length ? t("profiles.preview_faults") : error.message);
    }
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(ask, 250);
  }
  for (const input of [names, title, runtime]) input.addEventListener("input", soon);
  return { soon };
}

/** A line may carry a size and a number of seeders behind tabs, as tables paste them. */
function read(line) {
  const [name, ...rest] = line.split("\t");
  const tried = { name: name.slice(0, 1000) };
  for (const part of rest) {
    const size = /^([\d.,]+)\s*([KMGT])(?:i?[Bo])?$/i.exec(part.trim());
    if (size) tried.size_bytes = Math.round(Number(size[1].replace(",", ".")) * 1000 ** (" KMGT".indexOf(size[2].toUpperCase())));
    else if (/^\d{1,6}$/.test(part.trim())) tried.seeders = Number(part.trim());
  }
  return tried;
}

function show(items, given) {
  const good = items.filter((item) => item.accepted).length;
  const words = n("profiles.preview_count", items.length, { good });
  setText($("#preview-words"), given > MOST ? `${words} ${t("profiles.preview_most", { most: MOST })}` : words);
  reconcile($("#verdicts"), items, (item) => item.place, verdict, update);
}

function verdict(item) {
  return h(
    "li",
    { class: "verdict-row", dataset: { testid: "verdict", place: item.place } },
    h("span", { class: "verdict-score num" }),
    h("div", { class: "grow" }, h("p", { class: "verdict-name" }), h("p", { class: "quiet small verdict-quality" }), h("ul", { class: "verdict-why" })),
  );
}

function update(row, item) {
  row.classList.toggle("is-rejected", !item.accepted);
  const score = $(".verdict-score", row);
  replace(score, item.accepted ? String(item.score) : [icon("x"), h("span", { class: "visually-hidden" }, t("profiles.refused"))]);
  setText($(".verdict-name", row), item.name);
  setText($(".verdict-quality", row), item.quality);
  replace($(".verdict-why", row), item.accepted ? item.score_reasons.map(reason) : item.refusals.map(refusal));
}

const worded = (told, field) => told[`${field}_${language}`] ?? told[field];
const reason = (told) => h("li", { dataset: { code: told.code } }, h("span", { class: "num" }, `+${told.points}`), " ", h("span", { class: "quiet" }, `${tOr(`reason.${told.code}`, told.code)} · ${worded(told, "reason")}`));
const refusal = (told) => h("li", { dataset: { code: told.code } }, worded(told, "message"));
