// What every page has: menus that close, the search key, toasts, forms that guard what was typed, requests that fail well.
import "web/menus";
import "web/keys";
import "web/toasts";
import "web/forms";
import "web/requests";
import "web/combo";
import "web/autosave";

const wrong = document.querySelector("[data-focus]");
if (wrong) wrong.focus();

// The page that shows without a connection; http on a plain name has no service worker, and that is fine.
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
