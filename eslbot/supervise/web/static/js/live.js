// The one live connection of a page, and what it has told: calls, their words, hits, checklists, history, alerts. Knows
// the messages of the feed; draws nothing. Listeners are called once per batch with the calls that changed.

import { page, setClock, signIn } from "./page.js";

export const calls = new Map();      // id -> row
export const lines = new Map();      // id -> {role: words}
export const opened = new Map();     // id -> {words: Map, hits: Map, items: Map, acts: Map, gaps: [], levels: []}
export const alerts = new Map();     // id -> alert, newest last
const listeners = [], stateListeners = [];
const SILENT = 12_000;               // ms without a beat after which the connection is dead, whatever the browser thinks
let state = "wait", source = null, last = "", retry = 0, timer = 0, tried = Date.now();
export let heardAt = Date.now();     // when something came last

export const onChange = (run) => listeners.push(run);
export const onState = (run) => { stateListeners.push(run); run(state); };

function setState(next) {
  if (state === next) return;
  state = next;
  for (const run of stateListeners) run(state);
}

function whole(message) {
  const { row, words, hits, items, acts, gaps } = message;
  opened.set(message.call, {
    words: new Map(words.map((one) => [`${one.role}/${one.n}`, one])), hits: new Map(hits.map((one) => [one.hit, one])),
    items: new Map(items.map((one) => [one.item, one])), acts: new Map(acts.map((one) => [one.id, one])), gaps, levels: [],
  });
  calls.set(message.call, row);
}

const APPLY = {
  rows(message) {
    calls.clear(); lines.clear(); opened.clear(); alerts.clear();
    for (const row of message.rows) {
      calls.set(row.call, row);
      lines.set(row.call, Object.fromEntries(row.lines.map((said) => [said.role, said])));
    }
  },
  whole,
  row(message) {
    const before = calls.get(message.call);
    if (before && message.phase !== "up") {  // who has left the line was in it all the same
      message.names = Object.fromEntries(Object.entries(message.names).map(([key, name]) => [key, name || before.names[key]]));
    }
    calls.set(message.call, message);
  },
  gone(message) { calls.delete(message.call); lines.delete(message.call); },
  words(message) {
    const said = lines.get(message.call) ?? {};
    if (!said[message.role] || said[message.role].n <= message.n) said[message.role] = message;
    lines.set(message.call, said);
    const call = opened.get(message.call), key = `${message.role}/${message.n}`;
    if (call && message.text) call.words.set(key, message); else if (call) call.words.delete(key);
  },
  hit(message) { opened.get(message.call)?.hits.set(message.hit, message); },
  unhit(message) { opened.get(message.call)?.hits.delete(message.hit); },
  item(message) { opened.get(message.call)?.items.set(message.item, message); },
  act(message) { opened.get(message.call)?.acts.set(message.id, message); },
  gap(message) { opened.get(message.call)?.gaps.push(message); },
  level(message) {
    const levels = opened.get(message.call)?.levels;
    if (levels) { levels.push(message); if (levels.length > 600) levels.splice(0, 200); }
  },
  alert(message) { alerts.set(message.id, message); },
  ack(message) { alerts.delete(message.id); },
};

function take(event, fresh) {
  last = event.lastEventId;
  const messages = JSON.parse(event.data), changed = new Set(), told = [];
  for (const message of messages) {
    if (message.k === "clock") { setClock(message.now); continue; }
    APPLY[message.k]?.(message);
    changed.add(message.call);
    told.push(message);
  }
  for (const run of listeners) run({ changed, messages: told, fresh });
}

export function connect() {
  clearTimeout(timer);
  source?.close();
  tried = Date.now();
  const query = new URLSearchParams();
  if (page.focus) query.set("call", page.focus);
  if (last) query.set("after", last);
  source = new EventSource(`/live?${query}`);
  source.onopen = () => { retry = 0; heardAt = Date.now(); setState("up"); };
  source.onmessage = (event) => { heardAt = Date.now(); take(event, false); };
  source.addEventListener("fresh", (event) => { heardAt = Date.now(); take(event, true); });
  source.addEventListener("beat", () => { heardAt = Date.now(); });
  source.addEventListener("over", () => { source.close(); setState("wait"); again(); });  // who one is has changed
  source.onerror = () => {
    setState(retry > 2 ? "lost" : "wait");
    retry += 1;
    if (source.readyState === EventSource.CLOSED) again();
  };
}

function again() {
  timer = setTimeout(async () => {
    const answer = await fetch("/live/allowed", { credentials: "same-origin", signal: AbortSignal.timeout?.(SILENT) }).catch(() => null);
    if (answer?.status === 401 || answer?.redirected) {
      if (!signIn(true)) { retry = 4; again(); }  // the page stays: somebody may sign in beside it
      return;
    }
    const who = answer?.ok ? await answer.json().catch(() => null) : null;
    if (who && who.me !== page.me) { location.reload(); return; }
    if (who) {  // signed in anew, in another tab: what this one sends is theirs again, forms too
      page.csrf = who.csrf;
      for (const field of document.querySelectorAll("input[name=csrf]")) field.value = who.csrf;
    }
    connect();
  }, Math.min(8000, 500 * 2 ** Math.min(retry, 4)));
}

setInterval(() => {  // a network that is gone without a word closes nothing, and lets an attempt hang
  if (!source || source.readyState === EventSource.CLOSED) return;
  if (Date.now() - (state === "up" ? heardAt : tried) < SILENT) return;
  source.close();
  setState("lost");
  again();
}, 2_000);
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
