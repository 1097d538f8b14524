// The term-size slider and the sources that are switched off decide, besides the filter, which rows are seen.
const section = document.querySelector(".terms");

if (section) {
  const rows = [...section.querySelectorAll("tbody tr")];
  const largest = Math.max(...rows.map((row) => Number(row.dataset.size)), 2);
  const [least, most] = [section.querySelector("[data-least]"), section.querySelector("[data-most]")];
  const said = section.querySelector("[data-sizes]");
  let hidden = new Set();

  // Sizes are spread over powers of ten.
  const size = (slider) => Math.round(largest ** (slider.value / 100));

  const apply = () => {
    const [from, to] = [size(least), size(most)].sort((a, b) => a - b);
    said.textContent = `${from.toLocaleString("en")}-${to.toLocaleString("en")}`;
    section.accepts = (row) => {
      const own = Number(row.dataset.size);
      return own >= from && own <= to && !hidden.has(row.dataset.source);
    };
    section.dispatchEvent(new CustomEvent("refilter"));
  };

  for (const slider of [least, most]) slider.addEventListener("input", apply);
  section.addEventListener("sources", (event) => {
    hidden = event.detail;
    apply();
  });
  apply();
}
