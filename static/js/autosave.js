// Keeps what is typed in a long form, for its author alone. Without this file one saves oneself.
(() => {
  "use strict";

  const PAUSE = 1500;

  // What is sent in the background carries its token in a header (docs/adr/0003-content-security-policy.md).
  const typed = (form) => {
    const fields = new FormData(form);
    fields.delete("csrfmiddlewaretoken");
    return fields;
  };

  const watch = (form) => {
    const status = form.querySelector("[data-autosave-status]");
    let timer = 0;
    let isSent = false;
    let isUnderWay = false;

    const say = (words) => {
      if (status) status.textContent = words;
    };

    const keep = async () => {
      if (isSent) return;
      if (isUnderWay) {
        timer = window.setTimeout(keep, PAUSE);
        return;
      }
      isUnderWay = true;
      try {
        const answer = await fetch(form.dataset.autosave, {
          method: "POST",
          headers: { "X-CSRFToken": form.dataset.autosaveToken },
          body: typed(form),
        });
        const told = answer.headers.get("Content-Type") || "";
        say(told.includes("json") ? (await answer.json()).said : form.dataset.autosaveFailed);
      } catch {
        say(form.dataset.autosaveFailed);
      }
      isUnderWay = false;
    };

    form.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(keep, PAUSE);
    });
    form.addEventListener("submit", () => {
      isSent = true;
      window.clearTimeout(timer);
    });
    window.addEventListener("pageshow", () => {
      isSent = false;
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("form[data-autosave]").forEach(watch);
  });
})();
