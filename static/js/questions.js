// Hides a question that the answers so far do not ask. The server decides; this only tidies.
(() => {
  "use strict";

  const isChosen = (form, name, option) =>
    [...form.elements].some((field) => field.name === name && field.checked && field.value === option);

  const tidy = (form) => {
    form.querySelectorAll("[data-shown-if]").forEach((question) => {
      const asked = document.getElementsByName(question.dataset.shownIf);
      const above = asked.length ? asked[0].closest("[data-shown-if]") : null;
      const isAsked = isChosen(form, question.dataset.shownIf, question.dataset.shownOption);
      question.hidden = !isAsked || Boolean(above && above.hidden);
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-questions]").forEach((questions) => {
      const form = questions.closest("form");
      tidy(form);
      form.addEventListener("change", () => tidy(form));
    });
  });
})();
