// The settings as the daemon tells them, nested by section, as a flat list.

import { has, t, tOr } from "../core/i18n.js";

/** [{key, value, locked, editable, made, secret}] in the order of the configuration. */
export function entries(answer) {
  const found = [];
  const locked = new Set(answer.locked ?? []);
  const editable = new Set(answer.editable ?? []);
  const made = new Set(answer.made ?? []);
  const walk = (value, key) => {
    if (value && typeof value === "object" && !Array.isArray(value) && Object.keys(value).length) {
      for (const [name, entry] of Object.entries(value)) walk(entry, key ? `${key}.${name}` : name);
    } else found.push({ key, value, locked: isLocked(locked, key), editable: editable.has(key), made: made.has(key), form: answer.forms?.[key] ?? "text", choices: answer.choices?.[key], secret: typeof value === "string" && /^\*+$/.test(value) });
  };
  walk(answer.settings ?? {}, "");
  return found;
}

/** What people call a setting. */
export const named = (key) => tOr(`setting.${key}`, key.split(".").slice(1).join(" › ").replaceAll("_", " ") || key);

/** The same with its group before it: "Television › name". */
export const placed = (key) => (has(`setting.${key}`) ? t(`setting.${key}`) : [tOr(`settings.group.${key.split(".")[0]}`, key.split(".")[0]), key.includes(".") && named(key)].filter(Boolean).join(" › "));

// A section that was set as a whole locks what is in it.
function isLocked(locked, key) {
  const parts = key.split(".");
  return parts.some((_, at) => locked.has(parts.slice(0, at + 1).join("."))) || [...locked].some((entry) => entry.startsWith(`${key}.`) || entry.startsWith(`${key}[`));
}
