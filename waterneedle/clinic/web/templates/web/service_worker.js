// Keeps the page that says there is no connection, and what it is drawn with. Pages of patients are never kept.
const KEPT = [{% for path in kept %}"{{ path|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const NAME = "offline-" + KEPT.join().split("").reduce((sum, letter) => (sum * 31 + letter.charCodeAt()) >>> 0, 7);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name)))));
});
self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") {
    const answer = event.request.cache === "only-if-cached" ? asItStands(event.request) : fetch(event.request);
    event.respondWith(answer.catch(() => caches.match("/offline/")));
  }
});

// "Back" leads to the answer of a form, which the browser has not kept: the page is asked for anew, and nothing is sent again.
async function asItStands({ method, url }) {
  if (method !== "GET") return Response.redirect(url, 303);
  return fetch(url, { redirect: "manual", headers: { Accept: "text/html" } });
}
