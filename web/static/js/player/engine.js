// The video element and what feeds it: the address itself, or hls.js for a playlist.

let Hls = null;
const WORKER = new URL("../../vendor/hls.worker.js", import.meta.url).pathname;

async function library() {
  Hls ??= (await import("../../vendor/hls.light.min.mjs")).default;
  return Hls;
}

const isPlaylist = (address) => /\.m3u8(\?|$)/.test(address);

/** Feeds `video`; `trouble` hears {lost} when the session has to be opened anew, {unsupported} when this browser cannot. */
export class Engine {
  constructor(video, trouble) {
    this.video = video;
    this.trouble = trouble;
    this.hls = null;
    this.tries = 0;
    this.waiting = 0;
    video.addEventListener("error", () => this.failed());
    video.addEventListener("playing", () => (this.tries = 0));
  }

  async load(address, startAt, playlist = isPlaylist(address)) {
    this.drop();
    this.address = address;
    if (playlist && (await library()).isSupported()) this.attach(address, startAt);
    else this.direct(address, startAt);
  }

  direct(address, startAt) {
    this.video.src = address;
    if (startAt > 0) this.video.addEventListener("loadedmetadata", () => (this.video.currentTime = startAt), { once: true });
  }

  attach(address, startAt) {
    const hls = new Hls({ workerPath: WORKER, startPosition: startAt > 0 ? startAt : 0, maxBufferLength: 30, maxMaxBufferLength: 90, backBufferLength: 60, manifestLoadPolicy: patient(1), playlistLoadPolicy: patient(1), fragLoadPolicy: patient(2) });
    this.hls = hls;
    hls.on(Hls.Events.ERROR, (_, data) => this.heard(data));
    hls.loadSource(address);
    hls.attachMedia(this.video);
  }

  // A session that the daemon does not know any more never comes back; what only broke off may be asked for again.
  heard(data) {
    const status = data.response?.code ?? 0;
    if (status >= 400 && status < 500) this.lose();
    else if (!data.fatal) return;
    else if (data.type === Hls.ErrorTypes.NETWORK_ERROR) this.again();
    else if (data.type === Hls.ErrorTypes.MEDIA_ERROR && (this.tries += 1) < 4) this.hls.recoverMediaError();
    else this.trouble({ unsupported: true });
  }

  again() {
    const { hls } = this;
    this.tries += 1;
    if (this.tries > 2) this.lose();
    else this.waiting = setTimeout(() => hls === this.hls && hls.startLoad(), 500 * this.tries);
  }

  // The browser says "not supported" also of an address that does not answer: only asking anew tells.
  failed() {
    if (this.hls || !this.address) return;
    this.tries += 1;
    const { code } = this.video.error ?? {};
    if (code === MediaError.MEDIA_ERR_DECODE || this.tries > 3) this.trouble({ unsupported: code !== MediaError.MEDIA_ERR_NETWORK });
    else this.lose();
  }

  lose() {
    this.hls?.stopLoad();
    this.trouble({ lost: true });
  }

  drop() {
    clearTimeout(this.waiting);
    this.address = null;
    this.hls?.destroy();
    this.hls = null;
    this.video.removeAttribute("src");
  }
}

// A piece of a film that is still being fetched may take a while: wait rather than give up.
function patient(retries) {
  const retry = { maxNumRetry: retries, retryDelayMs: 500, maxRetryDelayMs: 4000 };
  return { default: { maxTimeToFirstByteMs: 60000, maxLoadTimeMs: 120000, timeoutRetry: retry, errorRetry: retry } };
}
