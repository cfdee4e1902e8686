// What stands beside a call besides its severity: phase, mute, mask, who is in it. Knows a row; no page.

import { el, now, page, span, t } from "./page.js";

const who = (one) => one.who.replace(/^account:/, "") + (one.in && one.waits ? ` (${t("flag.waits")})` : "");

export function flags(row) {
  const told = [], tag = (text, on = false) => told.push(el("span", { class: on ? "tag on" : "tag" }, text));
  if (row.phase !== "up") tag(t(`phase.${row.phase}`));
  if (row.muted_until) {
    told.push(el("span", { class: "tag on", data: { until: row.muted_until, text: "flag.muted" } },
      t("flag.muted", { left: span(row.muted_until - now()) })));
  }
  if (row.masked) {
    told.push(el("span", { class: "tag on", data: { until: row.masked_until, text: "flag.masked" } },
      t("flag.masked", { left: span(row.masked_until - now()) })));
  }
  if (row.supervisors?.length) tag(t("flag.in-call", { who: row.supervisors.map(who).join(page.language.startsWith("zh") ? "、" : ", ") }), true);
  if (row.consulting && row.phase === "up") tag(t("flag.consult"));
  if (row.closing === "playing") tag(t("flag.closing-playing"));
  if (!row.roles_known && row.since) tag(t("flag.roles"));
  if (row.since && !row.recording && row.phase === "up") tag(t("flag.not-recording"), true);
  if (row.shadow) tag(t("flag.shadow"));
  return told;
}
