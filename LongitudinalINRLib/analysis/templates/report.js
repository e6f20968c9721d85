"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  document.documentElement.classList.add("scripted");

  const slider = document.getElementById("month-slider");
  const output = document.getElementById("month-text");
  const frames = all(".frame");
  const showFrame = () => {
    const index = Number(slider.value);
    frames.forEach((frame, i) => frame.classList.toggle("shown", i === index));
    const { text, kind } = frames[index].dataset;
    const badge = document.createElement("span");
    badge.className = `kind ${kind}`;
    badge.textContent = kind;
    output.replaceChildren(`${text} `, badge);
    slider.setAttribute("aria-valuetext", `${text}, ${kind}`);
  };
  slider.value = Math.max(0, frames.findIndex((frame) => frame.classList.contains("start")));
  slider.addEventListener("input", showFrame);
  showFrame();

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
})();
