// What every page has: menus that close, the search key, toasts, forms that guard what was typed, requests that fail well.
import "web/menus";
import "web/keys";
import "web/toasts";
import "web/forms";
import "web/requests";
import "web/combo";
import "web/autosave";
import "web/unfinished";

// The summary of what is wrong is read at once.
const wrong = document.querySelectorAll("[data-focus]");
if (wrong.length === 1) wrong[0].focus();

// Where the tabs of a page are wider than the screen, the one that is open is in sight.
for (const one of document.querySelectorAll(".tabs [aria-current]")) {
  const row = one.closest(".tabs");
  row.scrollLeft = Math.max(0, one.offsetLeft - row.offsetLeft - (row.clientWidth - one.offsetWidth) / 2);
}

// The page that shows without a connection; http on a plain name has no service worker, and that is fine.
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
