// The video element and what feeds it: the address itself, or hls.js for a playlist.

let Hls = null;
const WORKER = new URL("../../vendor/hls.worker.js", import.meta.url).pathname;

async function library() {
  Hls ??= (await import("../../vendor/hls.light.min.mjs")).default;
  return Hls;
}

const isPlaylist = (address) => /\.m3u8(\?|$)/.test(address);

/** Feeds `video`; `trouble` hears {fatal, words} when the stream does not come. */
export class Engine {
  constructor(video, trouble) {
    this.video = video;
    this.trouble = trouble;
    this.hls = null;
    this.tries = 0;
    video.addEventListener("error", () => this.failed());
    video.addEventListener("playing", () => (this.tries = 0));
  }

  async load(address, startAt) {
    this.address = address;
    this.drop();
    if (isPlaylist(address) && (await library()).isSupported()) this.attach(address, startAt);
    else this.direct(address, startAt);
  }

  direct(address, startAt) {
    this.video.src = address;
    if (startAt > 0) this.video.addEventListener("loadedmetadata", () => (this.video.currentTime = startAt), { once: true });
  }

  attach(address, startAt) {
    const hls = new Hls({ workerPath: WORKER, startPosition: startAt > 0 ? startAt : 0, maxBufferLength: 30, maxMaxBufferLength: 90, backBufferLength: 60, manifestLoadPolicy: patient(3), playlistLoadPolicy: patient(3), fragLoadPolicy: patient(6) });
    this.hls = hls;
    hls.on(Hls.Events.ERROR, (_, data) => data.fatal && this.fatal(data));
    hls.loadSource(address);
    hls.attachMedia(this.video);
  }

  fatal(data) {
    this.tries += 1;
    if (this.tries > 6) this.trouble({ fatal: true });
    else if (data.type === Hls.ErrorTypes.NETWORK_ERROR) {
      this.trouble({ fatal: false });
      setTimeout(() => this.hls?.startLoad(), 500 * this.tries);
    } else if (data.type === Hls.ErrorTypes.MEDIA_ERROR && this.tries < 4) this.hls.recoverMediaError();
    else this.trouble({ fatal: true });
  }

  // A direct stream that broke is asked for again where it stopped.
  failed() {
    if (this.hls || !this.address) return;
    const { code } = this.video.error ?? {};
    this.tries += 1;
    if (code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED || code === MediaError.MEDIA_ERR_DECODE || this.tries > 6) {
      this.trouble({ fatal: true, unsupported: code !== MediaError.MEDIA_ERR_NETWORK });
      return;
    }
    const at = this.video.currentTime;
    this.trouble({ fatal: false });
    setTimeout(() => {
      this.direct(this.address, at);
      this.video.play().catch(() => {});
    }, 500 * this.tries);
  }

  drop() {
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
