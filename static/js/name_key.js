// The address in a certificate's code holds the name key behind «#», which no browser sends. Puts it
// in its field, and takes it out of the address. Without this file one types it from the document.
(() => {
  "use strict";

  const field = document.querySelector("[name=key]");
  const key = decodeURIComponent(window.location.hash.slice(1));
  if (!field || !/^[0-9A-Za-z-]{16,40}$/.test(key)) return;
  if (!field.value) field.value = key;
  window.history.replaceState(null, "", window.location.pathname);
})();
