// Calls to the daemon: same origin, CSRF token on writes, one refresh when the session has run out.

import { language, t } from "./i18n.js";

const BASE = "/api/v1";
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** What the daemon answered when it could not do it: a problem document (RFC 9457). */
export class Problem extends Error {
  constructor(status, body, retryAfter = null) {
    super(body?.detail || body?.title || t("error.unknown"));
    this.name = "Problem";
    this.status = status;
    this.errors = body?.errors ?? [];
    this.requestId = body?.request_id ?? null;
    this.retryAfter = retryAfter;
  }
}

let refreshing = null;

function refresh() {
  refreshing ??= send("POST", "/auth/refresh", {})
    .then((reply) => reply.ok)
    .catch(() => false)
    .finally(() => setTimeout(() => (refreshing = null), 1000));
  return refreshing;
}

function send(method, path, body, { signal, keepalive } = {}) {
  const headers = { Accept: "application/json" };
  const options = { method, headers, credentials: "same-origin", signal, keepalive };
  if (method !== "GET") headers["X-CSRF-Token"] = token();
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  return fetch(path.startsWith("/api/") || path === "/health/deep" ? path : BASE + path, options);
}

async function read(reply) {
  if (reply.status === 204) return null;
  const text = await reply.text();
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Ask the daemon; the answer as JSON, or a Problem is thrown. */
export async function call(method, path, body, options = {}) {
  let reply;
  try {
    reply = await send(method, path, body, options);
    if (reply.status === 401 && !options.anonymous && (await refresh())) reply = await send(method, path, body, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { detail: t("error.offline") });
  }
  const answer = await read(reply);
  if (reply.ok) return options.status ? { status: reply.status, body: answer } : answer;
  if (reply.status === 401 && !options.anonymous) signIn();
  const wait = Number(reply.headers.get("Retry-After"));
  throw new Problem(reply.status, answer, Number.isFinite(wait) && wait > 0 ? wait : null);
}

function signIn() {
  const here = location.pathname + location.search;
  if (location.pathname !== "/login") location.assign(`/login?next=${encodeURIComponent(here)}`);
}

export const get = (path, options) => call("GET", path, undefined, options);
export const post = (path, body = {}, options = {}) => call("POST", path, body, options);
export const put = (path, body, options) => call("PUT", path, body, options);
export const del = (path, options) => call("DELETE", path, undefined, options);

/** A query string from what is set. */
export function query(params) {
  const entries = Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return entries.length ? `?${new URLSearchParams(entries)}` : "";
}

/** The address of something the metadata source tells, in the language of the page. */
export const told = (path) => `/tmdb/${path}${path.includes("?") ? "&" : "?"}language=${language}`;

/** `get`, but null instead of an error: for parts of a page that may be missing. */
export async function maybe(path, options) {
  try {
    return await get(path, options);
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}
