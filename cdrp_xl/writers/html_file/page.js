"use strict";
// Tables are read as they stand without this; with it, each heading is a button that sorts its table. No "less than"
// and no "and" is written here by their signs, so that the whole page is well-formed XML, which can be checked.
const held = cell => {
  const told = cell.querySelector("data, time");
  if (!told) return cell.textContent.trim();
  return told.tagName === "DATA" ? Number(told.value) : Date.parse(told.dateTime);
};
const isFigure = value => typeof value === "number";
const compare = (one, other) => {
  if (isFigure(one) !== isFigure(other)) return isFigure(one) ? -1 : 1;
  return isFigure(one) ? one - other : one.localeCompare(other, "en-GB", {numeric: true});
};
for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0], rows = [...body.rows], heads = [...table.tHead.rows[0].cells];
  if (2 > rows.length) continue;
  heads.forEach((head, at) => {
    if (!rows.some(row => row.cells[at].textContent.trim())) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const next = {none: "ascending", ascending: "descending", descending: "none"}[head.getAttribute("aria-sort")];
      const sorted = next === "none" ? rows : [...rows].sort((row, other) => {
        const [one, two] = [held(row.cells[at]), held(other.cells[at])];
        const isAlike = isFigure(one) === isFigure(two);
        return (isAlike ? next : "") === "descending" ? compare(two, one) : compare(one, two);
      });
      for (const each of heads) if (each.hasAttribute("aria-sort")) each.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", next);
      body.append(...sorted);
    });
  });
}
// A key stops at a table only where there is more of it at the side.
const fit = () => {
  for (const each of document.querySelectorAll(".table")) {
    if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
    else each.removeAttribute("tabindex");
  }
};
fit();
addEventListener("resize", fit);
