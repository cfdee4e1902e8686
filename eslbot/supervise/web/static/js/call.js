// One call: both sides' words as they are said, the checklist with its clocks, violations, levels, history, and the acts.
// The agent's own page shows the same pieces of its own call. Knows element ids; draws by text only.

import * as live from "./live.js";
import { el, has, icon, lately, now, page, setText, severity, span, stamp, t, timeOfDay } from "./page.js";
import { setTitle, tick } from "./shell.js";
import { flags } from "./flags.js";
import { copyable } from "./copying.js";
import { gapText, lawText, marked } from "./marks.js";
import { levels } from "./levels.js";
import { offer } from "./acts.js";

const at = (id) => document.getElementById(id);
const talk = at("talk"), finals = at("finals"), partials = at("partials"), latest = at("latest");
let id = page.focus, drawing = false, everything = true, stick = true;
const words = new Set();
const drawn = new Map();  // key -> element

const mine = () => (page.mine ? [...live.opened.keys()].filter((one) => live.calls.has(one)).at(-1) ?? null : id);
const call = () => (id ? live.opened.get(id) : null);

// --- words ---
function hitsOf(said) {
  return [...call().hits.values()].filter((hit) => hit.role === said.role && hit.n === said.n);
}

function line(said) {
  const hits = hitsOf(said), weight = Math.max(0, ...hits.map((hit) => hit.weight));
  return el("li", { class: said.final ? "said-line" : "said-line temp", id: `w-${said.role}-${said.n}`, tabindex: hits.length ? -1 : null,
    data: { start: said.start, ...(weight ? { weight } : {}) } },
  el("span", { class: "at" }, span(said.start)), el("span", { class: `speaker ${said.role}` }, t(`role.${said.role}`)),
  el("span", { class: "text" }, ...marked(said, hits), ...hits.map((hit) => el("span", { class: "sr" }, ` (${t(`severity.${hit.weight}`)}: ${hit.title})`))));
}

function note(gap) {
  return el("li", { class: "said-line note", data: { start: gap.start } }, el("span", { class: "at" }, span(gap.start)), el("span"), el("span", { class: "text" }, gapText(gap)));
}

function insert(list, node) {  // by the time at which it began
  const start = Number(node.dataset.start);
  let before = list.lastElementChild;
  while (before && Number(before.dataset.start) > start) before = before.previousElementSibling;
  if (before) before.after(node); else list.prepend(node);
}

function putWords(key) {  // a log tells a screen reader of each node that is new in it: what is the same stays the same node
  const said = call().words.get(key), old = drawn.get(key);
  const made = said && JSON.stringify([said, hitsOf(said)]);
  if (old && old.made === made) return;
  old?.node.remove();
  drawn.delete(key);
  if (!said) return;
  const node = line(said);
  drawn.set(key, { node, made });
  insert(said.final ? finals : partials, node);
}

function putGap(gap) {
  const key = `gap/${gap.role}/${gap.start}`, old = drawn.get(key), made = JSON.stringify(gap);
  if (old?.made === made) return;
  old?.node.remove();
  const node = note(gap);
  drawn.set(key, { node, made });
  insert(finals, node);
}

let shown = null;  // whose words stand there
function allWords() {
  const open = call();
  if (!open || shown !== id) { finals.replaceChildren(); partials.replaceChildren(); drawn.clear(); }
  shown = id;
  if (!open) return;
  for (const [key, { node }] of drawn) if (!key.startsWith("gap/") && !open.words.has(key)) { node.remove(); drawn.delete(key); }
  for (const key of open.words.keys()) putWords(key);
  for (const gap of open.gaps) putGap(gap);
}

let above = 0;
talk?.addEventListener("scroll", () => {  // up, somebody reads there; a list that grew under its end has only more below
  if (talk.scrollHeight - talk.scrollTop - talk.clientHeight < 40) stick = true; else if (talk.scrollTop < above) stick = false;
  above = talk.scrollTop;
  latest.hidden = stick;
});
latest?.addEventListener("click", () => { stick = true; down(); });
function down() { if (stick) talk.scrollTop = talk.scrollHeight; latest.hidden = stick; }

if (talk) { copyable(talk); new ResizeObserver(down).observe(talk); }

export function goTo(role, n) {
  const node = at(`w-${role}-${n}`);
  if (!node) return;
  stick = false;
  node.scrollIntoView({ block: "center" });
  node.tabIndex = -1;
  node.focus();
}

// --- beside them ---
function violation(hit) {
  const said = hit.missed ? t("call.missed") : hit.sound ? t("call.sound") : t(`role.${hit.role}`);
  return el("li", {}, el("div", { class: "line" }, severity(hit.weight), el("b", { class: "grow" }, hit.title),
    hit.n !== null && !hit.missed ? el("button", { type: "button", class: "jump", "aria-label": t("call.jump", { at: span(hit.start) }),
      on: { click: () => goTo(hit.role, hit.n) } }, span(hit.start)) : null),
  el("span", { class: "sub" }, said, hit.sure ? "" : ` · ${t("call.unsure")}`, hit.outranked ? ` · ${t("call.outranked", { rule: hit.outranked })}` : ""),
  el("span", { class: "sub" }, t("call.rule", hit)),
  ...hit.laws.map((law) => el("span", { class: "sub" }, lawText(law))));
}

function item(one) {
  const state = el("span", { class: `sev state-${one.state}` }, icon(one.state === "void" ? "sev-0" : one.state), t(`state.${one.state}`));
  const due = one.due ? el("span", { class: "clock state-pending", data: { until: one.due } }, t("wall.due", { left: span(one.due - now()) })) : one.said ? el("span", { class: "muted clock" }, span(one.said[0])) : null;
  return el("li", {}, el("div", { class: "line" }, state, el("span", { class: "grow" }, one.title), due));
}

const name = (who) => who.replace(/^account:/, "");
function act(one) {
  const outcome = one.outcome && has(`act.outcome-${one.outcome}`) ? t(`act.outcome-${one.outcome}`) : one.outcome;
  const cause = one.by ? t("act.by", { who: name(one.by) }) : one.title || (one.rule ? t("act.by-rule") : "");
  const kind = has(`act.${one.kind}`) ? t(`act.${one.kind}`) : one.kind;
  return el("li", {}, el("div", { class: "line" }, el("b", { class: "grow" }, kind, one.seconds ? ` · ${t("act.for-seconds", { seconds: one.seconds })}` : ""), el("span", { class: "sub" }, stamp(one.at, lately))),
    el("span", { class: "sub" }, [cause, outcome, one.detail].filter(Boolean).join(" · ")), one.text ? el("span", { class: "sub" }, one.text) : null);
}

const standing = new Map();  // list's id -> {what its node shows, as JSON: the node}
function fill(where, rows, make, otherwise, shows = (row) => row) {  // as putWords: these lists are told of as they grow
  const list = at(where), before = standing.get(where) ?? new Map(), after = new Map(rows.map((row) => [JSON.stringify(shows(row)), row]));
  if (!list) return;
  const focused = list.contains(document.activeElement) ? [...list.querySelectorAll("button")].indexOf(document.activeElement) : -1;
  for (const [made, node] of before) if (!after.has(made)) node.remove();
  let next = list.firstElementChild;
  for (const [made, row] of after) {
    const node = before.get(made) ?? make(row);
    after.set(made, node);
    if (node === next) next = next.nextElementSibling; else list.insertBefore(node, next);
  }
  standing.set(where, after);
  if (focused >= 0 && !list.contains(document.activeElement)) list.querySelectorAll("button")[focused]?.focus();
  at(`${where}-empty`).hidden = rows.length > 0;
  setText(at(`${where}-empty`), otherwise);
}

function heading() {
  const row = live.calls.get(id);
  at("gone").hidden = Boolean(row);
  at("gone-text").textContent = t(call() || page.mine ? (page.mine ? "mine.none" : "call.gone") : "call.not-there");
  at("body").hidden = page.mine ? !row : !call();
  at("no-call").hidden = !at("body").hidden;  // a page has one heading: the call's own, where there is one
  if (!row) { over(); return; }
  const who = row.names.agent || t("wall.nobody");
  setText(at("who"), who);
  if (!page.mine) setTitle(`${who} · ${t("call.title")}`);
  setText(at("customer"), row.names.customer || t("role.unknown"));
  setText(at("team"), row.names.team || "–");
  const time = at("time");
  if (row.since) time.dataset.since = row.since; else { delete time.dataset.since; setText(time, t(`phase.${row.phase}`)); }
  at("worst").replaceChildren(severity(row.worst));
  at("flags").replaceChildren(...flags(row));
  offer(row);
}

function over() {  // the words stay to be read; no clock goes on, and nothing can be done
  delete at("time").dataset.since;
  at("flags").replaceChildren(el("span", { class: "tag on" }, t("phase.ended")));
  partials.replaceChildren();
  offer(null);
}

function reminders(open) {
  const place = at("reminder");
  if (!place) return;
  const last = [...open.acts.values()].filter((one) => one.kind === "remind" && one.outcome === "done").at(-1);
  place.hidden = !last;
  if (last) { setText(place.querySelector("p"), last.text || last.title); setText(place.querySelector("span"), timeOfDay(last.at)); }
}

function draw() {
  drawing = false;
  const now_ = mine();
  if (now_ !== id) { id = now_; everything = true; }
  heading();
  const open = call();
  if (!open) return;
  if (everything) allWords(); else { for (const key of words) putWords(key); for (const gap of open.gaps) putGap(gap); }
  everything = false;
  words.clear();
  at("talk-empty").hidden = open.words.size > 0;
  const hits = [...open.hits.values()].sort((a, b) => b.weight - a.weight || b.at - a.at);
  fill("hits", hits, violation, t("call.no-violations"), ({ hit, n, weight, title, start, sure, outranked }) => [hit, n, weight, title, span(start), sure, outranked]);
  const rank = { pending: 0, missing: 1, unknown: 2, said: 3 };
  const items = [...open.items.values()].filter((one) => one.state !== "void");
  fill("items", items.sort((a, b) => rank[a.state] - rank[b.state] || (a.due ?? 0) - (b.due ?? 0)), item, t("call.nothing-due"));
  fill("acts-done", [...open.acts.values()].reverse(), act, t("call.no-history"));
  reminders(open);
  down();
}

live.onChange(({ messages, fresh }) => {
  if (fresh) everything = true;
  const target = mine();
  let redraw = fresh;
  for (const message of messages) {
    if (message.call !== target && message.call !== id) continue;
    if (message.k === "level") { levels(message); continue; }
    if (message.k === "words") { words.add(`${message.role}/${message.n}`); continue; }
    if (message.k === "hit") { if (message.n !== null) words.add(`${message.role}/${message.n}`); }  // of an hour's lines one
    else if (message.k === "whole" || message.k === "unhit") everything = true;
    redraw = true;
  }
  if (redraw && !drawing) { drawing = true; requestAnimationFrame(draw); }
  else if (words.size && !drawing && !speaking) { speaking = true; requestAnimationFrame(speak); }
});

let speaking = false;
function speak() {  // words come often: nothing else is drawn for them
  speaking = false;
  if (drawing || everything || !call() || mine() !== id) { if (!drawing) { drawing = true; requestAnimationFrame(draw); } return; }
  for (const key of words) putWords(key);
  words.clear();
  at("talk-empty").hidden = call().words.size > 0;
  down();
}
tick();
