// Sends what is typed to the server as a draft, soon after the typing pauses. What a draft means is decided there.

const PAUSE = 1500;
const RETRIES = [5, 10, 20, 30];

export function keepDraft(form, status) {
  let timer = null;
  let underWay = null;
  let unsaved = false;
  let again = false;
  let failures = 0;
  let stopped = false;

  // The same words again are not announced again.
  function say(words, problem = false) {
    if (status.textContent !== words) {
      status.textContent = words;
    }
    status.classList.toggle("towpath-draft-status--problem", problem);
  }

  function plan(milliseconds) {
    clearTimeout(timer);
    if (!stopped) {
      timer = setTimeout(save, milliseconds);
    }
  }

  function save() {
    clearTimeout(timer);
    if (stopped || !unsaved || underWay) {
      return;
    }
    unsaved = false;
    again = false;
    underWay = send().finally(() => {
      underWay = null;
      if (again && failures === 0) {
        plan(PAUSE);
      }
    });
  }

  async function send() {
    try {
      const response = await fetch(form.dataset.draft, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
        keepalive: document.visibilityState === "hidden",
      });
      const answer = await response.json();
      if (response.ok) {
        failures = 0;
        form.elements._version.value = answer.version;
        say(answer.message);
      } else if (response.status >= 500) {
        tryAgain();
      } else {
        // Too long can be made shorter; anything else needs the page to be opened again.
        stopped = response.status !== 422;
        unsaved = true;
        say(answer.message, true);
      }
    } catch {
      tryAgain();
    }
  }

  function tryAgain() {
    unsaved = true;
    const seconds = RETRIES[Math.min(failures, RETRIES.length - 1)];
    failures += 1;
    say("Your draft is not saved: the service cannot be reached. What you typed is still on this page. Trying again.", true);
    plan(seconds * 1000);
  }

  function changed() {
    unsaved = true;
    again = true;
    if (failures === 0) {
      plan(PAUSE);
    }
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      save();
    }
  });

  // A save still under way carries the version that this submission needs.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    stopped = true;
    unsaved = false;
    if (underWay) {
      event.preventDefault();
      underWay.finally(() => form.requestSubmit(event.submitter));
    }
  });

  window.addEventListener("beforeunload", (event) => {
    if (unsaved && (failures > 0 || stopped)) {
      event.preventDefault();
    }
  });

  say("What you type is saved as a draft while you type.");

  return {
    announce: say,
    isSaved: () => !unsaved && !underWay && failures === 0,
    // Whether everything on the page is now in the draft.
    async saveNow() {
      await underWay;
      save();
      await underWay;
      return this.isSaved();
    },
  };
}
