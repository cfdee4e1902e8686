// The acts on one call: buttons, their keys, what is asked before, and what came of it. Knows verbs and a row.

import { ask, has, keep, kept, page, post, t, toast } from "./page.js";
import { key } from "./shell.js";

const bar = document.getElementById("acts"), phone = document.getElementById("phone");
const WITH_PHONE = new Set(["listen", "whisper", "barge", "takeover"]);
const CONFIRMED = new Set(["hangup", "takeover"]);
const UNSAID = `unsaid.${page.me}`;  // reasons of acts that came to nothing, for the next try, after a sign-in too
let row = null, busy = false;

if (phone) {
  const name = `phone.${page.me}`;  // whoever sits here next has a phone of their own
  phone.value = kept(name, "") || page.number || "";
  phone.addEventListener("change", () => keep(name, phone.value.trim()));
}

const POSSIBLE = {
  mute: (call) => call.actable, unmute: (call) => Boolean(call.muted_until), hangup: (call) => call.actable,
  listen: (call) => call.actable, whisper: (call) => call.actable, barge: (call) => call.actable,
  takeover: (call) => call.actable, correct: (call) => call.phase === "up",
  leave: (call) => Boolean(call.supervisors?.some((one) => one.me)),
  mask: (call) => call.recording && !call.masked, unmask: (call) => Boolean(call.masked),
};

export function offer(call) {
  row = call && { ...call, supervisors: call.supervisors?.map((one) => ({ ...one, me: one.who === page.me })) };
  if (!bar) return;
  const inside = row?.supervisors?.find((one) => one.me);
  for (const button of bar.querySelectorAll("button[data-verb]")) {
    const verb = button.dataset.verb, can = Boolean(row && POSSIBLE[verb]?.(row));
    if (button.disabled !== !can) button.disabled = !can;
    if (WITH_PHONE.has(verb)) button.setAttribute("aria-pressed", String(inside?.mode === verb));
  }
}

function keepReason(verb, reason) {
  if (page.reasons.includes(verb)) keep(UNSAID, { ...kept(UNSAID, {}, "sessionStorage"), [verb]: reason }, "sessionStorage");
}

async function asked(verb) {
  const fields = [];
  if (verb === "correct" && page.prompts.length) {
    fields.push({ name: "prompt", label: t("act.prompt"), options: page.prompts });
  }
  if (page.reasons.includes(verb)) {
    fields.push({ name: "reason", label: t("act.reason"), help: t("act.reason-help"), required: true,
      value: kept(UNSAID, {}, "sessionStorage")[verb] });
  }
  if (!fields.length && !CONFIRMED.has(verb)) return {};
  const text = has(`act.confirm-${verb}`) ? t(`act.confirm-${verb}`) : verb === "correct" ? t("act.correct-help") : "";
  return ask({ title: t(`act.${verb}`), text, fields, danger: CONFIRMED.has(verb), go: t(`act.${verb}`) });
}

export async function act(verb) {
  if (!row || busy || !POSSIBLE[verb]?.(row)) { toast(t("act.failed", { act: t(`act.${verb}`), detail: t("act.not-now") }), true); return; }
  const call = row.call, number = phone?.value.trim() ?? "";
  if (WITH_PHONE.has(verb) && !number) { toast(t("act.phone-needed"), true); phone?.focus(); return; }
  const values = await asked(verb);
  if (!values) return;
  busy = true;
  const body = { ...values, id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
  if (WITH_PHONE.has(verb) || verb === "leave") body.phone = number;
  keepReason(verb, values.reason);
  try {
    await post(`/calls/${encodeURIComponent(call)}/${verb}`, body);
    toast(t("act.done", { act: t(`act.${verb}`) }));
    keepReason(verb);
  } catch (error) {
    toast(t("act.failed", { act: t(`act.${verb}`), detail: error.message }), true);
  } finally { busy = false; }
}

for (const button of bar?.querySelectorAll("button[data-verb]") ?? []) {
  button.addEventListener("click", () => act(button.dataset.verb));
  if (button.dataset.key) key(button.dataset.key, () => act(button.dataset.verb));
}
