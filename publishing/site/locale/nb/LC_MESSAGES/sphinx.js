Documentation.addTranslations({
  locale: "nb",
  messages: {
    ", in ": ", i ",
    "Hide Search Matches": "Skjul søketreffene",
    "Preparing search...": "Gjør klar søket …",
    "Search": "Søk",
    "Search Page": "Søkeside",
    "Search Results": "Søkeresultater",
    "Search finished, found ${resultCount} page(s) matching the search query.": "Antall treff: ${resultCount}",
    "Searching": "Søker …",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
      "Søket ga ingen treff. Se etter skrivefeil, eller prøv færre eller andre ord.",
  },
  plural_expr: "(n != 1)",
});
