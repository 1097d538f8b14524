// The picture, alive: what a dot is on hover, a label by click, zoom by drag, walking by arrow keys, sources on and off.
const EDGE = 8;

class Field {
  constructor(svg) {
    this.svg = svg;
    this.figure = svg.closest("figure");
    this.marks = [...svg.querySelectorAll(".marks circle")];
    this.moving = [...svg.querySelectorAll("circle:not(.pin circle), rect, text.source, .pin")].map((node) => ({
      node,
      name: node.hasAttribute("cx") ? "cx" : "x",
      x: Number.parseFloat(node.dataset.x ?? node.getAttribute("cx") ?? node.getAttribute("x")),
      width: node.dataset.width ? Number.parseFloat(node.dataset.width) : null,
    }));
    this.range = [0, 100];
    this.labels = new Map();
    this.tip = document.createElement("div");
    this.tip.className = "tip";
    this.tip.hidden = true;
    this.figure.append(this.tip);
    this.listen();
  }

  listen() {
    this.svg.addEventListener("pointerover", (event) => this.hover(event.target));
    this.svg.addEventListener("pointerout", () => this.hover(null));
    this.svg.addEventListener("focusin", (event) => this.hover(event.target));
    this.svg.addEventListener("focusout", () => this.hover(null));
    this.svg.addEventListener("keydown", (event) => this.walk(event));
    this.svg.addEventListener("pointerdown", (event) => this.press(event));
    this.svg.addEventListener("dblclick", () => this.zoom(0, 100));
  }

  hover(node) {
    const mark = node && this.marks.includes(node) ? node : null;
    this.tip.hidden = !mark;
    light(mark?.dataset.row);
    if (mark) {
      this.tip.replaceChildren(...lines(mark));
      this.place(this.tip, mark);
    }
  }

  place(box, mark) {
    const frame = this.figure.getBoundingClientRect();
    const at = mark.getBoundingClientRect();
    const left = Math.min(at.right - frame.left + EDGE, frame.width - box.offsetWidth);
    const above = at.top - frame.top - box.offsetHeight - EDGE;
    box.style.left = `${Math.max(left, 0)}px`;
    box.style.top = `${above < -EDGE ? at.bottom - frame.top + EDGE : above}px`;
  }

  label(mark) {
    const known = this.labels.get(mark);
    if (known) {
      known.remove();
      this.labels.delete(mark);
      return;
    }
    const box = document.createElement("div");
    box.className = "label";
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "\u00d7";
    close.setAttribute("aria-label", "Remove the label");
    close.addEventListener("click", () => this.label(mark));
    box.append(close, lines(mark)[0].textContent);
    this.figure.append(box);
    this.labels.set(mark, box);
    this.place(box, mark);
    this.tip.hidden = true;
  }

  walk(event) {
    const visible = this.marks.filter((mark) => !mark.classList.contains("off"));
    const at = visible.indexOf(document.activeElement);
    if (at < 0) return;
    const moves = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: visible.length - 1 };
    if (event.key === "Enter" || event.key === " ") this.label(visible[at]);
    else if (event.key === "Escape") this.zoom(0, 100);
    else if (event.key in moves) this.focus(visible[(moves[event.key] + visible.length) % visible.length]);
    else return;
    event.preventDefault();
  }

  focus(mark) {
    for (const each of this.marks) each.setAttribute("tabindex", each === mark ? "0" : "-1");
    mark.focus({ preventScroll: true });
  }

  // A press that moves chooses a stretch to look at; one that does not is a click on a dot.
  press(event) {
    if (event.button !== 0 || event.pointerType === "touch") {
      if (this.marks.includes(event.target)) this.svg.addEventListener("click", () => this.label(event.target), { once: true });
      return;
    }
    const box = this.svg.getBoundingClientRect();
    const from = event.clientX - box.left;
    const target = event.target;
    const brush = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    brush.classList.add("brush");
    brush.setAttribute("y", 0);
    brush.setAttribute("height", box.height);
    const move = (to) => {
      const [a, b] = [from, to.clientX - box.left].sort((x, y) => x - y);
      brush.setAttribute("x", a);
      brush.setAttribute("width", b - a);
      if (b - a > EDGE && !brush.isConnected) this.svg.append(brush);
      return [a, b];
    };
    const up = (end) => {
      removeEventListener("pointermove", move);
      const [a, b] = move(end);
      const chosen = brush.isConnected;
      brush.remove();
      if (chosen) this.zoom(this.at(a / box.width), this.at(b / box.width));
      else if (this.marks.includes(target)) this.label(target);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", up, { once: true });
    event.preventDefault();
  }

  at(share) {
    return this.range[0] + share * (this.range[1] - this.range[0]);
  }

  zoom(from, to) {
    this.range = [Math.max(from, 0), Math.min(to, 100)];
    const [a, b] = this.range;
    this.svg.classList.toggle("zoomed", b - a < 100);
    const scale = 100 / (b - a);
    for (const { node, name, x, width } of this.moving) {
      node.setAttribute(name, `${(x - a) * scale}%`);
      if (width !== null) node.setAttribute("width", `${width * scale}%`);
    }
    for (const [mark, box] of this.labels) this.place(box, mark);
  }

  closer(factor) {
    const [a, b] = this.range;
    const middle = (a + b) / 2;
    const half = Math.min(((b - a) / 2) * factor, 50);
    const centre = Math.min(Math.max(middle, half), 100 - half);
    this.zoom(centre - half, centre + half);
  }

  only(shown) {
    for (const mark of this.marks) mark.classList.toggle("off", !shown(mark));
    const off = new Set(this.marks.filter((mark) => mark.classList.contains("off")).map((mark) => mark.dataset.row));
    for (const pin of this.svg.querySelectorAll(".pin")) pin.classList.toggle("off", off.has(pin.dataset.pin));
    for (const [mark, box] of this.labels) box.hidden = mark.classList.contains("off");
  }
}

// The accessible name of a mark is what its label says, too.
function lines(mark) {
  const [name, ...rest] = mark.getAttribute("aria-label").split("; ");
  const title = document.createElement("b");
  title.textContent = name;
  return [title, ...rest.flatMap((line, i) => (i ? [document.createElement("br"), line] : [line]))];
}

function light(row) {
  for (const node of document.querySelectorAll(".lit")) node.classList.remove("lit");
  if (row === undefined) return;
  for (const node of document.querySelectorAll(`.marks [data-row="${row}"], .terms tr[data-row="${row}"]`)) {
    node.classList.add("lit");
  }
}

const fields = [...document.querySelectorAll("[data-field]")].map((svg) => new Field(svg));

for (const part of document.querySelectorAll(".terms tbody")) {
  part.addEventListener("pointerover", (event) => light(event.target.closest("[data-row]")?.dataset.row));
  part.addEventListener("pointerout", () => light(undefined));
}

const legend = document.querySelector("[data-legend]");
const hidden = new Set();

for (const chip of legend?.querySelectorAll("[data-source]") ?? []) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = chip.className;
  button.dataset.source = chip.dataset.source;
  button.setAttribute("aria-pressed", "true");
  button.append(...chip.childNodes);
  button.addEventListener("click", () => {
    const name = chip.dataset.source;
    const on = hidden.has(name);
    hidden[on ? "delete" : "add"](name);
    button.setAttribute("aria-pressed", String(on));
    const dark = new Set([...hidden].map((source) => classOf(source)));
    for (const field of fields) field.only((mark) => ![...dark].some((each) => mark.classList.contains(each)));
    const section = document.querySelector(".terms");
    section?.dispatchEvent(new CustomEvent("sources", { detail: hidden }));
  });
  chip.replaceWith(button);
}

function classOf(source) {
  const chip = [...legend.querySelectorAll("[data-source]")].find((each) => each.dataset.source === source);
  return [...chip.classList].find((name) => name.startsWith("source-"));
}

const tools = document.querySelector("[data-zoom]");
if (tools && fields.length) {
  const every = { "Zoom in": (field) => field.closer(0.5), "Zoom out": (field) => field.closer(2), Whole: (field) => field.zoom(0, 100) };
  for (const [label, act] of Object.entries(every)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = label;
    button.addEventListener("click", () => fields.forEach(act));
    tools.append(button);
  }
  tools.hidden = false;
}
