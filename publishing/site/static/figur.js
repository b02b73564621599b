/* Tells what a mark of a chart says when the pointer or a finger is on it, and lets the others step back.
   Everything it tells stands in the table below the chart too, so nothing is lost without it. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const box = document.createElement("div");
  box.className = "figurboks";
  box.hidden = true;
  box.setAttribute("aria-hidden", "true"); // a screen reader has heard the text alternative

  const hide = () => {
    box.hidden = true;
    for (const mark of document.querySelectorAll("svg[data-valgt] .valgt")) mark.classList.remove("valgt");
    for (const chart of document.querySelectorAll("svg[data-valgt]")) delete chart.dataset.valgt;
  };

  const show = (event) => {
    const mark = event.target.closest("[data-om]");
    hide();
    if (!mark) return;
    const chart = mark.closest("svg");
    chart.dataset.valgt = "";
    mark.classList.add("valgt");
    box.textContent = mark.dataset.om;
    box.hidden = false;
    const width = document.documentElement.clientWidth;
    const left = Math.min(event.clientX + 12, width - box.offsetWidth - 8);
    box.style.left = `${Math.max(8, left)}px`;
    box.style.top = `${Math.max(8, event.clientY - box.offsetHeight - 12)}px`;
  };

  // Charts wake up when they come into view.
  const watch = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      target.addEventListener("pointermove", show);
      target.addEventListener("pointerdown", show);
      target.addEventListener("pointerleave", hide);
    }
  });
  const charts = document.querySelectorAll("figure.figur svg");
  if (!charts.length) return;
  document.body.append(box);
  for (const chart of charts) watch.observe(chart);
  window.addEventListener("scroll", hide, { passive: true });
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
});
