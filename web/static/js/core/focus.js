// Arrow keys move between the items of rows and grids: one tab stop each (roving focus).

const ITEM = "[data-roving] a, [data-roving] button";

function items(group) {
  return [...group.querySelectorAll("a, button")].filter((item) => item.offsetParent !== null && !item.disabled && item.dataset.rove !== "no");
}

function centre(element) {
  const box = element.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

const AXES = {
  ArrowRight: (from, to) => ({ along: to.x - from.x, across: Math.abs(to.y - from.y) }),
  ArrowLeft: (from, to) => ({ along: from.x - to.x, across: Math.abs(to.y - from.y) }),
  ArrowDown: (from, to) => ({ along: to.y - from.y, across: Math.abs(to.x - from.x) }),
  ArrowUp: (from, to) => ({ along: from.y - to.y, across: Math.abs(to.x - from.x) }),
};

/** The nearest of `candidates` in the direction of the key. */
export function nearest(from, candidates, key) {
  const start = centre(from);
  let best = null;
  let least = Infinity;
  for (const candidate of candidates) {
    if (candidate === from) continue;
    const { along, across } = AXES[key](start, centre(candidate));
    if (along < 4 || (key.match(/Left|Right/) && across > 60)) continue;
    const cost = along + across * 2.5;
    if (cost < least) [best, least] = [candidate, cost];
  }
  return best;
}

function focusable() {
  return [...document.querySelectorAll("main a[href], main button, main input, main select, main summary")].filter(
    (element) => element.offsetParent !== null && !element.disabled,
  );
}

function move(event) {
  if (!(event.key in AXES) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const item = event.target.closest?.(ITEM);
  if (!item) return;
  const group = item.closest("[data-roving]");
  const next = nearest(item, items(group), event.key) ?? (/(Up|Down)/.test(event.key) ? nearest(item, focusable(), event.key) : null);
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  next.scrollIntoView({ block: "nearest", inline: "nearest", behavior: calm ? "auto" : "smooth" });
}

function rove(event) {
  const item = event.target.closest?.(ITEM);
  if (!item || item.dataset.rove === "no") return;
  const group = item.closest("[data-roving]");
  for (const other of items(group)) other.tabIndex = other === item ? 0 : -1;
}

/** Give a group one tab stop: the first item, until another was focused. */
export function settle(group) {
  const all = items(group);
  if (all.length && !all.some((item) => item === document.activeElement)) {
    const current = all.find((item) => item.getAttribute("tabindex") === "0") ?? all[0];
    for (const item of all) item.tabIndex = item === current ? 0 : -1;
  }
}

export function install() {
  document.addEventListener("keydown", move);
  document.addEventListener("focusin", rove);
}
