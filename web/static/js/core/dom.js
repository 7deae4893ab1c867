// Elements are built from data by properties only, never from markup: text from outside stays text.

const SVG = "http://www.w3.org/2000/svg";
const SPRITE = new URL("../../vendor/icons.svg", import.meta.url).pathname;
const AS_PROPERTY = new Set(["value", "checked", "disabled", "hidden", "open", "tabIndex", "indeterminate", "muted"]);

/** Build an element. `props`: class, dataset, vars (custom properties), on (listeners), others are attributes. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) apply(element, name, value);
  element.append(...flat(children));
  return element;
}

function apply(element, name, value) {
  if (value === undefined || value === null) return;
  if (name === "class") element.className = Array.isArray(value) ? value.filter(Boolean).join(" ") : value;
  else if (name === "dataset") Object.assign(element.dataset, value);
  else if (name === "vars") for (const [key, entry] of Object.entries(value)) element.style.setProperty(key, entry);
  else if (name === "on") for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
  else if (AS_PROPERTY.has(name)) element[name] = value;
  else if (value === true) element.setAttribute(name, "");
  else if (value !== false) element.setAttribute(name, String(value));
}

function flat(children) {
  return children.flat(4).filter((child) => child !== null && child !== undefined && child !== false && child !== "");
}

/** A Lucide icon from the sprite; decorative, so hidden from screen readers. */
export function icon(name, extra = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/** Point an icon made by `icon` at another picture. */
export function setIcon(svg, name) {
  const use = svg.firstElementChild;
  const href = `${SPRITE}#${name}`;
  if (use.getAttribute("href") !== href) use.setAttribute("href", href);
}

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...flat(children));
  return element;
}

/** Set text only when it differs: screen readers and selections are left in peace. */
export function setText(element, text) {
  const wanted = text ?? "";
  if (element.textContent !== wanted) element.textContent = wanted;
}

export function replace(element, ...children) {
  element.replaceChildren(...flat(children));
}

/** Make `container` show `items` in order, keeping the element of each key; returns the elements by key. */
export function reconcile(container, items, key, create, update) {
  const kept = container.__kept ?? new Map();
  const next = new Map();
  let cursor = container.firstElementChild;
  for (const item of items) {
    const id = String(key(item));
    const element = kept.get(id) ?? create(item);
    update?.(element, item);
    next.set(id, element);
    if (element === cursor) cursor = cursor.nextElementSibling;
    else container.insertBefore(element, cursor);
  }
  for (const [id, element] of kept) if (!next.has(id)) element.remove();
  container.__kept = next;
  return next;
}

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
