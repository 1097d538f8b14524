// Tables in place: sort by header, filter rows, choose columns, copy as TSV. Without it the page has all rows as they are.
import { copy } from "./clipboard.js";

class ResultTable {
  constructor(section) {
    this.section = section;
    this.table = section.querySelector("table");
    this.body = this.table.tBodies[0];
    this.headers = [...this.table.tHead.rows[0].cells];
    this.said = section.querySelector("[data-rows]");
    this.filterField = section.querySelector("[data-filter]");
    this.groups = groupsOf(this.body);
    this.sorted = { column: -1, down: false };
    // Of a table in pages only the server knows all rows: its headers stay links.
    if (section.dataset.paged === undefined) this.headers.forEach((header, place) => this.makeSortable(header, place));
    this.makeColumns(section.querySelector("[data-columns]"));
    this.filterField.addEventListener("input", () => this.filter());
    section.addEventListener("refilter", () => this.filter());
    const button = section.querySelector("[data-copy-table]");
    button.addEventListener("click", () => copy(this.text(), button));
    section.querySelector("[data-tools]").hidden = false;
    this.whole = this.said.textContent;
  }

  makeSortable(header, place) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = header.textContent.trim();
    header.replaceChildren(button);
    button.addEventListener("click", () => this.sort(place));
  }

  sort(place) {
    const numbers = !this.headers[place].classList.contains("text") && !this.headers[place].classList.contains("id");
    const first = this.sorted.column !== place;
    const down = first ? this.headers[place].classList.contains("number") : !this.sorted.down;
    this.sorted = { column: place, down };
    const key = (group) => keyOf(group[0].cells[place], numbers);
    const order = this.groups.map((group) => [key(group), group]);
    order.sort(([a], [b]) => (down ? -1 : 1) * (numbers ? a - b : a.localeCompare(b, "en", { numeric: true })));
    this.body.append(...order.flatMap(([, group]) => group));
    this.headers.forEach((header, i) => {
      if (i === place) header.setAttribute("aria-sort", down ? "descending" : "ascending");
      else header.removeAttribute("aria-sort");
    });
  }

  filter() {
    const words = this.filterField.value.toLowerCase().split(/\s+/).filter(Boolean);
    const accepts = this.section.accepts ?? (() => true);
    let shown = 0;
    for (const group of this.groups) {
      const found = accepts(group[0]) && group.some((row) => words.every((word) => textOf(row).includes(word)));
      for (const row of group) row.hidden = !found;
      shown += found ? 1 : 0;
    }
    const all = shown === this.groups.length;
    this.said.textContent = all ? this.whole : `${shown.toLocaleString("en")} of ${this.groups.length.toLocaleString("en")} rows`;
    this.section.dispatchEvent(new CustomEvent("filtered"));
  }

  makeColumns(menu) {
    this.headers.forEach((header, place) => {
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = true;
      box.addEventListener("change", () => this.show(place, box.checked));
      label.append(box, ` ${header.textContent.trim()}`);
      menu.append(label);
    });
  }

  show(place, visible) {
    for (const row of this.table.rows) {
      if (row.cells[place] && row.cells.length === this.headers.length) row.cells[place].hidden = !visible;
    }
  }

  text() {
    const rows = [...this.table.rows].filter((row) => !row.hidden && row.cells.length === this.headers.length);
    const clean = (cell) => (cell.dataset.copy ?? cell.textContent).trim().replace(/\s+/g, " ");
    return rows.map((row) => [...row.cells].filter((cell) => !cell.hidden).map(clean).join("\t")).join("\n");
  }
}

// A row with the rows that belong to it and follow it.
function groupsOf(body) {
  const groups = [];
  for (const row of body.rows) {
    if (row.dataset.belongs === undefined) groups.push([row]);
    else groups.at(-1).push(row);
  }
  return groups;
}

const texts = new WeakMap();

function textOf(row) {
  if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
  return texts.get(row);
}

function keyOf(cell, numbers) {
  const text = cell.dataset.sort ?? cell.textContent.trim();
  if (!numbers) return text;
  const number = Number.parseFloat(text.replaceAll(",", ""));
  return Number.isNaN(number) ? Infinity : number;
}

for (const section of document.querySelectorAll("[data-table]")) new ResultTable(section);
