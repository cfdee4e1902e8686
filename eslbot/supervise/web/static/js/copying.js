// What is copied from a list of said lines: a line of text each, with its time and who spoke. Knows the classes of a line.

import { t } from "./page.js";

function part(text, range) {  // what of it is in the range, without what is only read aloud
  const piece = document.createRange();
  piece.selectNodeContents(text);
  if (piece.compareBoundaryPoints(Range.START_TO_START, range) < 0) piece.setStart(range.startContainer, range.startOffset);
  if (piece.compareBoundaryPoints(Range.END_TO_END, range) > 0) piece.setEnd(range.endContainer, range.endOffset);
  const copy = piece.cloneContents();
  for (const unseen of copy.querySelectorAll(".sr")) unseen.remove();
  return copy.textContent.trim();
}

export function copyable(list) {
  list.addEventListener("copy", (event) => {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return;
    const range = chosen.getRangeAt(0), rows = [...list.querySelectorAll("li")].filter((row) => range.intersectsNode(row));
    if (rows.length < 2) return;  // a few words of one line are copied as they are
    const lines = rows.map((row) => {
      const said = part(row.querySelector(".text"), range), role = row.querySelector(".speaker")?.textContent;
      const at = row.querySelector(".at").textContent;
      return said && (role ? t("call.copied", { at, role, text: said }) : `${at} ${said}`);
    });
    event.clipboardData.setData("text/plain", lines.filter(Boolean).join("\n"));
    event.preventDefault();
  });
}
