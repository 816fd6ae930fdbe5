// Small comforts. Every page works without this file.
(() => {
  "use strict";

  // An open menu closes on Escape, on a click beside it, and when the focus goes on past it.
  const menus = () => document.querySelectorAll("details.lp-menu[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", (event) => {
    menus().forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("focusin", (event) => {
    menus().forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // What went wrong is read first, also when htmx put it there.
  const showErrors = (root) => {
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  };
  document.addEventListener("DOMContentLoaded", () => showErrors(document));
  document.addEventListener("htmx:afterSwap", (event) => showErrors(event.target));

  // What a search found is said aloud. A region that is put in anew is not heard, so one stays on
  // the page and takes over the words; and not the same ones again.
  const found = () =>
    [...document.querySelectorAll("[data-said]")].map((one) => one.textContent.trim()).join(" ");
  let said = "";
  document.addEventListener("DOMContentLoaded", () => { said = found(); });
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.target.querySelector?.("[data-said]");
    const words = part ? part.textContent.trim() : found();
    const region = document.getElementById("sagt");
    if (!region || words === said) return;
    region.textContent = said = words;
  });

  // A request of htmx that fails changes nothing on the page, and says so. What the server says in
  // plain text is for the person; a page of error is not.
  const failed = () => document.getElementById("foresporsel-feilet");
  const tell = (words) => {
    const region = failed();
    if (region) region.textContent = words;
  };
  const sayUnreachable = () => tell(failed()?.dataset.unreachable ?? "");
  // Whom one has ticked stays ticked when the list is searched. Here and not in the page's markup:
  // what reaches into other forms is nothing that words in a page may ask for.
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (!detail.elt.matches("form[data-keeps-ticks]")) return;
    for (const one of document.querySelectorAll("#deltakere [name=til]")) {
      if (one.type === "hidden" || one.checked) detail.formData.append("til", one.value);
    }
  });
  document.addEventListener("htmx:sendError", sayUnreachable);
  document.addEventListener("htmx:timeout", sayUnreachable);
  document.addEventListener("htmx:responseError", ({ detail: { xhr, requestConfig } }) => {
    const isPlain = (xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain");
    const { notSaved, notUpdated } = failed()?.dataset ?? {};
    if (isPlain) tell(xhr.responseText);
    else tell(requestConfig.verb === "get" ? notUpdated : notSaved);
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful) tell("");
  });

  // A part that is refreshed by itself is left alone while somebody is in it: the next round comes.
  const isUnasked = (config) => (config?.elt?.getAttribute("hx-trigger") ?? "").startsWith("every");
  const holdsFocus = (part) => part.contains(document.activeElement);
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (isUnasked(detail.requestConfig) && holdsFocus(detail.target)) detail.shouldSwap = false;
  });

  // What takes its time is shown to be under way.
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (!isUnasked(detail.requestConfig)) detail.target?.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    detail.target?.removeAttribute("aria-busy");
  });

  // Passkeys are the browser's own, and only a script can ask for them.
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-needs-script]").forEach((button) => {
      button.hidden = false;
    });
  });

  // A passkey that the browser does not find or the person does not give is told of, in our words.
  const PASSKEY_FAULTS = {
    NotAllowedError: "cancelled",
    AbortError: "cancelled",
    InvalidStateError: "known",
    ConstraintError: "notPossible",
  };
  document.addEventListener("allauth.error", ({ detail }) => {
    const words = document.getElementById("passkey-failed")?.dataset;
    if (words) tell(words[PASSKEY_FAULTS[detail.exception?.name]] ?? words.other);
  });

  // An address that was typed for a password is there when a code is asked for instead. It stays in
  // this window, and until then.
  const CARRIED = "address";
  document.addEventListener("click", ({ target }) => {
    const typed = target.closest("[data-carries-address]") && document.querySelector("[type=email]");
    if (typed?.value) sessionStorage.setItem(CARRIED, typed.value);
  });
  document.addEventListener("DOMContentLoaded", () => {
    const field = document.querySelector("[data-takes-address] [type=email]");
    if (!field) return;
    field.value ||= sessionStorage.getItem(CARRIED) ?? "";
    sessionStorage.removeItem(CARRIED);
  });

  // What a seminar's door keeps on the machine (door_store.js) is one person's while they are signed
  // in: the page of another, or of nobody, takes it away. The queue has no name in it, and stays.
  const DOOR = { mark: "lp-door", cache: "lp-door", list: "lp-door-list" };
  const letGoOfDoor = () => {
    localStorage.removeItem(DOOR.mark);
    indexedDB.deleteDatabase(DOOR.list);
    window.caches?.delete(DOOR.cache);
    navigator.serviceWorker?.getRegistrations().then((all) => all.forEach((one) => one.unregister()));
  };
  document.addEventListener("DOMContentLoaded", () => {
    const { user } = document.body.dataset;
    const holder = localStorage.getItem(DOOR.mark);
    if (holder && user !== undefined && user !== holder) letGoOfDoor();
  });

  // A form is sent once, however often its button is pressed; going back makes it usable again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method.toLowerCase() !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (!form.hasAttribute("data-download")) form.dataset.sent = "true";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
})();
