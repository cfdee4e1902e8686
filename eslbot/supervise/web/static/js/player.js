// A recording: sound that is fetched by ranges, words that take you to where they were said, marks on the call's course.
// Knows the page's data (words, hits, masks, gaps); the sound is the browser's.

import { el, page, severity, span, t } from "./page.js";
import { key } from "./shell.js";
import { isMask, joint, maskMark } from "./marks.js";

const audio = document.getElementById("audio"), words = document.getElementById("words"), track = document.getElementById("track");
const hits = document.getElementById("hits"), data = page.recording, buttons = [];
const go = (at, play = true) => { if (!audio) return; audio.currentTime = Math.max(0, at - data.first); if (play) audio.play().catch(() => {}); };

// --- words ---
function weightAt(said, start, end) {
  return Math.max(0, ...data.hits.filter((hit) => hit.role === said.role && hit.n === said.n && start < hit.end && end > hit.start).map((hit) => hit.weight));
}

function word(said, text, start, end) {
  if (isMask(text)) return maskMark();
  const weight = weightAt(said, start, end);
  const button = el("button", { type: "button", "aria-label": t("player.jump", { text, at: span(start) }), on: { click: () => go(start) } },
    weight ? el("mark", { class: `w${weight}` }, text) : text);
  buttons.push({ button, start, end });
  return button;
}

function line(said) {
  const place = el("span", { class: "text words" }), weight = weightAt(said, said.start, said.end + 0.01);
  if (said.words.length) {
    let before = "";
    for (const [text, start, end] of said.words) { place.append(joint(before, text), word(said, text, start, end)); before = text; }
  } else place.append(word(said, said.text, said.start, said.end));
  return el("li", { class: "said-line", data: { start: said.start, ...(weight ? { weight } : {}) } }, el("span", { class: "at" }, span(said.start)),
    el("span", { class: `speaker ${said.role}` }, t(`role.${said.role}`)), place);
}

function mask(one) {
  return el("li", { class: "said-line note", data: { start: one.start } }, el("span", { class: "at" }, span(one.start)), el("span"),
    el("span", { class: "text" }, one.reason ? t(one.role ? "call.gap" : "call.gap-both", { role: one.role ? t(`role.${one.role}`) : "", seconds: (one.end - one.start).toFixed(1), reason: one.reason })
      : t("player.masked", { start: span(one.start), end: span(one.end) })));
}

const lines = [...data.words.map((said) => [said.start, line(said)]), ...data.masks.map((one) => [one.start, mask(one)]), ...data.gaps.map((one) => [one.start, mask(one)])];
words.append(...lines.sort((a, b) => a[0] - b[0]).map(([, node]) => node));

// --- violations ---
hits.append(...data.hits.map((hit) => el("li", {}, el("div", { class: "line" }, severity(hit.weight), el("b", { class: "grow" }, hit.title),
  el("button", { type: "button", class: "jump", "aria-label": t("player.jump", { text: hit.title, at: span(hit.start) }), on: { click: () => go(hit.start) } }, span(hit.start))),
el("span", { class: "sub" }, hit.missed ? t("call.missed") : t(`role.${hit.role}`)), el("span", { class: "sub" }, t("call.rule", hit)),
...hit.laws.map(([source, sure]) => el("span", { class: "sub" }, t("call.law", { source, sure }))))));

// --- the course of the call ---
const share = (at) => `${(100 * (at - data.first)) / Math.max(data.seconds, 0.1)}%`;
function stroke(name, start, end = start) {
  const mark = el("span", { class: name });
  mark.style.left = share(start);
  if (end > start) mark.style.width = `${(100 * (end - start)) / Math.max(data.seconds, 0.1)}%`;
  track.append(mark);
  return mark;
}
for (const said of data.words) stroke(said.role === "customer" ? "customer" : "agent", said.start, said.end);
for (const one of data.masks) stroke("masked", one.start, one.end);
for (const hit of data.hits) stroke(`hit w${hit.weight}`, hit.start);
const needle = stroke("now", data.first);
track.addEventListener("click", (event) => {
  const box = track.getBoundingClientRect();
  go(data.first + ((event.clientX - box.left) / box.width) * data.seconds, !audio?.paused);
});

let lit = null;
audio?.addEventListener("timeupdate", () => {
  const at = audio.currentTime + data.first;
  needle.style.left = share(at);
  const current = buttons.findLast?.((one) => one.start <= at && at < one.end + 0.05)?.button ?? null;
  if (current === lit) return;
  lit?.classList.remove("now");
  current?.classList.add("now");
  lit = current;
});

// --- keys ---
key(" ", () => (audio ? (audio.paused ? audio.play() : audio.pause(), true) : false));
key("ArrowLeft", () => go(audio.currentTime + data.first - 5, false));
key("ArrowRight", () => go(audio.currentTime + data.first + 5, false));
key("n", () => { const next = data.hits.map((hit) => hit.start).sort((a, b) => a - b).find((at) => at > audio.currentTime + data.first + 0.3); if (next !== undefined) go(next); });
