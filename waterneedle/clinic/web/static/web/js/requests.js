// Requests that fail say so, and change nothing on the page: what was typed stays.
import { toast } from "web/toasts";

const words = document.body.dataset;
const refused = new Set([400, 403, 404, 405, 409, 410, 413, 429]);

// A part of the page that renews itself is nobody's use of the session, and keeps no page open that everybody has left; but who
// shows somebody that is being watched after an injection (`data-keeps-open`) must not go dark.
document.addEventListener("htmx:config:request", (event) => {
  const { sourceEvent, sourceElement, request } = event.detail.ctx;
  if (sourceEvent?.type === "every" && !("keepsOpen" in sourceElement.dataset)) request.headers["X-Background"] = "1";
});
document.addEventListener("htmx:before:response", (event) => {
  const raw = event.detail.ctx.response?.raw;
  // Signed out meanwhile: fetch has followed the redirect, and what came is the page to sign in.
  if (raw?.status === 401 || (raw?.redirected && new URL(raw.url).pathname === words.signIn)) {
    event.preventDefault();
    toast(words.wordSignedOut, "warn");
  }
});
document.addEventListener("htmx:response:error", (event) => {
  const status = event.detail.ctx.response?.raw?.status;
  if (status === 503) toast(words.wordBusy, "warn");
  else if (status >= 500) toast(words.wordFailed, "block");
  else if (refused.has(status)) toast(words.wordRefused, "warn");
});
document.addEventListener("htmx:error", (event) => {
  if (event.detail.error && !event.detail.ctx?.response) toast(words.wordOffline, "warn");
});
