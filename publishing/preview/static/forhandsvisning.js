// Loads the page again when the server has another version of it, and puts a message about faults in front.
(function () {
  "use strict";
  var shown = document.currentScript.dataset.utgave;
  var source = new EventSource("/forhandsvisning/hendelser?side=" + encodeURIComponent(decodeURIComponent(location.pathname)));
  source.onmessage = function (event) {
    if (event.data !== shown) {
      source.close();
      location.reload(); // the browser keeps the place on the page
    }
  };
  window.addEventListener("pagehide", function () { source.close(); });
  var message = document.getElementById("forhandsvisning-feil");
  if (message) {
    message.focus({ preventScroll: true });
  }
})();
