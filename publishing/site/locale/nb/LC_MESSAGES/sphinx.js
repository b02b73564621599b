/* What Sphinx's search says, in bokmål. Not by Documentation.addTranslations: it makes a function of a text,
   which the Content-Security-Policy of the pages does not allow. */
Documentation.LOCALE = "nb";
Object.assign(Documentation.TRANSLATIONS, {
  ", in ": ", i ",
  "Hide Search Matches": "Skjul søketreffene",
  "Preparing search...": "Gjør klar søket …",
  "Search Results": "Søkeresultater",
  "Search finished, found ${resultCount} page(s) matching the search query.": "Antall sider med treff: ${resultCount}",
  "Searching": "Søker",
  "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
    "Søket ga ingen treff. Se etter skrivefeil, eller prøv færre eller andre ord.",
});
