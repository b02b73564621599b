/* The explorer of savings and keys. It computes with whole øre and exact fractions, as analysis/sharing.py does,
   so that the page and the tables never differ. Without scripts the tables on the page hold the same numbers. */
"use strict";

(() => {
  const THIN = "\u202f", NBSP = "\u00a0", MINUS = "\u2212";
  const HIGHEST = 40;

  const kroner = (ore) => {
    const whole = (ore < 0n ? -ore : ore) + 50n;
    const text = (whole / 100n).toString().replace(/\B(?=(\d{3})+$)/g, THIN);
    const sign = text === "0" ? "" : ore < 0n ? MINUS : "+";
    return `${sign}${text}${NBSP}kr`;
  };

  // Half to even, as Python rounds: a / b for positive numbers.
  const rounded = (a, b) => {
    const whole = a / b, twice = 2n * (a % b);
    return twice > b || (twice === b && whole % 2n === 1n) ? whole + 1n : whole;
  };

  // The joint cost shared by largest remainder; returns each municipality's gain in øre.
  const gains = (variant, key, saving) => {
    const places = Object.keys(variant.costs);
    const today = Object.fromEntries(places.map((place) => [place, BigInt(variant.costs[place])]));
    const total = places.reduce((sum, place) => sum + today[place], 0n);
    const joint = rounded(total * BigInt(100 - saving), 100n);
    const exact = places.map((place) => {
      const [over, under] = key.weights[place].map(BigInt);
      return { place, whole: (joint * over) / under, rest: (joint * over) % under, under };
    });
    let left = joint - exact.reduce((sum, one) => sum + one.whole, 0n);
    // Remainders are compared as fractions; ties go to the one that comes first.
    const order = [...exact].sort((a, b) => {
      const difference = b.rest * a.under - a.rest * b.under;
      return difference > 0n ? 1 : difference < 0n ? -1 : 0;
    });
    for (const one of order) {
      if (left <= 0n) break;
      one.whole += 1n;
      left -= 1n;
    }
    return Object.fromEntries(exact.map((one) => [one.place, today[one.place] - one.whole]));
  };

  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };

  const build = (box, number) => {
    const model = JSON.parse(box.dataset.modell);
    const id = (name) => `utforsker-${number}-${name}`;

    const slider = element("input", { type: "range", min: 0, max: HIGHEST, step: 1, value: model.saving, id: id("innsparing") });
    const shown = element("output", { for: id("innsparing") });
    const chosen = element("select", { id: id("nokkel") });
    for (const key of model.variants[0].keys) chosen.append(element("option", { value: key.id }, key.name));
    const clerical = element("input", { type: "checkbox", id: id("merkantile") });

    const controls = element("div", { class: "utforsker-valg" },
      element("p", {}, element("label", { for: id("innsparing") }, "Innsparing"), slider, shown),
      element("p", {}, element("label", { for: id("nokkel") }, "Fordelingsnøkkel"), chosen));
    if (model.variants.length > 1) {
      controls.append(element("p", { class: "kryss" }, clerical, element("label", { for: id("merkantile") }, model.variants[1].name)));
    }

    const bars = {};
    const list = element("ul", { class: "utforsker-soyler", role: "list" });
    for (const place of model.places) {
      const bar = element("span", { class: "strek" });
      const amount = element("span", { class: "belop" });
      bar.style.backgroundColor = place.colour;
      bars[place.slug] = { bar, amount };
      list.append(element("li", {}, element("span", { class: "navn" }, place.name), element("span", { class: "bane", "aria-hidden": "true" }, bar), amount));
    }
    const verdict = element("p", { class: "utforsker-dom", role: "status" });

    const update = () => {
      const variant = model.variants[clerical.checked ? 1 : 0];
      const key = variant.keys.find((one) => one.id === chosen.value);
      const saving = Number(slider.value);
      shown.textContent = `${saving}${NBSP}prosent`;
      slider.setAttribute("aria-valuetext", `${saving} prosent`);
      const found = gains(variant, key, saving);
      // One scale for all settings, so that bars can be compared while the reader moves the slider.
      const scale = Number(model.scale);
      for (const place of model.places) {
        const { bar, amount } = bars[place.slug];
        const share = Math.max(-1, Math.min(1, Number(found[place.slug]) / scale));
        bar.style.width = `${50 * Math.abs(share)}%`;
        bar.style.left = share < 0 ? `${50 - 50 * Math.abs(share)}%` : "50%";
        amount.textContent = kroner(found[place.slug]);
      }
      const losers = model.places.filter((place) => found[place.slug] < 0n).map((place) => place.name);
      verdict.textContent = losers.length
        ? `${new Intl.ListFormat("nb").format(losers)} betaler mer enn i dag.`
        : "Ingen kommune betaler mer enn i dag.";
    };
    for (const control of [slider, chosen, clerical]) control.addEventListener("input", update);
    update();
    box.replaceChildren(element("p", { class: "utforsker-tittel", id: id("tittel") }, model.tittel), controls, list, verdict);
    box.setAttribute("role", "group");
    box.setAttribute("aria-labelledby", id("tittel"));
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".utforsker[data-modell]").forEach(build));
})();
