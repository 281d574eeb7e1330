// The words of the chart in the language of the page, with what a caller has handed in above them.
import { ENGLISH } from "./words_en.js";
import { SPANISH } from "./words_es.js";
import { CHINESE } from "./words_zh.js";

export const LANGUAGES = { en: ENGLISH, es: SPANISH, zh: CHINESE };

// The table for a language tag such as "es-MX" or "zh-Hans"; English for one that is not here.
export const languageOf = (tag) => {
  const [first] = (tag ?? "").toLowerCase().split(/[-_]/);
  return Object.hasOwn(LANGUAGES, first) ? first : "en";
};

export class Words {
  constructor(language, translated = {}) {
    this.language = languageOf(language);
    this.tag = { zh: "zh-Hans" }[this.language] ?? this.language;
    this.table = { ...ENGLISH, ...LANGUAGES[this.language], ...translated };
  }

  get(key) { return this.table[key] ?? key; }

  fill(key, values) {
    return this.get(key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  // When an injection was, or that it is still planned or not saved yet.
  whenOf({ status, days }) {
    if (status === "planned" || status === "pending") return this.get(status);
    if (days === 0) return this.get("today");
    return days === 1 ? this.get("days one") : this.fill("days", { n: days });
  }
}
