// Shows in JupyterLab what the roles of a chapter stand for: {verdi}`arsverk.sum` as «2,6 årsverk».
//
// jupyterlab-myst shows a role it does not know as a bare <span> with what stands between the backticks. This finds the
// role's name in the source of the cell, and puts the value in the text of that span. It runs as it stands: a lab
// extension is an object with `get`, and none of this needs to be built.
"use strict";

const ROLE = /\{(verdi|tall|parameter|svar)\}`([^`]+)`/g;
const UNSHOWN = /^:::\{(?:container|med-tall|uten-tall)\}[^]*?^:::\s*$/gm; // jupyterlab-myst shows the source of these
const CONDITION = /^:::\{(?:med-tall|uten-tall)\}[ \t]*(.*)$/gm;
const FRAMES = {
  container: () => "Kort med lenker (åpne for å se dem; nettsiden viser dem som kort)",
  "med-tall": (names) => `Vises når disse tallene finnes: ${names}`,
  "uten-tall": (names) => `Vises når et av disse tallene mangler: ${names}`,
};
const FRESH = 5000; // ms that values are shown without asking whether the data have changed
const STYLE = `
  .rapport-verdi { border-bottom: 1px dotted var(--jp-ui-font-color2); cursor: help; }
  .rapport-svar { font-size: 75%; color: var(--jp-ui-font-color2); }
  .rapport-feil { color: var(--jp-error-color0); font-weight: 600; }
  .rapport-ramme summary { background: var(--jp-layout-color2) !important; }
  .rapport-ramme summary :is(.myst-exercise-header-icon, code) { display: none; }
  .rapport-ramme summary .myst-exercise-title { font-size: 0; padding-left: 8px; }
  .rapport-ramme summary .myst-exercise-title::before {
    content: attr(data-om); font-size: var(--jp-content-font-size1);
  }
  .rapport-ramme pre { font: inherit !important; white-space: pre-wrap !important; background: none !important; }`;

/** The parameters of a notebook: the assignments in its cell tagged `parameters`. */
function parametersOf(notebook) {
  const cell = [...notebook.cells].find((one) => (one.getMetadata("tags") ?? []).includes("parameters"));
  const lines = cell?.sharedModel.getSource().matchAll(/^(\w+)\s*=\s*["'](.*)["']\s*$/gm) ?? [];
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}

/** What to show for a role: text, tooltip and class. `values` are null while they cannot be had. */
function shown(role, written, parameters, values, suggested) {
  if (role === "svar") return [`[svar på ${written.split(/\s+/).join(", ")}]`, "Svarer på disse punktene i mandatet", role];
  if (role === "parameter") {
    return written in parameters
      ? [parameters[written], `Parameteren «${written}»`, "verdi"]
      : [`[finner ikke parameteren «${written}»]`, "Den settes i cellen merket «parameters»", "feil"];
  }
  if (!values) return [`[${written}: tallene kan ikke regnes ut]`, "Kjør «make check» for å se hva som er galt", "feil"];
  const name = written.replace(/\{(\w+)\}/g, (whole, key) => parameters[key] ?? whole);
  const value = values[name];
  if (!value) {
    const near = suggested(name);
    return [`[finner ikke verdien «${name}»${near && `. Mente du «${near}»?`}]`, "Se listen over verdier", "feil"];
  }
  return [
    role === "tall" ? value.siffer : value.tekst,
    `${value.navn}\n${value.id}\nStatus: ${value.status}\nKilde: ${value.kilde}`,
    "verdi",
  ];
}

/** Put what is shown into the spans of one rendered cell. A span remembers what was written there. */
function fill(rendered, source, show) {
  const spans = [...rendered.querySelectorAll("span:not([class]), span.rapport")].filter(
    (span) => span.childNodes.length === 1 && span.firstChild.nodeType === Node.TEXT_NODE,
  );
  for (const [, role, raw] of source.replace(UNSHOWN, "").matchAll(ROLE)) {
    const written = raw.trim();
    const found = spans.findIndex((span) => {
      const text = span.firstChild.nodeValue;
      return (text === span.dataset.vist ? span.dataset.skrevet : text.trim()) === written;
    });
    if (found < 0) continue;
    const [span] = spans.splice(found, 1);
    const [text, title, kind] = show(role, written);
    if (span.firstChild.nodeValue !== text) span.firstChild.nodeValue = text;
    if (span.title !== title) span.title = title;
    if (span.className !== `rapport rapport-${kind}`) span.className = `rapport rapport-${kind}`;
    Object.assign(span.dataset, { skrevet: written, vist: text });
  }
}

/** Frames that only the build knows: jupyterlab-myst tells of an «Unknown Directive», which is no fault. The text of one
    that depends on numbers is opened, with its values. */
function explainFrames(rendered, source, show) {
  const conditions = [...source.matchAll(CONDITION)].map(([, names]) => names.trim().split(/\s+/).join(", "));
  for (const title of rendered.querySelectorAll(".myst-exercise-title")) {
    const name = title.firstChild?.textContent;
    if (!(name in FRAMES)) continue;
    const frame = title.closest("details");
    const told = FRAMES[name](name === "container" ? "" : conditions.shift());
    if (title.dataset.om !== told) title.dataset.om = told;
    if (!frame.classList.contains("rapport-ramme")) {
      frame.classList.add("rapport-ramme");
      frame.open = name !== "container";
    }
    const text = frame.querySelector("pre")?.firstChild;
    if (name === "container" || !text) continue;
    const { dataset } = text.parentElement;
    const written = text.nodeValue === dataset.vist ? dataset.skrevet : text.nodeValue;
    const filled = written.replace(ROLE, (_, role, raw) => show(role, raw.trim())[0]);
    if (text.nodeValue !== filled) text.nodeValue = filled;
    Object.assign(dataset, { skrevet: written, vist: filled });
  }
}

/** The font that the charts are drawn with on the site and in the PDFs. */
function loadFont(folder) {
  for (const [style, weight] of [["Regular", "400"], ["SemiBold", "600"], ["Bold", "700"]]) {
    const face = new FontFace("Rapport Sans", `url(${folder}/RapportSans-${style}.woff2)`, { weight });
    face.load().then((one) => document.fonts.add(one), console.warn);
  }
}

function activate(app) {
  const { baseUrl, token } = app.serviceManager.serverSettings;
  const answers = new Map(); // by question: {answer, at}; the answer is undefined until the first one has come

  /** The latest answer to a question; asks again when it is old, and shows what has changed when it comes. */
  function ask(question, fresh = FRESH) {
    const known = answers.get(question) ?? {};
    if (known.at === undefined || Date.now() - known.at > fresh) {
      answers.set(question, { ...known, at: Date.now() });
      fetch(`${baseUrl}rapport/verdier?${question}`, { headers: token ? { Authorization: `token ${token}` } : {} })
        .then((response) => (response.ok ? response.json() : null))
        .catch(() => null)
        .then((answer) => {
          const changed = JSON.stringify(answer) !== JSON.stringify(answers.get(question).answer);
          answers.set(question, { answer, at: Date.now() });
          if (changed) schedule();
        });
    }
    return known.answer;
  }

  function showAll() {
    for (const panel of app.shell.widgets("main")) {
      const notebook = panel.content?.model;
      if (!notebook?.cells || !panel.isVisible) continue;
      const own = parametersOf(notebook);
      const area = encodeURIComponent(own.omrade ?? "felles");
      const answer = ask(`omrade=${area}`);
      if (answer === undefined) continue;
      const values = answer?.verdier;
      const parameters = { ...answer?.parametre, ...own };
      const suggested = (name) => ask(`omrade=${area}&ukjent=${encodeURIComponent(name)}`, Infinity)?.forslag ?? "";
      for (const cell of panel.content.widgets) {
        if (cell.model.type !== "markdown") continue;
        for (const rendered of cell.node.querySelectorAll(".myst")) {
          const source = cell.model.sharedModel.getSource();
          const show = (role, written) => shown(role, written, parameters, values, suggested);
          explainFrames(rendered, source, show);
          fill(rendered, source, show);
        }
      }
    }
  }

  let scheduled = 0;
  function schedule() {
    scheduled ||= setTimeout(() => {
      scheduled = 0;
      showAll();
    }, 100);
  }

  loadFont(`${baseUrl}rapport/skrift`);
  document.head.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
  const observed = { subtree: true, childList: true, characterData: true, attributeFilter: ["class"] };
  new MutationObserver(schedule).observe(document.body, observed);
  window.addEventListener("focus", schedule); // back from Excel, the data may be others
}

const plugin = { id: "rapport-verdier:plugin", autoStart: true, activate };
(window._JUPYTERLAB ??= {})["rapport-verdier"] = {
  init() {},
  get: async () => () => ({ __esModule: true, default: plugin }),
};
