// Subtitles drawn by ourselves, as text alone: their size and their timing can be changed.

import { h, replace } from "../core/dom.js";

const SIZES = [0.75, 1, 1.3, 1.7];

export class Cues {
  constructor(video, place) {
    this.video = video;
    this.place = place;
    this.element = null;
    this.offset = 0;
    this.size = Number(read("sokoul.cues.size", "1"));
    this.resize(0);
  }

  /** Show one subtitle track ({url, language, index}) or none. */
  select(track) {
    this.element?.remove();
    this.element = null;
    this.current = track;
    this.offset = 0;
    replace(this.place);
    if (!track) return;
    const element = h("track", { kind: "subtitles", src: track.url, srclang: track.language ?? "und", label: track.language ?? "" });
    this.video.append(element);
    element.track.mode = "hidden";
    element.track.addEventListener("cuechange", () => this.draw());
    this.element = element;
  }

  draw() {
    const active = [...(this.element?.track.activeCues ?? [])];
    replace(this.place, active.flatMap((cue) => textOf(cue).split("\n")).map((text) => h("p", {}, h("span", {}, text))));
  }

  /** Move all cues by `seconds`. */
  shift(seconds) {
    this.offset += seconds;
    for (const cue of this.element?.track.cues ?? []) {
      cue.startTime = Math.max(0, cue.startTime + seconds);
      cue.endTime = Math.max(0.01, cue.endTime + seconds);
    }
    this.draw();
    return this.offset;
  }

  resize(step) {
    this.size = Math.min(SIZES.length - 1, Math.max(0, this.size + step));
    this.place.style.setProperty("--cue-size", SIZES[this.size]);
    write("sokoul.cues.size", String(this.size));
  }
}

function textOf(cue) {
  const fragment = cue.getCueAsHTML?.();
  return (fragment ? [...fragment.childNodes].map(plain).join("") : cue.text.replace(/<[^>]*>/g, "")).trim();
}

const plain = (node) => (node.nodeName === "BR" ? "\n" : node.childNodes.length ? [...node.childNodes].map(plain).join("") : node.textContent);

export function read(name, otherwise) {
  try {
    return localStorage.getItem(name) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function write(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // private windows may forbid it; the choice then lasts for this page
  }
}
