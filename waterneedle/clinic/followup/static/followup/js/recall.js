// Shows of the fields of a trace the one that its kind needs. Without this script all of them show.
const form = document.querySelector("form.trace");
const kind = form?.elements.namedItem("kind");
function show() {
  for (const field of form.querySelectorAll("[data-of]")) field.hidden = field.dataset.of !== kind.value;
}
if (kind) {
  kind.addEventListener("change", show);
  show();
}
