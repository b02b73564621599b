/* The search page. It looks through the texts in sokeindeks.js (made by publishing/site/search.py): all words must be
   found, in any form, with or without the dots and rings of æ, ø and å. The place that fits best comes first. */
"use strict";

(() => {
  const MOST = 40; // results shown
  const AROUND = 110; // letters of text before and after a word found

  const stemmer = new NorwegianStemmer();
  const WORD = /§|[\p{L}\d]+(?:[-.,/]\d+)*/gu;

  // «årsverk», «aarsverk» and «arsverk» are alike, and so are «nøkkel», «nokkel» and the stem of «nøkler».
  const fold = (word) => word.replace(/å|aa/g, "a").replace(/ø|oe|ö/g, "o").replace(/æ|ae|ä/g, "e");
  const known = new Map();
  const stem = (word) => {
    if (!known.has(word)) {
      const short = fold(stemmer.stemWord(word)).replace(/([b-df-hj-np-tv-xz])\1/g, "$1").replace(/([bdfgkpst])e([lrn])$/, "$1$2");
      known.set(word, short);
    }
    return known.get(word);
  };

  // «2 080 000» is one number, whatever spaces stand in it.
  const joined = (text) => text.replace(/(\d)[ \u00a0\u202f](?=\d{3}(?!\d))/g, "$1");
  const words = (text) => [...joined(text.toLowerCase()).matchAll(WORD)].map((found) => stem(found[0]));

  const element = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };

  // How well a word asked for fits a word of the text: the same, its beginning, or a part of it («nøkkel» in «fordelingsnøkkel»).
  const fit = (asked, word) => (word === asked ? 4 : asked.length < 3 ? 0 : word.startsWith(asked) ? 2 : asked.length > 3 && word.includes(asked) ? 1 : 0);
  const best = (asked, list) => list.reduce((most, word) => Math.max(most, fit(asked, word)), 0);

  const entries = SOKEINDEKS.map((entry) => ({ ...entry, hode: words(entry.tittel), over: words(`${entry.rapport} ${entry.kapittel}`), ord: words(entry.tekst) }));

  const search = (query) => {
    const asked = words(query);
    if (!asked.length) return [];
    const found = [];
    for (const entry of entries) {
      let points = 0;
      const fits = asked.every((word) => {
        const here = 6 * best(word, entry.hode) + 2 * best(word, entry.ord);
        const above = best(word, entry.over);
        points += here + above;
        return here + above > 0;
      });
      // A place that is called just what is asked for, such as the word in the list of words, comes first.
      if (entry.hode.length === asked.length && asked.every((word) => best(word, entry.hode) === 4)) points += 12;
      // At least one word must stand in the place itself, not only in the name of its chapter.
      if (fits && asked.some((word) => best(word, entry.hode) || best(word, entry.ord))) found.push({ entry, points });
    }
    return found.sort((a, b) => b.points - a.points).map((one) => one.entry);
  };

  // The text around the first word found, with every word found marked.
  const excerpt = (text, asked) => {
    const whole = [...text.matchAll(WORD)].map((found) => ({ at: found.index, length: found[0].length, stem: stem(found[0].toLowerCase()) }));
    const hits = whole.filter((word) => asked.some((one) => fit(one, word.stem)));
    const first = hits.length ? hits[0].at : 0;
    const space = (from, to) => (from <= 0 ? 0 : text.indexOf(" ", from) + 1 || to);
    const start = space(first - AROUND, first);
    const end = Math.min(text.length, text.indexOf(" ", first + AROUND) < 0 ? text.length : text.indexOf(" ", first + AROUND));
    const parts = [start > 0 ? "… " : ""];
    let from = start;
    for (const hit of hits) {
      if (hit.at < start || hit.at + hit.length > end) continue;
      parts.push(text.slice(from, hit.at), element("mark", {}, text.slice(hit.at, hit.at + hit.length)));
      from = hit.at + hit.length;
    }
    parts.push(text.slice(from, end), end < text.length ? " …" : "");
    return element("p", { class: "utdrag" }, ...parts);
  };

  document.addEventListener("DOMContentLoaded", () => {
    const query = (new URLSearchParams(location.search).get("q") || "").trim();
    const field = document.querySelector(".bd-search-container input[type=search]");
    const status = document.getElementById("sokestatus");
    const list = document.getElementById("sokeresultat");
    field.value = query;
    if (!query) return;
    const found = search(query);
    const asked = words(query);
    document.title = `${query} – ${document.title}`;
    if (!found.length) {
      status.textContent = `Ingen treff på «${query}». Prøv færre eller andre ord, eller bare begynnelsen av ordet.`;
      return;
    }
    const shown = Math.min(found.length, MOST);
    status.textContent = `${found.length} treff på «${query}»${shown < found.length ? `. De ${shown} beste vises` : ""}.`;
    for (const entry of found.slice(0, MOST)) {
      const where = [entry.rapport, entry.kapittel].filter((name) => name && name !== entry.tittel).join(" › ");
      list.append(element("li", {},
        element("h2", {}, element("a", { href: entry.sted }, entry.tittel || entry.kapittel)),
        ...(where ? [element("p", { class: "hvor" }, where)] : []),
        excerpt(entry.tekst, asked)));
    }
  });
})();
