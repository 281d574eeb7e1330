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
    const field = (name) => form.elements.namedItem(name); // `.item` is a method of the collection
    // Another box than the one before: nothing that was read from that one may stay.
    const before = field("item").value;
    if (found.gtin && before && before !== String(found.item ?? "")) for (const name of ["item", "number", "expires"]) field(name).value = "";
    if (found.lot) form.elements.number.value = found.lot;
    if (found.expires) form.elements.expires.value = found.expires;
    if (found.item) field("item").value = found.item;
    // To what is still to be said; a scan that says all leads to the number of containers.
    const next = ["item", "number", "expires"].map(field).find((one) => !one.value) ?? field("containers");
    next.focus();
    next.select?.();
  }
  code.value = "";
});
