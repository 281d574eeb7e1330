// Fills the form of a lot from a scanned code. A keyboard scanner types the code and Enter; the server reads it.
const scan = document.querySelector("[data-scan]");
const form = document.querySelector("[data-scanned]");

function token() {
  return form.querySelector("[name=csrfmiddlewaretoken]").value;
}

scan?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = scan.querySelector("[data-said]");
  const code = scan.elements.code;
  const answer = await fetch(scan.dataset.scan, { method: "POST", headers: { "X-CSRFToken": token() }, body: new URLSearchParams({ code: code.value }) });
  const found = await answer.json();
  said.textContent = found.problem;
  if (answer.ok) {
    if (found.lot) form.elements.number.value = found.lot;
    if (found.expires) form.elements.expires.value = found.expires;
    if (found.item) form.elements.namedItem("item").value = found.item; // `.item` is a method of the collection
    form.elements.containers.focus();
    form.elements.containers.select();
  }
  code.value = "";
});
