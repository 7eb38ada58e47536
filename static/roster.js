// Drag a slot of the month to another day, and by lawyer to another lawyer; the form of the page
// does the rest. Without this script each slot leads to its own page, where a form moves it.
"use strict";
(() => {
  const form = document.getElementById("move");
  const grid = document.querySelector(".roster");
  if (!form || !grid) return;
  const wide = matchMedia("(min-width: 992px)");
  let dragged = null;
  const arm = () => {
    for (const slot of grid.querySelectorAll("[data-slot]")) slot.draggable = wide.matches;
  };
  arm();
  wide.addEventListener("change", arm);

  function target(event) {
    const row = event.target.closest?.(".roster-days");
    if (!row || !dragged) return null;
    const box = row.getBoundingClientRect();
    const count = Number(grid.dataset.days);
    const day = Math.floor(((event.clientX - box.left) / box.width) * count) + 1;
    return day < 1 || day > count ? null : { row, day };
  }
  const mark = (found) => {
    for (const one of grid.querySelectorAll(".roster-head .over")) one.classList.remove("over");
    for (const one of grid.querySelectorAll(".roster-days.over")) one.classList.remove("over");
    if (!found) return;
    found.row.classList.add("over");
    grid.querySelector(`.roster-head .d${found.day}`)?.classList.add("over");
  };
  grid.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-slot]");
    if (dragged) event.dataTransfer.setData("text/plain", dragged.dataset.slot);
  });
  grid.addEventListener("dragend", () => { dragged = null; mark(null); });
  grid.addEventListener("dragover", (event) => {
    const found = target(event);
    if (found) event.preventDefault();
    mark(found);
  });
  grid.addEventListener("drop", (event) => {
    const found = target(event);
    if (!found) return;
    event.preventDefault();
    const home = dragged.closest(".roster-days");
    if (form.dataset.by === "community" && found.row !== home) return;
    form.action = dragged.href;
    form.elements.revision.value = dragged.dataset.revision;
    form.elements.starts.value = dragged.dataset.starts;
    form.elements.ends.value = dragged.dataset.ends;
    form.elements.adviser_id.value = found.row.dataset.adviser || dragged.dataset.adviser;
    form.elements.day.value = `${grid.dataset.month}-${String(found.day).padStart(2, "0")}`;
    form.submit();
  });
})();
