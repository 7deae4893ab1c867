// The scrub bar: what was played, what is buffered, what is downloaded, chapters; a slider for keys and fingers.

import { $ } from "../core/dom.js";
import { clock } from "../core/format.js";
import { t } from "../core/i18n.js";

export class Scrub {
  constructor(bar, video, seek) {
    this.bar = bar;
    this.video = video;
    this.seek = seek;
    this.canvas = $("canvas", bar);
    this.tip = $(".scrub-tip", bar);
    this.total = 0;
    this.downloaded = null;
    this.chapters = [];
    this.held = false;
    bar.addEventListener("pointerdown", (event) => this.hold(event));
    bar.addEventListener("pointermove", (event) => this.hover(event));
    bar.addEventListener("pointerup", (event) => this.release(event));
    bar.addEventListener("pointercancel", () => (this.held = false));
    bar.addEventListener("pointerleave", () => bar.classList.remove("is-hover"));
    new ResizeObserver(() => this.draw()).observe(bar);
  }

  at(event) {
    const box = this.bar.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * this.total;
  }

  hold(event) {
    if (!this.total || event.button > 0) return;
    this.held = true;
    this.bar.setPointerCapture(event.pointerId);
    this.hover(event);
  }

  hover(event) {
    if (!this.total) return;
    const seconds = this.at(event);
    const chapter = this.chapters.findLast?.((entry) => entry.start <= seconds)?.title;
    this.tip.textContent = [clock(seconds), chapter].filter(Boolean).join(" · ");
    this.bar.style.setProperty("--tip", String(seconds / this.total));
    this.bar.classList.add("is-hover");
    if (this.held) this.bar.style.setProperty("--at", String(seconds / this.total));
  }

  release(event) {
    if (!this.held) return;
    this.held = false;
    this.seek(this.at(event));
  }

  /** Show the position; `total` in seconds. */
  show(now, total) {
    this.total = total;
    if (!this.held) this.bar.style.setProperty("--at", String(total ? Math.min(1, now / total) : 0));
    this.bar.setAttribute("aria-valuemax", Math.round(total));
    this.bar.setAttribute("aria-valuenow", Math.round(now));
    this.bar.setAttribute("aria-valuetext", t("card.position", { at: clock(now), total: clock(total) }));
    this.draw();
  }

  draw() {
    const { width, height } = this.canvas.getBoundingClientRect();
    const scale = globalThis.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * scale)) [this.canvas.width, this.canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    const pen = this.canvas.getContext("2d");
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (!this.total) return;
    const band = (from, to, colour) => {
      pen.fillStyle = colour;
      pen.fillRect((from / this.total) * this.canvas.width, 0, ((to - from) / this.total) * this.canvas.width, this.canvas.height);
    };
    if (this.downloaded) for (const [from, to] of this.downloaded) band(from * this.total, to * this.total, "rgb(255 255 255 / 18%)");
    const { buffered } = this.video;
    for (let at = 0; at < buffered.length; at += 1) band(buffered.start(at), buffered.end(at), "rgb(255 255 255 / 42%)");
    for (const chapter of this.chapters) if (chapter.start > 1) band(chapter.start, chapter.start + this.total * 0.0015, "rgb(0 0 0 / 80%)");
  }
}
