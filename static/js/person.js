// The field that a person is chosen in, as a combobox with a list (the pattern of APG). Without this
// file the same form searches by a button, and one chooses among radio buttons.
(() => {
  "use strict";
  const FEWEST_LETTERS = 2;
  const PAUSE = 250;

  const withText = (tag, className, text) => {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  };

  const enhance = (box) => {
    box.dataset.ready = "true";
    const input = box.querySelector("[data-person-words]");
    const foundBy = box.querySelector("[data-person-for]");
    const status = box.querySelector("[role=status]");
    const fieldset = box.querySelector("[data-person-found]");
    const radios = [...box.querySelectorAll("input[type=radio]")];
    const list = document.createElement("ul");
    const key = document.createElement("input");
    // Those that the page has listed: one's own, or those found before.
    const listed = radios.map(({ value, dataset: { name, about, words } }) => ({ key: value, name, about, words }));
    let options = listed;
    let active = -1;
    let waiting;
    let request;

    key.type = "hidden";
    key.name = `${input.name}-id`;
    key.value = radios.find((radio) => radio.checked)?.value ?? "";
    list.id = `${input.id}-liste`;
    list.className = "lp-person__list";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.dataset.label);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    })) input.setAttribute(name, value);
    box.append(key);
    box.querySelector(".lp-person__field").append(list);
    // Enter in another field sends the form by its first button: that must not be a search.
    box.querySelector("[data-person-search]").remove();
    fieldset?.remove();

    const mark = (place) => {
      active = place;
      [...list.children].forEach((option, number) => {
        option.setAttribute("aria-selected", String(number === place));
      });
      const chosen = list.children[place];
      if (chosen) {
        input.setAttribute("aria-activedescendant", chosen.id);
        chosen.scrollIntoView({ block: "nearest" });
      } else input.removeAttribute("aria-activedescendant");
    };
    const close = () => {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      mark(-1);
    };
    const open = () => {
      list.hidden = options.length === 0;
      input.setAttribute("aria-expanded", String(!list.hidden));
    };
    const choose = (place) => {
      const { key: chosen, words, name } = options[place];
      key.value = chosen;
      input.value = foundBy.value = words;
      status.textContent = `${box.dataset.chosen} ${name}`;
      close();
    };
    const show = (people) => {
      options = people;
      list.replaceChildren(...people.map(({ name, about }, number) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${number}`;
        option.className = "lp-person__option";
        option.setAttribute("role", "option");
        option.append(withText("span", "lp-person__name", name));
        if (about) option.append(" ", withText("span", "lp-person__about", about));
        // The field keeps the focus.
        option.addEventListener("mousedown", (event) => event.preventDefault());
        option.addEventListener("click", () => choose(number));
        return option;
      }));
      mark(-1);
    };

    const search = async () => {
      request?.abort();
      request = new AbortController();
      const address = new URL(window.location.href);
      address.search = new URLSearchParams({ [box.dataset.search]: input.value });
      address.hash = "";
      box.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(address, { signal: request.signal, headers: { Accept: "application/json" } });
        // A page instead of an answer: the session is over, or something failed.
        if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) throw new Error("page");
        const { people, status: words } = await answer.json();
        show(people);
        open();
        status.textContent = words;
      } catch (error) {
        if (error.name === "AbortError") return;
        show([]);
        close();
        status.textContent = box.dataset.failed;
      }
      box.removeAttribute("aria-busy");
    };

    input.addEventListener("input", () => {
      key.value = foundBy.value = "";
      clearTimeout(waiting);
      request?.abort();
      if (input.value.trim().length >= FEWEST_LETTERS) {
        waiting = setTimeout(search, PAUSE);
        return;
      }
      status.textContent = "";
      const isEmptied = input.value.trim() === "";
      if (isEmptied && "searched" in box.dataset) {
        // The page lists those it found before; one's own are with the server.
        search();
        return;
      }
      show(isEmptied ? listed : []);
      open();
    });
    input.addEventListener("click", () => {
      if (!key.value) open();
    });
    input.addEventListener("blur", () => {
      clearTimeout(waiting);
      close();
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      const last = options.length - 1;
      if (event.key === "Escape" && !list.hidden) {
        event.stopPropagation();
        close();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && last >= 0) {
        event.preventDefault();
        const isClosed = list.hidden;
        open();
        const step = event.key === "ArrowDown" ? 1 : -1;
        if (isClosed || active < 0) mark(step > 0 ? 0 : last);
        else mark((active + step + options.length) % options.length);
      } else if (event.key === "Enter" && !list.hidden && active >= 0) {
        event.preventDefault();
        choose(active);
      }
    });
    show(listed);
  };

  const enhanceAll = () => document.querySelectorAll("[data-person]:not([data-ready])").forEach(enhance);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", enhanceAll);
  else enhanceAll();
})();
