/* The little the pages need besides the theme's own scripts. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  // The search page: the field is ready to type in.
  const field = document.querySelector(".bd-search-container input[type=search]");
  if (field) {
    field.focus();
    field.select();
  }

  // The menu and the contents, where they lie over the page: named, and closed with a button too.
  for (const [id, label] of [["pst-primary-sidebar-modal", "Meny"], ["pst-secondary-sidebar-modal", "På denne siden"]]) {
    document.getElementById(id)?.setAttribute("aria-label", label);
  }
  for (const [dialog, opener] of [["pst-primary-sidebar-modal", ".primary-toggle"], ["pst-secondary-sidebar-modal", ".secondary-toggle"]]) {
    // The theme moves the menu into its box and back, and the focus is lost on the way.
    document.getElementById(dialog)?.addEventListener("close", () => {
      setTimeout(() => document.querySelector(opener)?.focus());
    });
  }
  for (const button of document.querySelectorAll(".lukk")) {
    button.addEventListener("click", () => button.closest("dialog")?.close());
  }

  // The button says in words which colours are in use.
  const names = { light: "lyse", dark: "mørke", auto: "som systemet" };
  const button = document.querySelector(".theme-switch-button");
  const name = () => {
    const text = `Farger: ${names[document.documentElement.dataset.mode] || names.auto}`;
    button.setAttribute("aria-label", text);
    button.title = text;
  };
  if (button) {
    name();
    new MutationObserver(name).observe(document.documentElement, { attributeFilter: ["data-mode"] });
  }

  // What is folded away on the screen is shown on paper.
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const element of closed) element.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const element of closed) element.open = false;
  });
});
