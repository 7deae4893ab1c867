// Sentences that the daemon words in English, said in the language of the page. What is not known stays as it is.

import { language, t } from "../core/i18n.js";

const PHRASES = [
  [/^no space: (\S+ [kMGT]?B) missing$/, "phrase.no_space"],
  [/^the client plays this file as it is$/, "phrase.plays_as_is"],
  [/^the client does not play (\S+) video$/, "phrase.no_video"],
  [/^the client does not play (\S+) sound$/, "phrase.no_sound"],
  [/^the client does not play (\S+) files$/, "phrase.no_container"],
  [/^the client does not play H\.264 with pixels as (\S+)$/, "phrase.no_pixels"],
  [/^(\S+) in WebM is not played$/, "phrase.no_webm"],
  [/^another sound track than the file's own choice was asked for$/, "phrase.other_track"],
  [/^(.+) did not accept the key\.?$/, "phrase.no_key"],
  [/^(.+) could not be reached \((.+)\)\.?$/, "phrase.unreachable"],
  [/^(.+) did not answer within (\S+) s\.?$/, "phrase.silent"],
  [/^(.+) failed \(HTTP (\d+)\)\.?$/, "phrase.http_error"],
  [/^(.+) did not answer like Prowlarr\.?$/, "phrase.not_prowlarr"],
  [/^(.+) knows no such address\.?$/, "phrase.no_address"],
  [/^(.+) sent (.+) where a feed was expected\.?$/, "phrase.no_feed"],
  [/^(.+) allows no more requests for now\.?$/, "phrase.too_many"],
  [/^It is left in peace for (\d+) s; ask it less often if that happens again and again\.$/, "phrase.cure_busy"],
  [/^(.+) had not answered after (\S+) s\.?$/, "phrase.not_answered"],
  [/^Look whether it is overloaded, or give it more time with `timeout`\.$/, "phrase.cure_slow"],
  [/^Try again later, or give it more time with `timeout`\.$/, "phrase.cure_more_time"],
  [/^(?:type it again|type the key again): the one that is kept belongs to another address$/, "phrase.again_secret"],
  [/^the name '.*' is used twice$/, "phrase.name_twice"],
  [/^should be an address such as http:\/\/host:port(?:\/path)?$/, "phrase.should_address"],
  [/^is needed here$/, "phrase.needed"],
  [/^should not be empty$/, "phrase.not_empty"],
  [/^should be a (?:whole )?number$/, "phrase.number"],
  [/^Check that it runs and that its address and port are right\.$/, "phrase.cure_runs"],
  [/^Check that the address is the one of its Torznab API(?: \(.+\))?\.$/, "phrase.cure_torznab"],
  [/^Copy the API key from its own settings page and put it in `api_key`\.$/, "phrase.cure_key"],
  [/^Check its address\.$/, "phrase.cure_address"],
  [/^Try again later\.$/, "phrase.cure_later"],
  [/^Wait a while\.$/, "phrase.cure_wait"],
  [/^Look into its own log; it answers, but with an error\.$/, "phrase.cure_log"],
  [/^(.+) answers \(Prowlarr (.+)\)\.$/, "phrase.answers_prowlarr"],
  [/^(.+) answers \((\d+) releases on the first page\)\.$/, "phrase.answers_feed"],
  [/^(TMDB|OMDb|OpenSubtitles) accepts the key\.$/, "phrase.key_good"],
  [/^There is no key yet\.$/, "phrase.tmdb_none"],
  [/^Get a free one at themoviedb\.org: Settings, API\.$/, "phrase.tmdb_get"],
  [/^(.+) knows this key: (.+), not subscribed\.$/, "phrase.debrid_free"],
  [/^(.+) knows this key: (.+), paid until (.+)\.$/, "phrase.debrid_until"],
  [/^(.+) knows this key: (.+)\.$/, "phrase.debrid_known"],
  [/^Subscribe at (.+) first\.$/, "phrase.debrid_subscribe"],
  [/^Copy your API token from (.+) and enter it again\.$/, "phrase.debrid_copy"],
  [/^Make an API key at (.+) and enter it again\.$/, "phrase.debrid_make"],
  [/^does not look like a key: 8 to 256 letters, digits and signs$/, "phrase.debrid_shape"],
  [/^There is no key of (.+) yet\.?$/, "phrase.debrid_none"],
  [/^(.+) has locked the account\.?$/, "phrase.debrid_locked"],
  [/^(.+) finds the account invalid\.?$/, "phrase.debrid_invalid"],
  [/^(.+) has banned the account\.?$/, "phrase.debrid_banned"],
  [/^(.+) does not permit this to the account\.?$/, "phrase.debrid_forbidden"],
  [/^(.+) (?:blocks the key for|does not allow) this Internet address\.?$/, "phrase.debrid_blocked"],
  [/^Confirm the new address in the mail they sent you, or sign in at (.+)\.$/, "phrase.debrid_confirm"],
  [/^Sign in at (.+) and see what it says about your account\.$/, "phrase.debrid_sign_in"],
  [/^(.+) does not serve addresses of servers and VPNs\.?$/, "phrase.debrid_server"],
  [/^Ask from your own line, or ask their support to allow your address\.$/, "phrase.debrid_own_line"],
  [/^(.+) was asked as often as it allows; it may be asked again in (\d+) s\.?$/, "phrase.debrid_pace"],
  [/^Wait a while; other programs that use the same key count too\.$/, "phrase.debrid_others"],
  [/^(.+) is in maintenance\.?$/, "phrase.debrid_maintenance"],
  [/^Try again later; the service itself is in trouble\.$/, "phrase.debrid_trouble"],
  [/^All three can be used, (\d+) GB free\.$/, "phrase.folders_good"],
  [/^They lie on different disks, so what is shared and kept is stored twice\.$/, "phrase.folders_apart"],
  [/^Sokoul may not write into (.+)\.$/, "phrase.folder_locked"],
  [/^(.+) is a file\.$/, "phrase.folder_file"],
];

const SIZE = /^([\d.]+) ([kMGT]?)B$/;

const REASONS = { "the name is not known": "reason.name", "its certificate is not accepted": "reason.certificate", "nobody answers at that address": "reason.nobody", "it hung up": "reason.hung_up", "the answer was cut off": "reason.cut", "the address is not a web address": "reason.no_address", "the connection failed": "reason.broken" };
const FORMATS = { matroska: "MKV", mov: "MP4", mp4: "MP4", avi: "AVI", h264: "H.264", hevc: "HEVC", av1: "AV1", vp9: "VP9", ac3: "AC-3", eac3: "E-AC-3", dts: "DTS", truehd: "TrueHD", aac: "AAC" };

function worded(part) {
  if (Object.hasOwn(FORMATS, part)) return FORMATS[part];
  if (Object.hasOwn(REASONS, part)) return t(REASONS[part]);
  const size = SIZE.exec(part);
  if (size) return `${new Intl.NumberFormat(language).format(Number(size[1]))}\u00a0${size[2]}${language === "fr" ? "o" : "B"}`;
  return part;
}

/** What the daemon says, in the page's language: as a whole, or sentence by sentence. */
export function say(text) {
  const whole = sentence(text);
  if (whole !== text) return whole;
  const parts = text.split(/(?<=[a-z)]\.) (?=[A-Z])/);
  return parts.length > 1 ? parts.map(sentence).join(" ") : text;
}

function sentence(text) {
  for (const [pattern, key] of PHRASES) {
    const found = pattern.exec(text);
    if (!found) continue;
    return t(key, { a: worded(found[1] ?? ""), b: worded(found[2] ?? ""), c: found[3] ?? "" });
  }
  return text;
}
