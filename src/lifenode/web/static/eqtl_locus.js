// Plots of loci, alive: what a dot is under the pointer, a label by click, walking by arrow keys, its row of the table.
// Without it dots say what they are by their titles.
const EDGE = 10;

class Plot {
  constructor(svg) {
    this.svg = svg;
    this.frame = svg.parentElement;
    this.dots = [];
    this.pinned = new Map();
    for (const title of svg.querySelectorAll("title")) this.takeOver(title);
    this.tip = this.box();
    this.tip.hidden = true;
    if (!this.dots.length) return;
    svg.setAttribute("role", "group");
    this.dots.sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left);
    // Tab leads to the variant that is marked; from there arrows go on.
    (this.dots.find((dot) => dot.localName === "polygon") ?? this.dots[0]).setAttribute("tabindex", "0");
    svg.addEventListener("pointerover", (event) => this.hover(event.target));
    svg.addEventListener("pointerout", () => this.hover(null));
    svg.addEventListener("focusin", (event) => this.hover(event.target));
    svg.addEventListener("focusout", () => this.hover(null));
    svg.addEventListener("click", (event) => this.dots.includes(event.target) && this.pin(event.target));
    svg.addEventListener("keydown", (event) => this.walk(event));
  }

  takeOver(title) {
    const mark = title.parentElement;
    mark.dataset.label = title.textContent;
    title.remove();
    if (mark.localName === "rect") return;
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", mark.dataset.label);
    mark.setAttribute("tabindex", "-1");
    this.dots.push(mark);
  }

  box() {
    const box = document.createElement("div");
    box.className = "tip";
    this.frame.append(box);
    return box;
  }

  hover(node) {
    const label = node?.dataset?.label;
    this.tip.hidden = !label;
    light(label && this.dots.includes(node) ? variantOf(label) : "");
    if (!label) return;
    this.fill(this.tip, label);
    this.place(this.tip, node);
  }

  fill(box, label) {
    const [first, ...rest] = label.split("; ");
    const name = document.createElement("b");
    name.textContent = first;
    box.replaceChildren(name, ...rest.flatMap((line) => [document.createElement("br"), line]));
  }

  place(box, mark) {
    const frame = this.frame.getBoundingClientRect();
    const at = mark.getBoundingClientRect();
    const right = at.right - frame.left + EDGE;
    const left = right + box.offsetWidth > frame.width ? at.left - frame.left - box.offsetWidth - EDGE : right;
    box.style.left = `${Math.max(left, 0)}px`;
    box.style.top = `${Math.max(at.top - frame.top - box.offsetHeight / 2, 0)}px`;
  }

  pin(mark) {
    if (this.pinned.has(mark)) {
      this.pinned.get(mark).remove();
      this.pinned.delete(mark);
      return;
    }
    const box = this.box();
    box.classList.add("pinned");
    this.fill(box, mark.dataset.label);
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "\u00d7";
    close.setAttribute("aria-label", "Remove the label");
    close.addEventListener("click", () => this.pin(mark));
    box.append(close);
    this.pinned.set(mark, box);
    this.place(box, mark);
    this.tip.hidden = true;
  }

  walk(event) {
    const at = this.dots.indexOf(document.activeElement);
    if (at < 0) return;
    const last = this.dots.length - 1;
    const moves = { ArrowRight: Math.min(at + 1, last), ArrowLeft: Math.max(at - 1, 0), Home: 0, End: last };
    if (event.key === "Enter" || event.key === " ") this.pin(this.dots[at]);
    else if (event.key in moves) this.focus(this.dots[moves[event.key]]);
    else return;
    event.preventDefault();
  }

  focus(mark) {
    for (const dot of this.dots) dot.setAttribute("tabindex", dot === mark ? "0" : "-1");
    mark.focus({ preventScroll: true });
  }
}

// A label begins with "rsid (variant)" or with the variant.
function variantOf(label) {
  const name = label.split("; ")[0];
  return name.match(/\((.*)\)$/)?.[1] ?? name;
}

function light(variant) {
  for (const node of document.querySelectorAll(".lit")) node.classList.remove("lit");
  if (!variant) return;
  for (const cell of document.querySelectorAll("td[data-copy]")) {
    if (cell.dataset.copy === variant) cell.parentElement.classList.add("lit");
  }
  for (const plot of plots) {
    for (const dot of plot.dots) if (variantOf(dot.dataset.label) === variant) dot.classList.add("lit");
  }
}

const plots = [...document.querySelectorAll(".plots .wide svg.plot")].map((svg) => new Plot(svg));

for (const body of document.querySelectorAll("#associations tbody, #pairs tbody")) {
  body.addEventListener("pointerover", (event) => {
    light(event.target.closest("tr")?.querySelector("td[data-copy]")?.dataset.copy);
  });
  body.addEventListener("pointerout", () => light(""));
}
