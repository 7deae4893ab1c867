// The ladder: qualities from the best to the worst, taken or not, some of them equal, one of them the target.

import { $$, h, icon, replace } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { movers, section, tool } from "./profile-fields.js";

/** The ladder of a profile; without one, a button that makes it from the minimum. */
export function ladder({ draft, vocabulary, changed }) {
  const place = h("div", { class: "rows", dataset: { field: "steps", testid: "ladder" } });
  const again = (focus) => {
    draw(place, { draft, vocabulary, again, focus });
    changed();
  };
  draw(place, { draft, vocabulary, again });
  return section("ladder", place);
}

function draw(place, given) {
  const { draft, vocabulary, again, focus } = given;
  if (!draft.steps.length) {
    const begin = () => {
      Object.assign(draft, fromMinimum(draft, vocabulary));
      again();
    };
    return replace(place, h("button", { class: "button", type: "button", dataset: { testid: "ladder-begin" }, on: { click: begin } }, icon("list-ordered"), t("profiles.ladder_begin")));
  }
  // Kept from the worst to the best, shown the other way round.
  const shown = [...draft.steps].reverse();
  const moved = (now) => {
    draft.steps = [...shown].reverse();
    again(now);
  };
  const end = () => {
    Object.assign(draft, { steps: [], until: "" });
    again();
  };
  replace(
    place,
    h("ol", { class: "ordered" }, shown.map((step, number) => stepRow({ ...given, shown, step, number, moved }))),
    h("div", { class: "row-add" }, h("button", { class: "button button-quiet", type: "button", on: { click: end } }, t("profiles.ladder_end"))),
  );
  if (focus !== undefined) $$("li", place)[focus]?.querySelector("button:not(:disabled)")?.focus();
  return undefined;
}

function stepRow({ draft, shown, step, number, moved, again }) {
  const taken = h("input", { type: "checkbox", checked: step.allowed, "aria-label": t("profiles.step_taken", { name: step.name }) });
  taken.addEventListener("change", () => {
    step.allowed = taken.checked;
    if (!step.allowed && draft.until === step.name) draft.until = draft.steps.findLast((each) => each.allowed)?.name ?? "";
    if (step.allowed && !draft.until) draft.until = step.name;
    again(number);
  });
  const target = h("input", { type: "radio", name: "ladder-until", checked: draft.until === step.name, disabled: !step.allowed, "aria-label": t("profiles.step_target", { name: step.name }) });
  target.addEventListener("change", () => {
    draft.until = step.name;
    again(number);
  });
  const several = step.qualities.length > 1;
  return h(
    "li",
    { class: ["ordered-row", !step.allowed && "is-off"], dataset: { testid: "step", field: `steps.${draft.steps.indexOf(step)}` } },
    h("label", { class: "check" }, taken),
    h("span", { class: "grow" }, h("strong", {}, step.name), several && h("span", { class: "quiet small step-qualities" }, step.qualities.join(", "))),
    h("label", { class: ["check", "target"], title: t("profiles.step_target", { name: step.name }) }, target, h("span", { class: "small" }, t("profiles.target"))),
    several ? tool("unlink", t("profiles.split", { name: step.name }), () => split(draft, step, again, number)) : tool("link", t("profiles.join", { name: step.name }), () => join(draft, shown, number, again), { disabled: number === shown.length - 1 }),
    movers(shown, number, step.name, moved),
  );
}

/** This step and the one below it count as equal from now on. */
function join(draft, shown, number, again) {
  const [upper, lower] = [shown[number], shown[number + 1]];
  const joined = { name: `${upper.name} | ${lower.name}`.slice(0, 100), qualities: [...lower.qualities, ...upper.qualities], allowed: upper.allowed || lower.allowed };
  if ([upper.name, lower.name].includes(draft.until)) draft.until = joined.name;
  draft.steps = draft.steps.filter((each) => each !== lower).map((each) => (each === upper ? joined : each));
  again(number);
}

/** Each quality of the step stands for itself from now on. */
function split(draft, step, again, number) {
  const alone = step.qualities.map((quality) => ({ name: quality, qualities: [quality], allowed: step.allowed }));
  if (draft.until === step.name) draft.until = alone.at(-1).name;
  draft.steps = draft.steps.flatMap((each) => (each === step ? alone : [each]));
  again(number);
}

/** Every quality in its usual order, web ones joined; taken is what the minimum lets through. */
function fromMinimum(draft, vocabulary) {
  const least = parseInt(draft.minimum ?? "0", 10);
  const steps = [];
  for (const quality of vocabulary.qualities) {
    const web = /^WEB(?:DL|Rip)-(.*)$/.exec(quality.name);
    const name = web ? `WEB ${web[1]}` : quality.name;
    const before = steps.find((each) => each.name === name);
    if (before) before.qualities.push(quality.name);
    else steps.push({ name, qualities: [quality.name], allowed: quality.lines >= Math.max(least, 480) && !/^(?:DVD-R|DVDSCR|REGIONAL|BR-DISK|Raw-HD)$/.test(name) });
  }
  const wish = parseInt(draft.cutoff ?? "1080", 10);
  const height = new Map(vocabulary.qualities.map((quality) => [quality.name, quality.lines]));
  const target = steps.findLast((step) => step.allowed && height.get(step.qualities[0]) <= wish) ?? steps.findLast((step) => step.allowed);
  return { steps, until: target.name, minimum: null, cutoff: draft.cutoff };
}
