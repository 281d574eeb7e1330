// A scan of the vial fills the form of the syringe: a keyboard scanner types the code and Enter, the server says which vial it is.
export function syringe(page, { token, offline }) {
  page.addEventListener("keydown", async (event) => {
    const form = event.target.closest?.("[data-load]");
    if (!form || event.key !== "Enter" || event.target !== form.elements.code || !event.target.value.trim()) return;
    event.preventDefault();
    const code = event.target;
    const answer = await fetch(form.dataset.scan, { method: "POST", body: new URLSearchParams({ code: code.value }), headers: { "X-CSRFToken": token(), Accept: "application/json" } }).catch(() => null);
    if (!answer) return offline();
    if (answer.redirected || (!answer.ok && answer.status !== 422)) return form.requestSubmit();
    const found = await answer.json();
    let said = form.querySelector("[data-said]");
    if (!said) {
      said = document.createElement("p");
      said.dataset.said = "";
      said.className = "error";
      said.setAttribute("role", "status");
      code.after(said);
    }
    said.textContent = found.problem ?? "";
    const radio = found.syringe && document.querySelector(`#v-strip [name=syringe][value="${found.syringe}"]`);
    if (radio) {
      radio.checked = true;
      code.value = "";
      return radio.focus();
    }
    if (!found.vial) return code.select();
    form.elements.vial.value = found.vial;
    code.value = "";
    form.elements.volume_ml.focus();
  });
}
