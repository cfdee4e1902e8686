// Words of an utterance with those marked that a rule found, and what was masked; what was not heard, and a rule's law, in
// a reader's words. Latin words are joined by blanks, Chinese ones are not.

import { el, has, t } from "./page.js";

const cjk = /[\u3000-\u9fff\uff00-\uffef]/;
export const joint = (before, after) => (before && !(cjk.test(before.at(-1)) && cjk.test(after[0])) ? " " : "");

const MASK = "[masked]";  // as the service writes it in the place of words
export const isMask = (word) => word === MASK;
export const maskMark = () => el("span", { class: "masked" }, t("call.masked"));
// -> strings and elements
export function shown(text) {
  return text.split(MASK).flatMap((piece, n) => (n ? [maskMark(), piece] : [piece])).filter(Boolean);
}

// -> strings, <mark>s and what stands for a mask
export function marked(said, hits) {
  if (!said.words?.length || !hits.length) return shown(said.text);
  const nodes = [];
  let before = "", open = null;
  for (const [text, start, end] of said.words) {
    const weight = Math.max(0, ...hits.filter((hit) => start < hit.end && end > hit.start).map((hit) => hit.weight));
    const gap = joint(before, text);
    if (open && open.weight === weight) open.text += gap + text;
    else {
      if (open) nodes.push(open, { text: gap, weight: 0 });
      open = { text, weight };
    }
    before = text;
  }
  if (open) nodes.push(open);
  return nodes.filter((one) => one.text).flatMap((one) => (one.weight ? [el("mark", { class: `w${one.weight}` }, ...shown(one.text))] : shown(one.text)));
}

export function gapText({ role, start, end, reason }) {
  if (reason === "masked") return t("call.masked");
  const why = has(`call.why-${reason}`) ? t(`call.why-${reason}`) : reason, seconds = (end - start).toFixed(1);
  return role ? t("call.gap", { role: t(`role.${role}`), seconds, reason: why }) : t("call.gap-both", { seconds, reason: why });
}

export const lawText = ([source, sure]) => (sure && sure !== "P" ? t("call.law-unread", { source }) : source);
