// Somebody new on the telephone: what was typed to look for them is not typed again. A name goes to the names, a number to the telephone.
const sought = document.getElementById("who");
const more = document.querySelector("details[data-caller]");

more?.addEventListener("toggle", () => {
  const typed = sought.value.trim();
  const fields = more.querySelector("form").elements;
  const [given, family, phone] = ["given_name", "family_name", "phone"].map((name) => fields.namedItem(name));
  if (!more.open) return;
  if (typed && !given.value && !family.value && !phone.value) {
    const [first, ...rest] = typed.split(/\s+/);
    if (/^[+\d]/.test(typed)) phone.value = typed;
    else [given.value, family.value] = [first, rest.join(" ")];
  }
  [given, family, fields.namedItem("birth_date")].find((one) => !one.value)?.focus();
});

// The list of who was found closes when the search is left, and what stands beneath it would move away from under the pointer.
more?.querySelector("summary").addEventListener("mousedown", (event) => event.preventDefault());
