// The words of the page, from the same catalogue as the server's.

const root = document.documentElement;
export const language = root.lang || "en";
const messages = await load(root.dataset.catalogue);

async function load(url) {
  const reply = await fetch(url, { credentials: "same-origin" });
  if (!reply.ok) throw new Error(`The catalogue could not be loaded (${reply.status}).`);
  return reply.json();
}

const plural = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);

function fill(text, params) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

export const has = (key) => Object.hasOwn(messages, key);

/** The words for `key`, with {name} filled in. */
export function t(key, params = {}) {
  return fill(messages[key] ?? key, params);
}

/** The words for `key`, or `fallback` when the catalogue has none (codes from the API may be newer than we are). */
export function tOr(key, fallback, params = {}) {
  return has(key) ? t(key, params) : fallback;
}

/** Singular or plural words; {count} is written the way the language writes numbers. */
export function n(key, count, params = {}) {
  const form = plural.select(count) === "one" ? "one" : "other";
  return t(`${key}_${form}`, { count: numbers.format(count), ...params });
}
