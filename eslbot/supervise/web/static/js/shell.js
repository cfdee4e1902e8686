// The frame of every page: colours, language, sound, the state of the live connection, alerts not seen yet, single keys.

import * as live from "./live.js";
import { el, has, keep, kept, lately, localTimes, now, page, post, setText, severity, span, stamp, t, timeOfDay, toast } from "./page.js";

// --- colours and language: kept in cookies, so that the next page comes right ---
const cookie = (name, value) => { document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax`; };
const theme = document.getElementById("theme");
theme?.addEventListener("change", () => {
  cookie("eslbot-theme", theme.value);
  if (theme.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
  dispatchEvent(new Event("theme"));
});

// --- the account's menu ---
const menu = document.getElementById("account");
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu?.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
addEventListener("click", (event) => { if (menu?.open && !menu.contains(event.target)) menu.open = false; });

// --- sound ---
const soundButton = document.getElementById("sound");
let sound = kept("sound", true), audio = null;
function showSound() {
  if (!soundButton) return;
  soundButton.setAttribute("aria-pressed", String(sound));
  soundButton.querySelector("span").textContent = t(sound ? "nav.sound-on" : "nav.sound-off");
}
export function toggleSound() { sound = !sound; keep("sound", sound); showSound(); if (sound) beep(1); }
soundButton?.addEventListener("click", toggleSound);
showSound();

// Whether it would be heard: a browser lets no page sound that nobody has touched yet.
const audible = () => sound && (navigator.userActivation?.hasBeenActive ?? true);

function beep(weight) {
  if (!audible()) return;
  try {
    audio ??= new AudioContext();
    if (audio.state !== "running") audio.resume();
    for (let n = 0; n < (weight >= 3 ? 2 : 1); n += 1) {
      const tone = audio.createOscillator(), volume = audio.createGain(), at = audio.currentTime + n * 0.22;
      tone.frequency.value = weight >= 3 ? 660 : 520;
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.12, at + 0.02);
      volume.gain.linearRampToValueAtTime(0, at + 0.18);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.2);
    }
  } catch { /* no sound here: the title tells */ }
}

// --- the connection ---
const link = document.getElementById("link"), lost = document.getElementById("lost");
const FORGOTTEN = 60_000;
let gone = false, plain = document.title, sign = "";
live.onState((state) => {
  if (!link) return;
  link.dataset.state = state;
  setText(link.querySelector("span"), t(`link.${state}`));
  if (state === "lost") {
    if (!gone) soundOnce(`lost ${Math.floor(Date.now() / FORGOTTEN)}`, 1);  // no alert will sound any more
    gone = true;
    if (!lost.querySelector("a")) setText(lost, t("link.lost-detail", { at: timeOfDay(live.heardAt / 1000) }));
  }
  if (state === "up") {
    setText(lost, "");
    if (gone) { gone = false; toast(t("link.back")); }
  }
  title();
  document.body.toggleAttribute("data-lost", gone);  // what is shown is old until it is live again, not until it is tried
});

// --- alerts ---
export const alertText = (alert) => {
  const kind = has(`alerts.kind-${alert.kind}`) ? t(`alerts.kind-${alert.kind}`) : alert.kind;
  return alert.kind === "violation" && alert.title ? alert.title : alert.title ? t("alerts.of", { kind, what: alert.title }) : kind;
};
const WEIGHT = { severe: 3, warning: 2, notice: 1 };
export const weightOf = (alert) => WEIGHT[alert.severity] ?? 2;
const strip = document.getElementById("alerts"), told = document.getElementById("told"), number = document.getElementById("unseen");
const narrow = matchMedia("(max-width: 720px)").matches;  // a telephone's
const SHOWN = (page.focus ? 2 : 4) / (narrow ? 2 : 1);
export function setTitle(text) { plain = `${text} · eslbot`; title(); }
function title() {  // and the tab's sign
  const count = unseen().length, text = count ? t("alerts.title-one", { count, title: plain }) : plain;
  const told_ = gone ? `${t("link.lost")} · ${text}` : text, next = gone ? "lost" : count ? "alert" : "";
  if (document.title !== told_) document.title = told_;
  if (next !== sign) document.querySelector("link[rel=icon]").href = page.favicons[(sign = next)];
}

// Of all pages of the console in this browser that could sound, one does. Over plain HTTP from another host there are no
// locks: then the first to write it down, which two that are told in the same instant both may be.
function soundOnce(id, weight) {
  if (!audible()) return;
  if (!navigator.locks) { if (first(id)) beep(weight); return; }
  navigator.locks.request(`eslbot.sound ${id}`, { ifAvailable: true }, (lock) => {
    if (!lock) return null;
    beep(weight);
    return new Promise((done) => { setTimeout(done, FORGOTTEN); });
  });
}

function first(id) {
  const before = kept("sounded", {}), now_ = Date.now();
  if (id in before) return false;
  keep("sounded", { ...Object.fromEntries(Object.entries(before).filter(([, at]) => now_ - at < FORGOTTEN)), [id]: now_ });
  return true;
}

// The newest of each call, kind and rule; `ids` are those of all that it stands for.
export function unseen() {
  const groups = new Map();
  for (const alert of live.alerts.values()) {
    if (alert.acknowledged) continue;
    const same = `${alert.call} ${alert.kind} ${alert.rule}`, before = groups.get(same);
    groups.set(same, { ...alert, ids: [...(before?.ids ?? []), alert.id] });
  }
  return [...groups.values()].sort((a, b) => weightOf(b) - weightOf(a) || b.at - a.at);
}

export async function acknowledge(alert) {
  try {
    for (const id of alert.ids) {
      await post(`/alerts/${encodeURIComponent(id)}/seen`);
      live.alerts.delete(id);
    }
    drawAlerts();
  } catch (error) { toast(t("act.failed", { act: t("alerts.acknowledge"), detail: error.message }), true); }
}

function drawAlerts() {
  const open = unseen();
  title();
  if (number) { number.hidden = !open.length; setText(number, String(open.length)); }
  if (!strip) return;
  const listed = (alert) => alert.ids.every((id) => document.querySelector(`[data-listed="${CSS.escape(id)}"]`));
  const told_ = open.filter((alert) => !listed(alert));  // the page of alerts has them in its table
  strip.hidden = told_.length === 0;
  const list = strip.querySelector("ul"), focused = document.activeElement?.closest?.("[data-alert]")?.dataset.alert;
  list.replaceChildren(...told_.slice(0, SHOWN).map((alert) => {
    const row = live.calls.get(alert.call), who = row?.names?.agent ?? "";
    return el("li", { data: { alert: alert.id, weight: weightOf(alert) } }, severity(weightOf(alert)),
      el("span", { class: "what" }, alertText(alert), who ? el("span", { class: "muted" }, ` · ${who}`) : "",
        alert.ids.length > 1 ? el("span", { class: "muted" }, ` ×${alert.ids.length}`) : ""),
      stamp(alert.at, lately),
      row && alert.call !== page.focus ? el("a", { class: "button", href: `/calls/${alert.call}`,
        "aria-label": `${t("alerts.open")}: ${[alertText(alert), who].filter(Boolean).join(" · ")}` }, t("alerts.open")) : null,
      page.may.alerts ? el("button", { type: "button", on: { click: () => acknowledge(alert) },
        "aria-label": `${t("alerts.acknowledge")}: ${alertText(alert)}`, ...(alert === open[0] ? { "aria-keyshortcuts": "a", title: "A" } : {}) }, t("alerts.acknowledge")) : null);
  }));
  if (told_.length > SHOWN) list.append(el("li", { class: "more" }, el("a", { href: "/alerts" }, t("alerts.more", { count: told_.length - SHOWN }))));
  if (focused && !document.activeElement?.closest?.("[data-alert]")) list.querySelector("button")?.focus();
}

live.onChange(({ messages, fresh }) => {
  const alerts = messages.filter((message) => message.k === "alert" && !message.acknowledged);
  if (alerts.length && !fresh) {
    const worst = alerts.reduce((a, b) => (weightOf(b) > weightOf(a) ? b : a));
    soundOnce(worst.id, weightOf(worst));
    const who = live.calls.get(worst.call)?.names?.agent;
    if (told) told.textContent = t("alerts.arrived", { what: [alertText(worst), who].filter(Boolean).join(" · ") });
  }
  if (messages.some((message) => ["alert", "ack", "rows", "gone"].includes(message.k))) drawAlerts();
});

// --- keys ---
const bound = new Map();
export const key = (name, run) => bound.set(name, run);
// A dialog that was closed just now may still have the focus, and takes no keys any more.
const typing = (node) => !node.closest?.("dialog:not([open])")
  && node.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable], dialog, audio");
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !kept("keys", true)) return;
  if (typing(event.target)) return;
  const run = bound.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
  if (run && run(event) !== false) event.preventDefault();
});
key("?", showKeys);
key("g", () => { if (page.may.see) location.assign("/"); });
key("s", toggleSound);
key("a", () => { if (page.may.alerts && unseen()[0]) acknowledge(unseen()[0]); });
key("/", () => { const filter = document.getElementById("filter"); if (!filter) return false; filter.focus(); return true; });

function showKeys() {
  const close = el("button", { type: "button", class: "main", on: { click: () => box.close() } }, t("help.close"));
  const box = el("dialog", { class: "wide", "aria-labelledby": "keys-of" }, el("h1", { id: "keys-of" }, t("help.keys")),
    el("div", { class: "columns" }, ...page.keys.map(([name, keys]) => el("div", {}, el("h2", {}, t(name)),
      el("dl", { class: "keys" }, ...keys.flatMap(([one, text]) => [el("dt", {}, el("kbd", {}, one)), el("dd", {}, t(text))]))))),
    el("div", { class: "row-of end" }, el("a", { href: "/help" }, t("help.more")), close));
  const before = document.activeElement;
  box.addEventListener("keydown", (event) => { if (event.key === "?") box.close(); });
  box.addEventListener("close", () => { box.remove(); before?.focus?.(); });
  document.body.append(box);
  box.showModal();
  close.focus();
}
document.body.toggleAttribute("data-keyless", !kept("keys", true));

// --- clocks on the page ---
export function tick() {
  if (gone) return;  // nobody knows whether it goes on
  for (const node of document.querySelectorAll("[data-since]:not([data-off] *)")) {
    const text = span(now() - Number(node.dataset.since));
    if (node.textContent !== text) node.textContent = text;
  }
  for (const node of document.querySelectorAll("[data-until]:not([data-off] *)")) {
    const text = t(node.dataset.text || "wall.due", { left: span(Number(node.dataset.until) - now()) });
    if (node.textContent !== text) node.textContent = text;
  }
}
setInterval(tick, 1000);
localTimes();
const zone = document.getElementById("zone");  // days are the reader's, as the times are
if (zone) zone.value = new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
if (page.live) live.connect();
