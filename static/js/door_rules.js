// What a door says and what is recorded, by the same rules as attendance/door/rules.py and
// attendance/derivation.py: tests/attendance/*.json holds both to the same answers.
(() => {
  "use strict";
  const UNCERTAIN = ["offered", "awaiting"];
  const WRITTEN = /^LP[1-9][0-9]{0,17}[.][A-Z2-7]{16}$/;

  const doorAnswer = ({ state, isOfSession, isIn }) => {
    if (state === "registered") {
      if (!isOfSession) return "other_session";
      return isIn ? "already_in" : "welcome";
    }
    if (state === "waitlisted") return "waiting";
    return UNCERTAIN.includes(state) ? "uncertain" : "not_registered";
  };

  const letsIn = (answer) => answer === "welcome" || answer === "already_in";

  // By session: the last source decides, and an empty one takes back. Sources are [session, outcome].
  const sessionOutcomes = (sources) => {
    const found = {};
    for (const [session, outcome] of sources) {
      if (outcome) found[session] = outcome;
      else delete found[session];
    }
    return found;
  };

  const hasCome = (outcome) => outcome === "attended" || outcome === "partly";

  // The code as it was meant, or nothing for words that are none.
  const codeIn = (words) => {
    const read = words.replace(/\s/g, "").toUpperCase();
    return WRITTEN.test(read) ? read : "";
  };

  // As common/norwegian.py folds what is looked up; the letters are those that Unicode leaves whole.
  const LETTERS = {
    ð: "d", ø: "o", đ: "d", ħ: "h", ı: "i", ĸ: "q", ł: "l", ŧ: "t", ə: "e", ǥ: "g",
    æ: "ae", þ: "th", ß: "ss", ŋ: "ng", œ: "oe", ʒ: "zh",
  };
  const searchFold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]+/g, "").toLowerCase()
    .replace(/[\u0300-\u036f'’‘ʼʻ`´]/g, "").replace(/\p{L}/gu, (letter) => LETTERS[letter] ?? letter)
    .replace(/ae/g, "a").replace(/oe/g, "o").replace(/ue/g, "u").replace(/aa/g, "a");
  const searchWords = (text) => searchFold(text).split(/[\s,;/()‐‑‒–—−-]+/u).filter(Boolean).slice(0, 12);

  globalThis.lpDoor = { ...globalThis.lpDoor, doorAnswer, letsIn, sessionOutcomes, hasCome, codeIn, searchFold, searchWords };
})();
