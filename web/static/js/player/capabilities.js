// What this browser plays, asked of itself.

const VIDEO = {
  h264: 'video/mp4; codecs="avc1.640028"',
  hevc: 'video/mp4; codecs="hvc1.1.6.L120.90"',
  av1: 'video/mp4; codecs="av01.0.08M.08"',
  vp9: 'video/mp4; codecs="vp09.00.40.08"',
  vp8: 'video/webm; codecs="vp8"',
};
const AUDIO = {
  aac: 'audio/mp4; codecs="mp4a.40.2"',
  mp3: 'audio/mpeg',
  opus: 'audio/mp4; codecs="opus"',
  vorbis: 'audio/webm; codecs="vorbis"',
  flac: 'audio/mp4; codecs="flac"',
  ac3: 'audio/mp4; codecs="ac-3"',
  eac3: 'audio/mp4; codecs="ec-3"',
};
const CONTAINERS = { mp4: 'video/mp4; codecs="avc1.640028"', webm: 'video/webm; codecs="vp9"' };

export function capabilities() {
  const probe = document.createElement("video");
  const plays = (type) => probe.canPlayType(type) !== "";
  const named = (table) => Object.entries(table).filter(([, type]) => plays(type)).map(([name]) => name);
  return { containers: named(CONTAINERS), video: named(VIDEO), audio: named(AUDIO) };
}
