"use strict";
// The months of the maps by a slider, the order of the table, and folded parts on paper.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  document.documentElement.classList.add("scripted");

  const slider = document.getElementById("month-slider");
  if (slider) {
    const frames = all(".frames figure");
    const text = document.getElementById("month-text");
    const show = () => {
      frames.forEach((frame, place) => frame.classList.toggle("shown", place === Number(slider.value)));
      const frame = frames[Number(slider.value)];
      text.textContent = `month ${frame.dataset.months} (${frame.dataset.kind})`;
      slider.setAttribute("aria-valuetext", text.textContent);
    };
    slider.addEventListener("input", show);
    show();
  }

  // Names by alphabet, numbers by value; what is not known comes last.
  const compare = (a, b, sign) => {
    const [x, y] = [a, b].map((value) => (value === "" ? NaN : Number(value)));
    if (Number.isNaN(x) && Number.isNaN(y)) return sign * a.localeCompare(b);
    if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
    return sign * (x - y);
  };
  all("table.sorted").forEach((table) => {
    const headings = all("thead tr:last-child th", table);
    headings.forEach((heading, column) => heading.querySelector("button")?.addEventListener("click", () => {
      const order = heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", order);
      const body = table.tBodies[0];
      const value = (row) => row.children[column].dataset.value ?? "";
      body.append(...[...body.rows].sort((a, b) => compare(value(a), value(b), order === "ascending" ? 1 : -1)));
    }));
  });

  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = all("details").filter((part) => !part.open);
    folded.forEach((part) => { part.open = true; });
  });
  window.addEventListener("afterprint", () => folded.forEach((part) => { part.open = false; }));
})();
