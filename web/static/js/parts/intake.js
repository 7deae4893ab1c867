// Magnets and .torrent files that are pasted, dropped or chosen become downloads.

import { Problem, post } from "../core/api.js";
import { done, failed } from "../core/toast.js";
import { t } from "../core/i18n.js";

const LARGEST = 10 * 1024 * 1024;
export const isMagnet = (text) => /^\s*magnet:\?/i.test(text);
export const isTorrentAddress = (text) => /^\s*https?:\/\/\S+\.torrent(\?\S*)?\s*$/i.test(text);

const HASH = /[?&]xt(\.\d+)?=urn:(btih:([0-9a-f]{40}|[a-z2-7]{32})(?![0-9a-z])|btmh:[0-9a-f]{8,})/i;

/** Start a download from pasted text; null when the text is neither magnet nor .torrent address. */
export async function fromText(text) {
  const trimmed = text.trim();
  if (isMagnet(trimmed) && !HASH.test(trimmed.replaceAll(/%3a/gi, ":"))) throw new Problem(0, { detail: t("intake.half_magnet") });
  if (isMagnet(trimmed)) return start({ magnet_link: trimmed });
  if (isTorrentAddress(trimmed)) return start({ torrent_url: trimmed });
  return null;
}

async function start(body) {
  const answer = await post("/downloads/start", body);
  done(t("intake.added"), { action: { label: t("intake.see"), run: () => location.assign("/downloads") } });
  return answer;
}

/** Start a download from a .torrent file. */
export async function fromFile(file) {
  if (file.size > LARGEST) throw new Problem(0, { detail: t("intake.too_big") });
  // Every .torrent file is a dictionary, and begins so.
  if ((await file.slice(0, 1).text()) !== "d") throw new Problem(0, { detail: t("intake.no_torrent", { name: file.name }) });
  const form = new FormData();
  form.append("torrent", file, "upload.torrent");
  return start(form);
}

async function take(transfer, after) {
  try {
    const files = [...(transfer.files ?? [])].filter((file) => /\.torrent$/i.test(file.name));
    for (const file of files) after?.(await fromFile(file));
    if (files.length) return true;
    const answer = await fromText(transfer.getData("text/uri-list") || transfer.getData("text/plain") || "");
    if (answer) after?.(answer);
    return answer !== null;
  } catch (error) {
    failed(error);
    return true;
  }
}

const typing = (target) => target?.closest?.("input, textarea, select, [contenteditable]");

/** Accept what is dropped or pasted anywhere on the page; `after` hears each {download_id}. */
export function acceptEverywhere(after) {
  const veil = document.getElementById("drop-veil");
  let depth = 0;
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].some((type) => type === "Files" || type === "text/uri-list" || type === "text/plain");
  const show = (on) => veil?.classList.toggle("is-shown", on);
  addEventListener("dragenter", (event) => carries(event) && (depth += 1) && show(true));
  addEventListener("dragleave", () => (depth = Math.max(0, depth - 1)) || show(false));
  addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  addEventListener("drop", async (event) => {
    depth = 0;
    show(false);
    if (!carries(event)) return;
    event.preventDefault();
    if (!(await take(event.dataTransfer, after))) failed(new Problem(0, { detail: t("intake.not_understood") }));
  });
  addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const files = event.clipboardData?.files?.length;
    if (!files && (typing(event.target) || !(isMagnet(text) || isTorrentAddress(text)))) return;
    event.preventDefault();
    take(event.clipboardData, after);
  });
}

/** Wire a paste field and its file chooser. */
export function wire(form, after) {
  const field = form.elements.namedItem("link");
  const chooser = form.querySelector('input[type="file"]');
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await fromText(field.value);
      if (answer === null) throw new Problem(0, { detail: t("intake.not_understood") });
      field.value = "";
      after?.(answer);
    } catch (error) {
      failed(error);
    }
  });
  chooser?.addEventListener("change", async () => {
    try {
      for (const file of chooser.files) after?.(await fromFile(file));
    } catch (error) {
      failed(error);
    }
    chooser.value = "";
  });
}
