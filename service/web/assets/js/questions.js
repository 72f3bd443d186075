// Shows the questions that an answer calls for, from the page as the server draws it. Which those are is decided there.
import { initAll } from "./govuk-frontend.min.js";

export function followAnswers(form, draft) {
  form.addEventListener("change", async (event) => {
    if (!event.target.closest("[data-decides]")) {
      return;
    }
    // Only a draft that holds everything on this page may be drawn over it.
    if (!(await draft.saveNow())) {
      return;
    }
    const answer = await fetch(form.getAttribute("action"), { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer && answer.ok && draft.isSaved()) {
      redraw(new DOMParser().parseFromString(await answer.text(), "text/html"), draft);
    }
  });

  function redraw(page, draft) {
    const drawn = page.getElementById("questions");
    const questions = document.getElementById("questions");
    if (!drawn || !draft.isSaved() || namesIn(drawn) === namesIn(questions)) {
      return;
    }
    const focused = document.activeElement ? document.activeElement.id : "";
    const here = questions.contains(document.activeElement);
    questions.replaceChildren(...drawn.childNodes);
    initAll({ scope: questions });
    if (here && focused) {
      document.getElementById(focused)?.focus();
    }
    draft.announce("The questions below have changed to follow your answer.");
  }

  function namesIn(part) {
    return [...part.querySelectorAll("[name]")].map((control) => control.name).join();
  }
}
