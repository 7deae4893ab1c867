// The settings as the daemon tells them, nested by section, as a flat list.

/** [{key, value, locked, secret}] in the order of the configuration. */
export function entries(answer) {
  const found = [];
  const locked = new Set(answer.locked ?? []);
  const editable = new Set(answer.editable ?? []);
  const walk = (value, key) => {
    if (value && typeof value === "object" && !Array.isArray(value) && Object.keys(value).length) {
      for (const [name, entry] of Object.entries(value)) walk(entry, key ? `${key}.${name}` : name);
    } else found.push({ key, value, locked: isLocked(locked, key), editable: editable.has(key), secret: typeof value === "string" && /^\*+$/.test(value) });
  };
  walk(answer.settings ?? {}, "");
  return found;
}

// A section that was set as a whole locks what is in it.
function isLocked(locked, key) {
  const parts = key.split(".");
  return parts.some((_, at) => locked.has(parts.slice(0, at + 1).join("."))) || [...locked].some((entry) => entry.startsWith(`${key}.`) || entry.startsWith(`${key}[`));
}
