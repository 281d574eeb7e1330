// A pad to sign on: strokes of points on 1000 by 600, kept in a hidden field as they are drawn. Who cannot draw types instead.
const WIDE = 1000, HIGH = 600, NEAR = 4;

export function pad(root) {
  const canvas = root.querySelector("canvas");
  const kept = document.getElementById(root.dataset.pad);
  const pen = canvas.getContext("2d");
  let strokes = kept.value ? JSON.parse(kept.value) : [];
  let stroke = null;
  canvas.width = WIDE;
  canvas.height = HIGH;

  function draw() {
    pen.clearRect(0, 0, WIDE, HIGH);
    pen.strokeStyle = "#1c2024";
    pen.lineWidth = 5;
    pen.lineCap = pen.lineJoin = "round";
    for (const points of strokes) {
      pen.beginPath();
      pen.moveTo(...points[0]);
      for (const point of points.length > 1 ? points.slice(1) : points) pen.lineTo(...point);
      pen.stroke();
    }
  }
  function at(event) {
    const box = canvas.getBoundingClientRect();
    const within = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
    return [within((event.clientX - box.left) / box.width * WIDE, WIDE), within((event.clientY - box.top) / box.height * HIGH, HIGH)];
  }
  function keep() {
    kept.value = strokes.length ? JSON.stringify(strokes) : "";
    kept.dispatchEvent(new Event("input", { bubbles: true }));
  }
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    stroke = [at(event)];
    strokes.push(stroke);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      const point = at(one);
      const [x, y] = stroke.at(-1);
      if (Math.hypot(point[0] - x, point[1] - y) >= NEAR) stroke.push(point);
    }
    draw();
  });
  const lift = () => {
    if (!stroke) return;
    stroke = null;
    keep();
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  root.closest("form").querySelector("[data-clear]").addEventListener("click", () => {
    strokes = [];
    draw();
    keep();
  });
  draw();
}

// Of the two ways to sign the chosen one shows.
export function ways(form) {
  const show = () => {
    const chosen = form.querySelector("[name=way]:checked")?.value;
    for (const one of form.querySelectorAll("[data-shown-for]")) one.hidden = Boolean(chosen) && one.dataset.shownFor !== chosen;
  };
  form.addEventListener("change", show);
  show();
}

document.querySelectorAll("[data-pad]").forEach((one) => {
  pad(one);
  ways(one.closest("form"));
});
