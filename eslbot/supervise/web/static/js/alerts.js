// The page of alerts: the rows are the server's; seen by button, and new ones are told of above.

import { el, page, post, t, toast } from "./page.js";
import "./shell.js";

for (const button of document.querySelectorAll("button[data-seen]")) {
  button.addEventListener("click", async () => {
    try {
      await post(`/alerts/${encodeURIComponent(button.dataset.seen)}/seen`);
      button.replaceWith(el("span", { class: "muted" }, t("alerts.acknowledged", { who: page.me })));
    } catch (error) { toast(t("act.failed", { act: t("alerts.acknowledge"), detail: error.message }), true); }
  });
}
