// What the chart says, in English. words_es.js and words_zh.js have the same keys; a caller may hand in others of its own.
export const ENGLISH = {
  "translated": "", // said where the words are a translation
  "guide": "The dots are a guide. Palpation decides.",
  "loading": "The body is being drawn …",
  "failed": "The body cannot be drawn: {why}. The list has every point.",
  "flat note": "This browser cannot draw in three dimensions; the same body is drawn flat.",

  // The picture, as it is told to who cannot see it.
  "stage": "The body. Arrow keys turn it, plus and minus zoom, F, B, L and R show front, back, left and right; "
    + "Enter takes the point in the middle.",
  "stage flat": "The body, drawn flat. F, B, L and R show front, back, left and right; arrow keys change the view.",
  "stage muscles": "The body, to find a muscle on. Arrow keys turn it, plus and minus zoom; Enter takes the muscle in the middle.",
  "stage pain": "The body, to paint where it hurts. Arrow keys turn it, plus and minus zoom; the space bar paints in the middle.",

  // Views: the sides, the regions and what stands on the picture.
  "views": "Views", "regions": "Zoom to", "zoom": "Zoom", "whole": "Whole body", "nearer": "Nearer", "farther": "Farther",
  "front short": "F", "back short": "B", "left short": "L", "right short": "R", // on narrow buttons; the keys stay F, B, L and R
  "front": "Front", "back": "Back", "left": "Left", "right": "Right",
  "head": "Head", "chest": "Chest", "abdomen": "Abdomen", "back region": "Back", "arm": "Arm", "hand": "Hand", "leg": "Leg", "foot": "Foot",
  "head, front": "Head, front", "head, back": "Head, back", "head, left": "Head, left", "head, right": "Head, right",
  "head, top": "Head, top",
  "whole back": "Whole back", "buttocks": "Buttocks",
  "left arm, front": "Left arm, front", "left arm, back": "Left arm, back", "left arm, outside": "Left arm, outside",
  "right arm, front": "Right arm, front", "right arm, back": "Right arm, back", "right arm, outside": "Right arm, outside",
  "left hand, back": "Left hand, back", "left hand, palm": "Left hand, palm", "left hand, thumb side": "Left hand, thumb side",
  "left hand, little finger side": "Left hand, little finger side", "right hand, back": "Right hand, back",
  "right hand, palm": "Right hand, palm", "right hand, thumb side": "Right hand, thumb side",
  "right hand, little finger side": "Right hand, little finger side",
  "left leg, front": "Left leg, front", "left leg, back": "Left leg, back", "left leg, outside": "Left leg, outside",
  "left leg, inside": "Left leg, inside", "right leg, front": "Right leg, front", "right leg, back": "Right leg, back",
  "right leg, outside": "Right leg, outside", "right leg, inside": "Right leg, inside",
  "left foot, top": "Left foot, top", "left foot, outside": "Left foot, outside", "left foot, inside": "Left foot, inside",
  "left foot, sole": "Left foot, sole", "right foot, top": "Right foot, top", "right foot, outside": "Right foot, outside",
  "right foot, inside": "Right foot, inside", "right foot, sole": "Right foot, sole",
  "tone": "Skin tone of the figure", "tone neutral": "Porcelain, neutral", "tone n": "Tone {n} of 5, light to dark",

  // Points.
  "modes": "What to do", "points": "Points", "muscles": "Trigger points", "pain": "Pain drawing",
  "search": "Find a point", "search hint": "Code, pinyin or hanzi", "channel": "Channel", "region": "Region", "protocol": "Protocol",
  "any": "All", "list": "Points", "count": "{n} points", "count one": "1 point", "none": "No point of that name here.",
  "clear": "Show all points", "choose": "Touch the body or choose from the list.", "chosen": "{name}, {side}. {words}",
  "side": "Side", "left side": "left", "right side": "right", "midline": "midline",
  "Lung": "Lung", "Large intestine": "Large intestine", "Stomach": "Stomach", "Spleen": "Spleen", "Heart": "Heart",
  "Small intestine": "Small intestine", "Bladder": "Bladder", "Kidney": "Kidney", "Pericardium": "Pericardium",
  "Triple energizer": "Triple energizer", "Gallbladder": "Gallbladder", "Liver": "Liver", "Governor vessel": "Governor vessel",
  "Conception vessel": "Conception vessel", "Extra, head and neck": "Extra, head and neck",
  "Extra, chest and abdomen": "Extra, chest and abdomen", "Extra, back": "Extra, back", "Extra, upper limb": "Extra, upper limb",
  "Extra, lower limb": "Extra, lower limb",
  "not on skin": "in the list only: inside of mouth or nose",
  "no point": "No point here.", "beside": "Nearest: {name}, {mm} mm away.", "beware": "Beware of: {structures}.",
  "this patient": "This patient: {shift}.", "shift": "{mm} mm {way}", "and": " and ", "move": "Move this point",
  "drag": "Drag the dot, or move it by 1 mm:", "reset": "Back to the rule",
  "proximal": "proximal", "distal": "distal", "lateral": "lateral", "medial": "medial", "anterior": "anterior", "posterior": "posterior",
  "radial": "radial", "ulnar": "ulnar", "dorsal": "dorsal", "palmar": "palmar", "plantar": "plantar", "above": "above", "below": "below",
  "to the left": "to the left", "to the right": "to the right",
  "depth": "What the needle reaches", "needle": "In the skin, mm", "angle": "Angle, degrees",
  "depth words": "In words, with sources", "sources": "Sources", "depth failed": "The depth cannot be shown: {why}",
  "injected": "Injections here", "planned": "planned", "pending": "being saved", "age planned": "planned", "today": "this visit", "days one": "1 day ago", "days": "{n} days ago",
  "age today": "this visit", "age week": "up to 7 days", "age month": "up to 30 days", "age older": "earlier",

  // Beneath the skin.
  "zones": "Hazard zones", "zones none": "None shown", "zones shown": "Tinted: {structures}. Outside of it is not safe; the check decides.",
  "zone lung": "Lung and pleura", "zone heart": "Heart", "zone vessel": "Vessels", "zone nerve": "Nerves", "zone cord": "Spinal cord",
  "zone eye": "Eye", "zone organ": "Organs", "zone bladder": "Bladder", "zone tight_space": "Tight spaces",
  "zone forbidden": "Not to be injected", "zone pregnancy": "Pregnancy",
  "search muscle": "Find a muscle", "choose muscle": "Touch the body or choose a muscle. Touch again for the one beneath.",
  "muscle chosen": "{name}.", "no muscle": "No muscle on file here.", "runs": "From {from} to {to}.",
  "layer superficial": "Superficial.", "layer deep": "Deep: beneath another muscle.", "deep": "deep",

  // The pain drawing.
  "intensity": "How strong", "level": "{n} of 10", "mild": "mild", "severe": "worst", "erase": "Eraser", "undo": "Undo",
  "clear pain": "Clear all", "brush": "Brush", "fine": "fine", "broad": "broad", "area": "Painted: {area} cm²",
  "area none": "Nothing is painted yet. Choose how strong, then paint where it hurts.", "last time": "last time",
  "change": "{sign}{area} cm² since {since}: {fresh} cm² new, {gone} cm² gone; {worse} cm² stronger, {better} cm² weaker",
  "painted on": "Painted: {part}, {side}.", "erased on": "Erased: {part}, {side}.",
};
