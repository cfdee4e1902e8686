// The wall of calls, worst first. A row is made once and changed in place; rows move only where their order changed, and
// not while the pointer is over the list.

import * as live from "./live.js";
import { el, icon, keep, kept, now, page, setText, severity, span, t } from "./page.js";
import { flags } from "./flags.js";
import { shown } from "./marks.js";
import { key, tick } from "./shell.js";

const list = document.getElementById("calls"), empty = document.getElementById("empty"), count = document.getElementById("count");
const filter = document.getElementById("filter"), least = document.getElementById("least"), held = document.getElementById("held");
const rows = new Map();   // id -> {item, parts, shown}
const rowsToDraw = new Set(), wordsToDraw = new Set();
let drawing = false, over = false;

const order = (a, b) => b.worst - a.worst || (b.last_at ?? 0) - (a.last_at ?? 0) || (a.since ?? a.opened) - (b.since ?? b.opened);

function fits(row) {
  if (row.worst < Number(least.value)) return false;
  const wanted = filter.value.trim().toLowerCase();
  if (!wanted) return true;
  const said = Object.values(live.lines.get(row.call) ?? {}).map((one) => one.text).join(" ");
  return `${row.names.agent} ${row.names.customer} ${row.names.team} ${row.names.account} ${row.call} ${row.last} ${said}`
    .toLowerCase().includes(wanted);
}

function make(row) {
  const part = (name) => el("span", { class: name, id: `${name}-${row.call}` });
  const parts = { sevs: part("sevs"), who: part("who"), time: el("span", { class: "time clock" }), ticks: part("tickbox"),
    agent: el("span"), customer: el("span"), flags: part("flags") }, said = part("said");
  said.append(parts.agent, parts.customer);
  const besides = [parts.ticks, parts.flags, said].map((one) => one.id).join(" ");  // read aloud after the link's name
  const link = el("a", { class: "call", href: `/calls/${row.call}`, "aria-describedby": besides }, parts.sevs, parts.who, parts.time, parts.ticks,
    said, parts.flags);
  const item = el("li", { data: { call: row.call } }, link);
  sight.observe(item);
  return { item, link, parts, shown: {}, seen: false };
}

// Words come by the hundred a second: they are put in where somebody can read them, and elsewhere when it comes into view.
const sight = new IntersectionObserver((found) => {
  for (const one of found) {
    const entry = rows.get(one.target.dataset.call);
    if (!entry || entry.item !== one.target) continue;
    entry.seen = one.isIntersecting;
    one.target.toggleAttribute("data-off", !entry.seen);
    if (!entry.seen) continue;
    words(entry, one.target.dataset.call);
    clock(entry);
  }
}, { rootMargin: "400px" });

function changed(entry, name, value) {
  const made = JSON.stringify(value);
  if (entry.shown[name] === made) return false;
  entry.shown[name] = made;
  return true;
}

function tickOf(name, number) {
  return number ? el("span", { class: `tag state-${name}` }, icon(name), String(number)) : "";
}

function clock(entry) {  // at once; from then on with every other one on the page
  const { since } = entry.parts.time.dataset;
  if (since) setText(entry.parts.time, span(now() - Number(since)));
}

function draw(entry, row) {
  const { parts, link } = entry, who = row.names.agent || t("wall.nobody");
  if (changed(entry, "sev", [row.worst, row.last, row.counts])) {
    link.dataset.worst = row.worst;
    parts.sevs.replaceChildren(severity(row.worst), el("span", { class: "why muted", title: row.last || null }, row.last));
  }
  if (changed(entry, "who", row.names)) {
    const besides = [row.names.team, row.names.customer].filter(Boolean).join(" · ");
    parts.who.replaceChildren(el("b", { title: who }, who), el("span", { class: "muted", title: besides || null }, besides));
  }
  if (changed(entry, "time", [row.since, row.phase])) {
    if (row.since) { parts.time.dataset.since = row.since; clock(entry); }
    else { delete parts.time.dataset.since; parts.time.textContent = t(`phase.${row.phase}`); }
  }
  if (changed(entry, "ticks", [row.said, row.due])) {
    const [said, pending, missing, unknown] = row.said;
    const marks = el("span", { class: "ticks", role: "img", "aria-label": t("wall.checks", { said, pending, missing, unknown }) },
      tickOf("said", said), tickOf("pending", pending), tickOf("missing", missing), tickOf("unknown", unknown));
    parts.ticks.replaceChildren(said + pending + missing + unknown ? marks : "",
      row.due ? el("span", { class: "tag state-pending", data: { until: row.due } }, t("wall.due", { left: span(row.due - now()) })) : "");
  }
  if (changed(entry, "flags", [row.phase, row.since, row.muted_until, row.shadow, row.closing, row.roles_known, row.recording, row.supervisors, row.consulting, row.masked_until])) {
    parts.flags.replaceChildren(...flags(row));
  }
  if (changed(entry, "name", [who, row.worst, row.last])) {
    const severity_ = row.last ? t("alerts.of", { kind: t(`severity.${row.worst}`), what: row.last }) : t(`severity.${row.worst}`);
    link.setAttribute("aria-label", t("wall.open", { agent: who, severity: severity_ }));
  }
}

let room = 600;  // px for what was said: the newest words are at its end
addEventListener("resize", again);
function tail(text) {
  const most = Math.max(12, Math.floor((room - 70) / (/[\u3000-\u9fff]/.test(text) ? 13.4 : 7.2)));
  return text.length > most ? `…${text.slice(-most)}` : text;
}

function words(entry, id) {
  const said = live.lines.get(id) ?? {};
  for (const role of ["agent", "customer"]) {
    const one = role === "agent" && said.supervisor && (!said.agent || said.supervisor.start > said.agent.start) ? said.supervisor : said[role];
    const place = entry.parts[role], text = one?.text ?? "";
    if (!changed(entry, `said-${role}`, [tail(text), one?.final, one?.role])) continue;
    place.className = one && !one.final ? "temp" : "";
    place.replaceChildren(text ? el("span", { class: `speaker ${one.role}` }, t(`role.${one.role}`)) : "", el("span", { class: "what-said" }, ...shown(tail(text))));
  }
}

function place() {
  const all = [...live.calls.values()].filter((row) => row.phase !== "ended" || row.worst), shown = all.filter(fits).sort(order);
  const keep = new Set(shown.map((row) => row.call));
  for (const [id, entry] of rows) if (!keep.has(id)) { sight.unobserve(entry.item); entry.item.remove(); rows.delete(id); }
  if (over) shown.sort((a, b) => index(a) - index(b));  // as they stand; new ones at the end
  let at = list.firstElementChild;
  for (const row of shown) {
    let entry = rows.get(row.call);
    if (!entry) { rows.set(row.call, (entry = make(row))); draw(entry, row); words(entry, row.call); }
    if (entry.item === at) at = at.nextElementSibling;
    else { const focused = entry.item.contains(document.activeElement); list.insertBefore(entry.item, at); if (focused) { moving = true; entry.link.focus(); moving = false; } }
  }
  empty.hidden = shown.length > 0;
  setText(empty, t(all.length ? "wall.none-fit" : "wall.none"));
  setText(count, t("wall.count", { shown: shown.length, all: all.length }));
}

// The order is held for whoever is at the list by pointer or keys, as long as they do something: a pointer that was left
// there must not keep the worst call from the top.
const IDLE = 15_000;
let places = new Map(), idle = 0, moving = false;
const index = (row) => places.get(row.call) ?? Infinity;
function hold() {
  clearTimeout(idle);
  idle = setTimeout(release, IDLE);
  if (over) return;
  over = true;
  held.hidden = false;
  places = new Map([...list.children].map((item, n) => [item.dataset.call, n]));
}
function release() {
  clearTimeout(idle);
  if (!over) return;
  over = false;
  held.hidden = true;
  moved = true;
  again();
}
for (const kind of ["pointerenter", "pointermove"]) {
  list.addEventListener(kind, (event) => { if (event.pointerType === "mouse") hold(); });
}
list.addEventListener("pointerleave", release);
list.addEventListener("wheel", hold, { passive: true });
for (const kind of ["focusin", "keydown"]) list.addEventListener(kind, (event) => { if (!moving && event.target.matches(":focus-visible")) hold(); });
list.addEventListener("focusout", (event) => { if (!list.contains(event.relatedTarget) && !list.matches(":hover")) release(); });

function again() { if (!drawing) { drawing = true; requestAnimationFrame(frame); } }

let moved = true;
function frame() {
  drawing = false;
  room = list.querySelector("li:not([data-off]) .said")?.clientWidth || room;
  if (moved) { moved = false; place(); }
  for (const id of rowsToDraw) {
    const entry = rows.get(id), row = live.calls.get(id);
    if (entry && row) draw(entry, row);
  }
  for (const id of wordsToDraw) {
    const entry = rows.get(id);
    if (entry?.seen) words(entry, id);
  }
  rowsToDraw.clear();
  wordsToDraw.clear();
}

live.onChange(({ messages, fresh }) => {
  for (const message of messages) {
    if (message.k === "words") wordsToDraw.add(message.call);
    else if (message.k === "row") { rowsToDraw.add(message.call); moved = true; } else if (message.k === "gone") moved = true;
  }
  if (fresh) for (const id of live.calls.keys()) { rowsToDraw.add(id); wordsToDraw.add(id); }
  if (fresh || filter.value) moved = true;
  again();
});
// What is looked for stands through a look at one call, in this tab. What was found is told once a pause is made, and not
// with each call that comes or goes.
const KEPT = `wall.${page.me}`, found = document.getElementById("found");
[filter.value, least.value] = kept(KEPT, ["", "0"], "sessionStorage");
let pause = 0, sifting = 0;
function looked() {
  keep(KEPT, [filter.value, least.value], "sessionStorage");
  clearTimeout(sifting);
  sifting = setTimeout(() => { moved = true; again(); }, 120);  // 200 rows are sifted between the keys, not under them
  clearTimeout(pause);
  pause = setTimeout(() => setText(found, empty.hidden ? count.textContent : empty.textContent), 700);
}
for (const control of [filter, least]) control.addEventListener("input", looked);
filter.addEventListener("keydown", (event) => { if (event.key === "Escape") { filter.value = ""; looked(); filter.blur(); } });

function step(by) {
  const links = [...list.querySelectorAll("a.call")], at = links.indexOf(document.activeElement);
  (links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))])?.focus();
}
key("j", () => step(1)); key("k", () => step(-1));
key("ArrowDown", (event) => (list.contains(event.target) ? step(1) : false));
key("ArrowUp", (event) => (list.contains(event.target) ? step(-1) : false));
tick();
