/* Light or dark, set before anything is drawn, so that the page does not flash. A file of its own, since the
   Content-Security-Policy allows no scripts inside the pages. */
(() => {
  const page = document.documentElement;
  let mode = null;
  try {
    mode = localStorage.getItem("mode");
  } catch {
    // The browser is set to store nothing: then the page follows the system.
  }
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  page.dataset.mode = mode || "auto";
  page.dataset.theme = mode === "dark" || mode === "light" ? mode : dark ? "dark" : "light";
})();
