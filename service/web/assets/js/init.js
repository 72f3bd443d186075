// Starts what a page needs in the browser. Every page works without it.
import { initAll } from "./govuk-frontend.min.js";
import { keepDraft } from "./draft.js";
import { followAnswers } from "./questions.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
initAll();

const form = document.querySelector("form[data-draft]");
if (form) {
  followAnswers(form, keepDraft(form, document.getElementById("draft-status")));
}
