// The signature: a passkey is asked, the server mints a proof for its answer, and with the proof the form is sent. Without a passkey,
// or without script, the password signs. Ctrl+Enter takes the way that stands first.
import { key } from "web/keys";

const STAY = { preventScroll: true }; // what is signed is read first

const button = document.getElementById("passkey");
const form = document.querySelector("form[data-sign]");

// What has to be said before who says it is proved, such as why somebody does not countersign.
const unsaid = () => form.querySelector("textarea:invalid");

async function prove() {
  const asked = await fetch(button.dataset.passkey, { headers: { Accept: "application/json" } });
  if (!asked.ok || asked.redirected) return { problem: button.dataset.wordsFailed };
  let credential;
  try {
    credential = await window.webauthnJSON.get(await asked.json());
  } catch {
    return { problem: button.dataset.wordsFailed }; // put aside by the person, or no device is at hand
  }
  const body = new URLSearchParams({ credential: JSON.stringify(credential) });
  const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(button.dataset.passkey, { method: "POST", body, headers });
  return answer.redirected || (!answer.ok && answer.status !== 422) ? { problem: button.dataset.wordsFailed } : answer.json();
}

async function sign() {
  if (button.disabled) return;
  if (unsaid()) return unsaid().focus();
  button.disabled = true;
  document.getElementById("passkey-said").textContent = ""; // it is asked anew
  const { proof, problem } = await prove().catch(() => ({ problem: button.dataset.wordsFailed }));
  if (proof) {
    form.elements.proof.value = proof;
    // What the browser had filled in, or somebody had begun to type, proves nothing any more, nor does it refuse.
    for (const typed of [form.elements.password, form.elements.code]) if (typed) typed.value = "";
    return form.submit();
  }
  button.disabled = false;
  document.getElementById("passkey-said").textContent = problem;
  button.focus();
}

if (button) {
  button.hidden = false;
  button.addEventListener("click", sign);
  if (!button.disabled) (unsaid() ?? button).focus(STAY);
}
else if (form.querySelector("button.signs:not([disabled])") && !form.querySelector("[data-focus]")) {
  const { deviation_why: why, password } = form.elements;
  (unsaid() ?? (why && !why.value ? why : password)).focus(STAY);
}
key("Ctrl+Enter", () => {
  if (button && !form.elements.password.value) return void sign();
  form.querySelector("button.signs:not([disabled])")?.click();
});
