// The page of alerts: the rows are the server's; seen by button, and new ones are told of above.

import * as live from "./live.js";
import { el, page, post, t, toast } from "./page.js";
import "./shell.js";

const name = (who) => who.replace(/^account:/, "");
const done = (button, who) => button.replaceWith(el("span", { class: "muted" }, t("alerts.acknowledged", { who: name(who) })));

for (const button of document.querySelectorAll("button[data-seen]")) {
  button.addEventListener("click", async () => {
    try {
      await post(`/alerts/${encodeURIComponent(button.dataset.seen)}/seen`);
      done(button, page.me);
    } catch (error) { toast(t("act.failed", { act: t("alerts.acknowledge"), detail: error.message }), true); }
  });
}
live.onChange(({ messages }) => {  // somebody else has seen one
  for (const message of messages) {
    if (message.k !== "ack") continue;
    const button = document.querySelector(`button[data-seen="${CSS.escape(message.id)}"]`);
    if (button) done(button, message.by);
  }
});
