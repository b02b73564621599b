/* The page of values: a field that shows only the rows with all the words, in name, text, description or status. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const first = document.querySelector("section .verdiliste")?.closest("section");
  if (!first) return;
  // «årsverk», «arsverk» and «Årsverk» are the same.
  const plain = (text) => text.toLowerCase().replaceAll("å", "a").replaceAll("ø", "o").replaceAll("æ", "ae").replace(/\s+/g, " ");

  const box = document.createElement("div");
  box.className = "verdisok";
  box.innerHTML =
    '<label for="verdisok">Søk i verdiene</label><input type="search" id="verdisok" autocomplete="off" spellcheck="false">' +
    '<p role="status"></p>';
  first.before(box);
  const field = box.querySelector("input");
  const status = box.querySelector("p");

  const groups = [...document.querySelectorAll("table")].map((table) => {
    const area = table.closest("section");
    const prefix = `${area.id.replace("verdier-", "")} ${area.querySelector("h2").textContent}`;
    return {
      frame: table.closest(".verdiliste"),
      area,
      rows: [...table.tBodies[0].rows].map((row) => ({ row, text: plain(`${prefix} ${row.textContent}`) })),
    };
  });

  const filter = () => {
    const words = plain(field.value).split(" ").filter(Boolean);
    let count = 0;
    const areas = new Set();
    for (const { frame, area, rows } of groups) {
      let here = 0;
      for (const { row, text } of rows) {
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) here += 1;
      }
      count += here;
      frame.hidden = here === 0;
      if (here) areas.add(area);
      if (frame.tagName === "DETAILS") frame.open = words.length > 0 && here > 0;
    }
    for (const { area } of groups) area.hidden = !areas.has(area);
    status.textContent = words.length ? (count === 0 ? "Ingen verdier har alle ordene." : `Viser ${count} ${count === 1 ? "verdi" : "verdier"}.`) : "";
  };
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 150);
  });
});
