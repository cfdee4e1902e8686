// A recording: sound that is fetched by ranges, words that take you to where they were said, marks on the call's course.
// Knows the page's data (words, hits, masks, gaps); the sound is the browser's.

import { el, page, severity, span, t } from "./page.js";
import { key } from "./shell.js";
import { copyable } from "./copying.js";
import { gapText, isMask, joint, lawText, maskMark } from "./marks.js";

const audio = document.getElementById("audio"), words = document.getElementById("words"), track = document.getElementById("track");
const hits = document.getElementById("hits"), data = page.recording, spoken = [];
const counted = data.hits.filter((hit) => !hit.overturned);  // those of which an appeal was upheld are only listed
const go = (at, play = true) => { if (!audio) return; audio.currentTime = Math.max(0, at - data.first); if (play) audio.play().catch(() => {}); };

// --- words ---
function weightAt(said, start, end) {
  return Math.max(0, ...counted.filter((hit) => hit.role === said.role && hit.n === said.n && start < hit.end && end > hit.start).map((hit) => hit.weight));
}

// Words are text, to be read, marked and copied; they are clicked on, and a line's time is its button. Of those one is in
// the order of Tab, and the arrows go on from it: an hour has a thousand lines.
function word(said, text, start, end) {
  if (isMask(text)) return maskMark();
  const weight = weightAt(said, start, end);
  const place = el("span", { class: "word", data: { at: start } }, weight ? el("mark", { class: `w${weight}` }, text) : text);
  spoken.push({ place, start, end });
  return place;
}

function line(said) {
  const place = el("span", { class: "text words" }), weight = weightAt(said, said.start, said.end + 0.01);
  if (said.words.length) {
    let before = "";
    for (const [text, start, end] of said.words) { place.append(joint(before, text), word(said, text, start, end)); before = text; }
  } else place.append(word(said, said.text, said.start, said.end));
  return el("li", { class: "said-line", data: { start: said.start, ...(weight ? { weight } : {}) } },
    el("button", { type: "button", class: "at", tabindex: -1, "aria-label": t("player.from", { at: span(said.start) }), data: { at: said.start } }, span(said.start)),
    el("span", { class: `speaker ${said.role}` }, t(`role.${said.role}`)), place);
}

function mask(one) {
  return el("li", { class: "said-line note", data: { start: one.start } }, el("span", { class: "at" }, span(one.start)), el("span"),
    el("span", { class: "text" }, one.reason ? gapText(one) : t("player.masked", { start: span(one.start), end: span(one.end) })));
}

const lines = [...data.words.map((said) => [said.start, line(said)]), ...data.masks.map((one) => [one.start, mask(one)]), ...data.gaps.map((one) => [one.start, mask(one)])];
words.append(...lines.sort((a, b) => a[0] - b[0]).map(([, node]) => node));
copyable(words);
const starts = [...words.querySelectorAll("button.at")];
if (starts.length) starts[0].tabIndex = 0;
words.addEventListener("click", (event) => {
  const at = event.target.closest("[data-at]")?.dataset.at;
  if (at !== undefined && getSelection().isCollapsed) go(Number(at));
});
words.addEventListener("focusin", (event) => {
  if (!event.target.matches("button.at")) return;
  for (const one of starts) one.tabIndex = one === event.target ? 0 : -1;
});
words.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key], at = starts.indexOf(event.target);
  if (!by || at < 0) return;
  starts[at + by]?.focus();
  event.preventDefault();
});

// --- violations ---
hits.append(...data.hits.map((hit) => el("li", {}, el("div", { class: "line" }, severity(hit.weight), el("b", { class: "grow" }, hit.title),
  el("button", { type: "button", class: "jump", "aria-label": t("player.jump", { text: hit.title, at: span(hit.start) }), on: { click: () => go(hit.start) } }, span(hit.start))),
el("span", { class: "sub" }, hit.missed ? t("call.missed") : t(`role.${hit.role}`)), el("span", { class: "sub" }, t("call.rule", hit)),
hit.overturned ? el("span", { class: "tag on" }, t("appeals.overturned")) : null,
...hit.laws.map((law) => el("span", { class: "sub" }, lawText(law))))));

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
for (const hit of counted) stroke(`hit w${hit.weight}`, hit.start);
const needle = stroke("now", data.first);
track.addEventListener("click", (event) => {
  const box = track.getBoundingClientRect();
  go(data.first + ((event.clientX - box.left) / box.width) * data.seconds, !audio?.paused);
});

let lit = null;
const box = words.parentElement, inSight = (node) => {
  const own = node.getBoundingClientRect(), around = box.getBoundingClientRect();
  return own.top >= around.top && own.bottom <= around.bottom;
};
audio?.addEventListener("timeupdate", () => {
  const at = audio.currentTime + data.first;
  needle.style.left = share(at);
  let n = spoken.length - 1;
  while (n >= 0 && !(spoken[n].start <= at && at < spoken[n].end + 0.05)) n -= 1;
  const current = spoken[n]?.place ?? null;
  if (current === lit) return;
  const followed = !lit || inSight(lit);  // whoever has scrolled elsewhere is reading there
  lit?.classList.remove("now");
  current?.classList.add("now");
  if (current && followed && !inSight(current)) box.scrollTop += current.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  lit = current ?? lit;
});

// --- a link to a moment of it ---
const wanted = new URLSearchParams(location.search).get("at"), at = Number(wanted);
if (wanted && Number.isFinite(at)) {
  go(at, false);
  needle.style.left = share(at);
  const place = spoken.find((one) => one.end >= at)?.place;
  place?.scrollIntoView({ block: "center" });
  place?.closest("li").querySelector("button.at")?.focus({ preventScroll: true });
}

// --- keys ---
key(" ", (event) => (audio && !event.target.closest("button, summary, a, label") ? (audio.paused ? audio.play() : audio.pause(), true) : false));
key("ArrowLeft", () => go(audio.currentTime + data.first - 5, false));
key("ArrowRight", () => go(audio.currentTime + data.first + 5, false));
key("n", () => { const next = counted.map((hit) => hit.start).sort((a, b) => a - b).find((at) => at > audio.currentTime + data.first + 0.3); if (next !== undefined) go(next); });
