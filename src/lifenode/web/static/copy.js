// Buttons that copy the code beside them.
import { copy } from "./clipboard.js";

function select(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

for (const figure of document.querySelectorAll("figure[data-copy]")) {
  const code = figure.querySelector("code");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy ${figure.querySelector("figcaption").textContent}`);
  button.addEventListener("click", () => {
    select(code);
    copy(code.textContent, button);
  });
  figure.querySelector("figcaption").append(" ", button);
}
