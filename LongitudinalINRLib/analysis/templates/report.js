"use strict";
// The table: its months, its order; and folded parts that a link opens.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  document.documentElement.classList.add("scripted");

  const bodies = all("tbody[data-month]");
  const choices = all(".months button");
  const showMonth = (month) => {
    bodies.forEach((body) => body.classList.toggle("shown", body.dataset.month === month));
    choices.forEach((choice) => choice.setAttribute("aria-pressed", String(choice.dataset.month === month)));
  };
  choices.forEach((choice) => choice.addEventListener("click", () => showMonth(choice.dataset.month)));
  const start = bodies.find((body) => body.classList.contains("start")) ?? bodies[bodies.length - 1];
  showMonth(start.dataset.month);

  // Names by alphabet, numbers by value, undefined numbers last whichever way the rest is sorted.
  const compare = (a, b, sign) => {
    const [x, y] = [a, b].map((text) => (text === "" ? NaN : Number(text)));
    if (Number.isNaN(x) && Number.isNaN(y)) return sign * a.localeCompare(b);
    if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
    return sign * (x - y);
  };
  all("#region-table thead th").forEach((heading, column) => heading.firstElementChild.addEventListener("click", () => {
    const [first, second] = heading.classList.contains("number") ? ["descending", "ascending"] : ["ascending", "descending"];
    const order = heading.getAttribute("aria-sort") === first ? second : first;
    all("#region-table thead th").forEach((other) => other.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", order);
    const value = (row) => row.children[column].dataset.value;
    bodies.forEach((body) => {
      const rows = all("tr:not(.month-heading)", body);
      rows.sort((a, b) => compare(value(a), value(b), order === "ascending" ? 1 : -1));
      body.append(...rows);
    });
  }));

  const open = () => {
    const target = document.getElementById(window.location.hash.slice(1));
    if (target?.tagName === "DETAILS") target.open = true;
  };
  window.addEventListener("hashchange", open);
  all(".match a").forEach((link) => link.addEventListener("click", () => { document.getElementById("checks").open = true; }));
  open();
  // Paper cannot unfold anything.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = all("details").filter((part) => !part.open);
    folded.forEach((part) => { part.open = true; });
  });
  window.addEventListener("afterprint", () => folded.forEach((part) => { part.open = false; }));
})();
