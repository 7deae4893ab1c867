// Numbers the way people say them.

import { has, language, n, t } from "./i18n.js";

const nbsp = "\u00a0";
const one = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const byteUnits = language === "fr" ? ["o", "ko", "Mo", "Go", "To"] : ["B", "KB", "MB", "GB", "TB"];

export const number = (value) => whole.format(value);

/** 4 200 000 000 → "4.2 GB". */
export function bytes(value) {
  if (value === null || value === undefined) return "";
  let amount = Math.max(0, value);
  let unit = 0;
  while (amount >= 1000 && unit < byteUnits.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  const digits = unit >= 2 && amount < 100 ? one : whole;
  return `${digits.format(amount)}${nbsp}${byteUnits[unit]}`;
}

export const speed = (value) => `${bytes(value)}/s`;

/** 95 → "1 min 35 s"; 7 300 → "2 h 1 min". */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "";
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return `${total}${nbsp}s`;
  if (total < 3600) return join(Math.floor(total / 60), "min", total < 600 ? total % 60 : 0, "s");
  if (total < 172800) return join(Math.floor(total / 3600), "h", Math.floor((total % 3600) / 60), "min");
  return n("time.days", Math.round(total / 86400));
}

function join(big, bigUnit, small, smallUnit) {
  const head = `${whole.format(big)}${nbsp}${bigUnit}`;
  return small ? `${head}${nbsp}${small}${nbsp}${smallUnit}` : head;
}

/** 128 → "2 h 8 min". */
export const runtime = (minutes) => (minutes ? duration(minutes * 60) : "");

/** 3 723 → "1:02:03". */
export function clock(seconds) {
  const total = Math.max(0, Math.floor(seconds || 0));
  const parts = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60];
  const [hours, minutes, rest] = parts;
  const tail = `${String(rest).padStart(2, "0")}`;
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

export const percent = (value) => `${whole.format(Math.floor(value))}${language === "fr" ? "\u202f" : ""}%`;

/** Milliseconds as people say them: "45 ms", "1.2 s". */
export const took = (ms) => (ms < 100 ? `${whole.format(ms)}${nbsp}ms` : `${one.format(ms / 1000)}${nbsp}s`);

export const date = (value) => (value ? new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date(value)) : "");
export const time = (value) => new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(new Date(value));

const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const steps = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];

/** "3 days ago". */
export function ago(value) {
  const seconds = (new Date(value).getTime() - Date.now()) / 1000;
  if (!Number.isFinite(seconds)) return "";
  for (const [unit, size] of steps) if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  return t("time.now");
}

const names = new Intl.DisplayNames(language, { type: "language", fallback: "none" });

/** "en" → "English"; unknown codes stay as they are. */
export function languageName(code) {
  const key = `language.${code}`;
  if (has(key)) return t(key);
  try {
    const name = names.of(code);
    return name ? name.charAt(0).toLocaleUpperCase(language) + name.slice(1) : code;
  } catch {
    return code;
  }
}
