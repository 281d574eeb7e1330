// Drafts save themselves: a form[data-autosave="/address"] is posted there one second after the last change, when the page is left, and again
// while there is no answer. The server answers {"version": n, "at": "14:03"}; the version goes back with the next save, and a 409
// means that somebody else has saved meanwhile: then nothing is overwritten, and a person decides. What is shown stands in
// [data-saved] of the form, with its words (see _saved.html).
const WAIT_MS = 1000, RETRY_MS = 4000;

export function autosave(form) {
  if (form.dataset.autosaving) return;
  form.dataset.autosaving = "1";
  const shown = form.querySelector("[data-saved]");
  let timer, busy = false, again = false, stopped = false, sending;

  function say(state, at = "") {
    if (!shown) return;
    shown.dataset.state = state;
    shown.querySelector("span").textContent = (shown.dataset[state] ?? "").replace("%s", at);
  }
  function later(ms = WAIT_MS) {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(save, ms);
  }
  async function save(leaving = false) {
    clearTimeout(timer);
    if (stopped) return;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    again = false;
    say("saving");
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), keepalive: leaving, headers: { Accept: "application/json" } });
      if (answer.redirected || answer.status === 401 || answer.status === 403) say("signedout");
      else if (answer.status === 409) {
        stopped = true;
        say("conflict");
      } else if (!answer.ok) {
        say("failed");
        later(RETRY_MS);
      } else {
        const told = await answer.json();
        const version = form.elements.namedItem("version");
        if (version && told.version !== undefined) version.value = told.version;
        say("done", told.at ?? "");
        form.dispatchEvent(new CustomEvent("autosave:done", { bubbles: true, detail: told }));
      }
    } catch {
      say("offline");
      later(RETRY_MS);
    }
    busy = false;
    if (sending) {
      const { submitter } = sending;
      sending = undefined;
      form.requestSubmit(submitter);
    } else if (again) later(0);
  }
  let changed = false;
  const note = () => {
    changed = true;
    later();
  };
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  // A draft that is on its way changes the version: the form is sent once it has come back, or it would be refused as the older one.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!busy) return;
    event.preventDefault();
    sending = { submitter: event.submitter };
  });
  form.addEventListener("autosave:done", () => { changed = again; });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && changed) save(true); });
  addEventListener("online", () => { if (changed) save(); });
}

export function autosaves(root = document) {
  root.querySelectorAll("form[data-autosave]").forEach(autosave);
}
autosaves();
document.addEventListener("htmx:after:swap", () => autosaves());
