// What the chart says, in English. A caller hands in translations by the same keys.
const ENGLISH = {
  "guide": "The dots are a guide. Palpation decides.",
  "stage": "The body. Arrow keys turn it, plus and minus zoom, F, B, L and R show front, back, left and right; Enter takes the point in the middle.",
  "stage flat": "The body, drawn flat. F, B, L and R show front, back, left and right; arrow keys change the view.",
  "stage muscles": "The body, to find a muscle on. Arrow keys turn it, plus and minus zoom; Enter takes the muscle in the middle.",
  "stage pain": "The body, to paint where it hurts. Arrow keys turn it, plus and minus zoom; the space bar paints in the middle.",
  "views": "Views", "front": "Front", "back": "Back", "left": "Left", "right": "Right",
  "regions": "Zoom to", "whole": "Whole body", "nearer": "Nearer", "farther": "Farther",
  "body": "Body", "head": "Head", "chest": "Chest", "abdomen": "Abdomen", "back region": "Back", "arm": "Arm", "hand": "Hand", "leg": "Leg", "foot": "Foot",
  "showing": "Showing: {view}", "again": "press again for the next side",
  "tone": "Skin tone of the figure", "tone neutral": "Porcelain, neutral", "tone n": "Tone {n} of 5, light to dark",
  "modes": "What to do", "points": "Points", "muscles": "Trigger points", "pain": "Pain drawing",
  "search": "Find a point", "search hint": "Code, pinyin or hanzi",
  "channel": "Channel", "region": "Region", "protocol": "Protocol", "any": "All", "side": "Side",
  "left side": "left", "right side": "right", "midline": "midline", "list": "Points",
  "count": "{n} points", "count one": "1 point", "none": "No point of that name here.", "clear": "Show all points",
  "not on skin": "in the list only: inside of mouth or nose",
  "choose": "Touch the body or choose from the list.", "chosen": "{name}, {side}. {words}",
  "no point": "No point here.", "beside": "Nearest: {name}, {mm} mm away.",
  "this patient": "This patient: {shift}.", "move": "Move this point", "drag": "Drag the dot, or move it by 1 mm:",
  "reset": "Back to the rule", "shift": "{mm} mm {way}", "and": " and ",
  "injected": "Injected here", "today": "this visit", "days one": "1 day ago", "days": "{n} days ago",
  "beware": "Beware of: {structures}.", "zones": "Hazard zones", "zones none": "None shown",
  "zones shown": "Tinted: {structures}. Outside of it is not safe; the check decides.",
  "zone lung": "Lung and pleura", "zone heart": "Heart", "zone vessel": "Vessels", "zone nerve": "Nerves", "zone cord": "Spinal cord",
  "zone eye": "Eye", "zone organ": "Organs", "zone bladder": "Bladder", "zone tight_space": "Tight spaces",
  "zone forbidden": "Not to be injected", "zone pregnancy": "Pregnancy",
  "choose muscle": "Touch the body or choose a muscle. Touch again for the one beneath.", "search muscle": "Find a muscle",
  "runs": "From {from} to {to}.", "layer superficial": "Superficial.", "layer deep": "Deep: beneath another muscle.", "deep": "deep",
  "muscle chosen": "{name}.", "no muscle": "No muscle on file here.",
  "legend": "Injections", "age today": "this visit", "age week": "up to 7 days", "age month": "up to 30 days", "age older": "earlier",
  "shown too": "Show", "intensity": "How strong", "level": "{n} of 10",
  "mild": "mild", "severe": "worst", "erase": "Eraser", "undo": "Undo", "clear pain": "Clear all", "brush": "Brush", "fine": "fine", "broad": "broad",
  "area": "Painted: {area} cm²", "area none": "Nothing is painted yet. Choose how strong, then paint where it hurts.",
  "change": "{sign}{area} cm² since {since}: {fresh} cm² new, {gone} cm² gone; {worse} cm² stronger, {better} cm² weaker",
  "last time": "last time", "painted near": "Painted near {name}, {side}.", "erased near": "Erased near {name}, {side}.",
  "loading": "The body is being drawn …", "failed": "The body cannot be drawn: {why}. The list has every point.",
  "flat note": "This browser cannot draw in three dimensions; the same body is drawn flat.",
  "proximal": "proximal", "distal": "distal", "lateral": "lateral", "medial": "medial", "anterior": "anterior", "posterior": "posterior",
  "radial": "radial", "ulnar": "ulnar", "dorsal": "dorsal", "palmar": "palmar", "plantar": "plantar", "above": "above", "below": "below",
  "to the left": "to the left", "to the right": "to the right",
};

export class Words {
  constructor(translated = {}) { this.table = { ...ENGLISH, ...translated }; }

  get(key) { return this.table[key] ?? key; }

  fill(key, values) {
    return this.get(key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  daysAgo(days) {
    if (days === 0) return this.get("today");
    return days === 1 ? this.get("days one") : this.fill("days", { n: days });
  }
}
