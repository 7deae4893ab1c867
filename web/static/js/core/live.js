// One WebSocket for the page; it comes back by itself, and says when it did so that pages can catch up.

import { maybe } from "./api.js";

const listeners = new Map();
const states = new Set();
let socket = null;
let wait = 500;
let ready = false;
let told = false;

function open() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(`${scheme}//${location.host}/ws`);
  socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "auth" })));
  socket.addEventListener("message", (message) => receive(JSON.parse(message.data)));
  socket.addEventListener("close", closed);
}

function receive(frame) {
  if (frame.type === "ready" && !ready) {
    ready = true;
    wait = 500;
    if (listeners.size) subscribe([...listeners.keys()]);
  } else if (frame.type === "subscribed") {
    told = false;
    for (const listener of states) listener(true);
  } else if (frame.type === "event") {
    for (const listener of listeners.get(frame.topic) ?? []) listener(frame.event, frame.data, frame.at);
  }
}

// 4401: the session's access token has run out; any call renews it.
function closed(event) {
  if (event.code === 4401) maybe("/auth/me");
  socket = null;
  if (ready || !told) for (const listener of states) listener(false);
  ready = false;
  told = true;
  setTimeout(() => socket ?? (listeners.size && open()), wait);
  wait = Math.min(wait * 2, 5000);
}

function subscribe(topics) {
  socket.send(JSON.stringify({ type: "subscribe", topics }));
}

/** Hear the events of a topic; returns how to stop hearing them. */
export function listen(topic, listener) {
  const known = listeners.get(topic);
  if (known) known.add(listener);
  else listeners.set(topic, new Set([listener]));
  if (!socket) open();
  else if (ready && !known) subscribe([topic]);
  return () => listeners.get(topic)?.delete(listener);
}

/** Hear whether events arrive (true after every new subscription: time to catch up). */
export function connection(listener) {
  states.add(listener);
}
