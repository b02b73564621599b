/* What a number is from, or what a word means, shown beside it. Without scripts the same links lead to the list at
   the foot of the page, or to the list of words. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  let open = null;

  const close = (focus) => {
    if (!open) return;
    open.link.setAttribute("aria-expanded", "false");
    open.box.remove();
    if (focus) open.link.focus();
    open = null;
  };

  const show = (link) => {
    const box = document.createElement("span");
    box.className = "forklaringsboks";
    box.setAttribute("role", "status"); // read aloud when it appears
    const text = document.createElement("span");
    text.textContent = link.dataset.forklaring;
    box.append(text);
    if (!link.classList.contains("uten-liste")) {
      const more = document.createElement("a");
      more.href = link.getAttribute("href");
      more.textContent = link.classList.contains("ord") ? "Se ordlisten" : "Se kilden i listen nederst";
      more.addEventListener("click", () => close(false));
      box.append(more);
    }
    link.after(box);
    link.setAttribute("aria-expanded", "true");
    open = { link, box };
    // Inside the page's width, whatever side of the line the word stands on.
    const edge = 12;
    const place = box.getBoundingClientRect();
    const right = document.documentElement.clientWidth - edge;
    const shift = Math.min(0, right - place.right) + Math.max(0, edge - (place.left + Math.min(0, right - place.right)));
    box.style.translate = `${shift}px 0`;
  };

  for (const link of document.querySelectorAll("a.forklaring")) {
    link.setAttribute("role", "button");
    link.setAttribute("aria-expanded", "false");
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.forklaring");
    if (link) {
      event.preventDefault();
      const again = open?.link === link;
      close(false);
      if (!again) show(link);
    } else if (!event.target.closest(".forklaringsboks")) {
      close(false);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
    // A button answers the space bar too.
    if (event.key === " " && event.target.matches?.("a.forklaring")) {
      event.preventDefault();
      event.target.click();
    }
  });

  // The list at the foot of each chapter is folded, but opens for whoever is sent to a row of it.
  const unfold = () => {
    const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    const list = target?.closest("details.tallkilder");
    if (!list) return;
    list.open = true;
    target.scrollIntoView();
  };
  for (const list of document.querySelectorAll("details.tallkilder")) list.open = false;
  unfold();
  window.addEventListener("hashchange", unfold);
});
