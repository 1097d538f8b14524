// Terms are proposed again while the text is written; what was ticked or unticked by hand stays so.
const form = document.querySelector("form[data-live]");
const place = document.querySelector("#suggestions");
const chosen = new Map();
let asked = 0;
let timer = 0;

function remember(event) {
  if (event.target.name === "accept") chosen.set(event.target.value, event.target.checked);
}

function restore() {
  for (const box of place.querySelectorAll("input[name=accept]")) {
    if (chosen.has(box.value)) box.checked = chosen.get(box.value);
  }
}

async function propose() {
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string" && value.trim());
  if (!fields.some(([name]) => ["description", "publications", "record"].includes(name))) return;
  const mine = ++asked;
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch("/edam", { method: "POST", body: new URLSearchParams(fields) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("#suggestions");
    if (mine !== asked || !answer.ok || !found) return;
    const homepage = place.querySelector("#homepage")?.value;
    place.replaceChildren(...found.childNodes);
    if (homepage && place.querySelector("#homepage")) place.querySelector("#homepage").value = homepage;
    restore();
    document.title = page.title;
    if (answer.redirected) history.replaceState(null, "", answer.url);
  } catch {
    // Without an answer the one before stays, and the button still asks.
  } finally {
    if (mine === asked) place.removeAttribute("aria-busy");
  }
}

place?.addEventListener("change", remember);
form?.addEventListener("input", (event) => {
  if (event.target.type === "file") return;
  clearTimeout(timer);
  timer = setTimeout(propose, 500);
});
