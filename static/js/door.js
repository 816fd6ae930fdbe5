// The door's page as an app: it answers at once, goes on when the network is gone, and says so.
// Without this file each press is a page.
(() => {
  "use strict";
  const root = document.querySelector("[data-door]");
  if (!root) return;
  const FEWEST_LETTERS = 3;
  const UNDONE_WITHIN = 60_000;
  const NEWS_EVERY = 30_000;
  const PAUSES = [2000, 4000, 8000, 16_000, 30_000];
  const BUSY_AFTER = 400;
  const CLOCK_IS_RIGHT = 60_000;
  const SOUND = "lp-door-silent";
  const TONES = { green: [880], yellow: [440, 440], red: [220] };
  const SHAKES = { green: [80], yellow: [80, 80, 80], red: [400] };

  const { doorAnswer, letsIn, sessionOutcomes, hasCome, codeIn, searchFold, searchWords, list, doorNames, keepPage, makeScans, fill, makeTold } = globalThis.lpDoor;
  const texts = JSON.parse(document.getElementById("dor-ord").textContent);
  const { user, token, path, door: session, anyKey } = root.dataset;
  const isClosed = "closed" in root.dataset;
  const part = (name, within = root) => within.querySelector(`[data-${name}]`);
  const box = document.getElementById("svar");
  const form = root.querySelector("form.lp-door__form");
  const field = document.getElementById("id_words");
  const doorName = document.getElementById("id_door");
  const shown = part("door-list");
  const undoPart = part("door-undo");
  const clock = new Intl.DateTimeFormat("nb-NO", { timeZone: "Europe/Oslo", hour: "2-digit", minute: "2-digit" });

  // By registration, or nothing where this device holds no list.
  let people = null;
  let changes = 0;
  let isPageKept = false;
  // Milliseconds by which this machine's clock goes before the portal's.
  let ahead = 0;
  let failures = 0;
  let timer = 0;
  let endTimer = 0;
  let undoable = null;
  let undoTimer = 0;

  // What a clock that is set wrong would say, put right by the portal's as it was last heard.
  const now = () => new Date(Date.now() - (Math.abs(ahead) > CLOCK_IS_RIGHT ? ahead : 0));
  const whenAndWhere = ({ at, door }) => {
    const { hour, minute } = Object.fromEntries(clock.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
    const time = fill(texts.time, { hour, minute });
    return door ? `${time}, ${door}` : time;
  };

  // What is known here: the portal's list, and what waits to be sent.
  const waiting = () => scans.state.own.filter(({ settled, isUndone }) => !settled && !isUndone);
  const waitingOf = (person) => waiting().find(({ who, shown: said }) => who === person.id && letsIn(said));
  const seatOf = (person) => ({ ...person, isIn: person.isIn || Boolean(waitingOf(person)) });
  const outcomeOf = (person) => {
    const here = waitingOf(person) ? [[session, "attended"]] : [];
    return sessionOutcomes([[session, person.outcome], ...here])[session];
  };
  const whenOf = (person) => {
    const here = waitingOf(person);
    return !person.isIn && here ? whenAndWhere(here) : person.when;
  };

  // The list of people

  const hide = (element, isHidden) => {
    if (element) element.hidden = isHidden;
  };
  const write = (element, words) => {
    if (element.textContent !== words) element.textContent = words;
  };
  const rowOf = (person) => {
    const row = part("door-row").content.firstElementChild.cloneNode(true);
    row.dataset.person = person.id;
    const letIn = part("row-let-in", row);
    letIn.value = person.id;
    const give = part("row-give", row);
    give?.setAttribute("formaction", give.getAttribute("formaction").replace(/0\/$/, `${person.id}/`));
    return row;
  };
  const draw = (row, person) => {
    const seat = seatOf(person);
    const answer = doorAnswer(seat);
    const maybe = answer === "waiting" || answer === "uncertain";
    const isShownIn = seat.isIn && answer !== "welcome";
    write(part("row-person", row), person.name);
    write(part("row-unit", row), person.unit);
    row.querySelectorAll("[data-row-name]").forEach((one) => write(one, ` ${person.name}`));
    write(part("row-when", row), whenOf(person));
    write(part("row-note", row), answer === "welcome" ? person.when : texts.answers[answer].word);
    const held = row.contains(document.activeElement) && document.activeElement !== row;
    hide(part("row-in", row), !isShownIn);
    hide(part("row-note", row), isShownIn || !part("row-note", row).textContent);
    hide(part("row-let-in", row), answer !== "welcome");
    hide(part("row-give", row), isShownIn || !maybe);
    if (held && document.activeElement?.closest("[hidden]")) row.focus();
  };
  const drawCounts = () => {
    const expected = {};
    const came = {};
    let inAll = 0;
    let cameInAll = 0;
    for (const person of people.values()) {
      if (!letsIn(doorAnswer(seatOf(person)))) continue;
      const hasPersonCome = hasCome(outcomeOf(person));
      expected[person.agency] = (expected[person.agency] ?? 0) + 1;
      came[person.agency] = (came[person.agency] ?? 0) + Number(hasPersonCome);
      inAll += 1;
      cameInAll += Number(hasPersonCome);
    }
    const count = part("door-count");
    write(count.querySelector(".lp-progress__status"), fill(texts.counted, { came: cameInAll, expected: inAll }));
    count.querySelector(".lp-progress__reach").setAttribute("width", inAll ? (100 * cameInAll) / inAll : 0);
    const names = Object.keys(expected).sort((one, other) => one.localeCompare(other, "nb"));
    part("door-agencies").replaceChildren(...names.map((name) => {
      const line = part("door-agency").content.firstElementChild.cloneNode(true);
      [name || "–", came[name], expected[name]].forEach((words, place) => {
        line.children[place].textContent = words;
      });
      return line;
    }));
  };
  const filter = () => {
    if (!people || !shown) return;
    const words = field.value.trim();
    const wanted = searchWords(words);
    const isSearch = words.length >= FEWEST_LETTERS && !codeIn(words);
    let found = 0;
    for (const row of shown.children) {
      const person = people.get(Number(row.dataset.person));
      person.folded ??= searchFold(`${person.name} ${person.unit}`);
      row.hidden = isSearch && !wanted.every((word) => person.folded.includes(word));
      found += Number(!row.hidden);
    }
    hide(part("door-none"), !isSearch || found > 0);
    const said = document.getElementById("sagt");
    if (said) write(said, isSearch ? fill(texts.found, { count: found }) : "");
  };
  const drawList = () => {
    if (!people) return;
    if (shown) {
      const rows = new Map([...shown.children].map((row) => [Number(row.dataset.person), row]));
      let next = shown.firstElementChild;
      for (const person of people.values()) {
        const row = rows.get(person.id) ?? rowOf(person);
        if (row === next) next = row.nextElementSibling;
        else shown.insertBefore(row, next);
        draw(row, person);
      }
      while (next) {
        const gone = next;
        next = next.nextElementSibling;
        gone.remove();
      }
      filter();
    }
    drawCounts();
  };

  // What the door says

  const sounds = document.getElementById("id_sound");
  let audio = null;
  const sound = (skin) => {
    if (!sounds?.checked) return;
    navigator.vibrate?.(SHAKES[skin]);
    audio ??= new AudioContext();
    TONES[skin].forEach((pitch, place) => {
      const tone = audio.createOscillator();
      const begin = audio.currentTime + place * 0.2;
      tone.frequency.value = pitch;
      tone.connect(audio.destination);
      tone.start(begin);
      tone.stop(begin + (skin === "red" ? 0.4 : 0.12));
    });
  };
  const paragraph = (className, words) => {
    const made = document.createElement("p");
    made.className = className;
    made.textContent = words;
    return made;
  };
  const say = ({ word, name = "", line = "", skin = "" }) => {
    box.className = skin ? `lp-door__answer lp-door__answer--${skin}` : "lp-door__answer";
    const said = [["lp-door__word", word], ["lp-door__who", name], ["", line]];
    box.replaceChildren(...said.filter(([, words]) => words).map(([className, words]) => paragraph(className, words)));
    part("door-undo-sent")?.remove();
    if (skin) sound(skin);
  };
  const offerUndo = (entry) => {
    clearTimeout(undoTimer);
    if (!entry && undoPart.contains(document.activeElement)) field?.focus();
    undoable = entry;
    undoPart.hidden = !entry;
    if (entry) undoTimer = setTimeout(offerUndo, UNDONE_WITHIN);
  };

  const answerHere = (person, code) => {
    if (!people) return { answer: "kept", ...texts.answers.kept };
    if (!person) return { answer: "unlisted_code", ...texts.answers[code ? "unlisted_code" : "not_registered"] };
    const answer = doorAnswer(seatOf(person));
    const lines = { welcome: person.agency, already_in: whenOf(person), other_session: person.elsewhere };
    return { ...texts.answers[answer], answer, name: person.name, line: lines[answer] ?? texts.answers[answer].line };
  };
  const withSkin = (answer) => (answer.refused
    ? { ...texts.answers.refused, line: answer.refused }
    : { ...answer, skin: texts.answers[answer.answer].skin });
  const takeIn = (scan, answer) => {
    changes += 1;
    const person = people?.get(answer.registration);
    if (!person || !letsIn(answer.answer)) return;
    person.isIn = true;
    person.outcome = "attended";
    person.when = answer.answer === "already_in" ? answer.line : whenAndWhere(scan);
  };

  const personOf = async (code) => {
    if (!people || !code) return null;
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code)));
    const digest = btoa(String.fromCharCode(...bytes));
    return [...people.values()].find((person) => person.code === digest) ?? null;
  };
  const pressed = new Set();
  // A second press on what is not answered yet is the same press.
  const press = async ({ code = "", registration = null, row = null }) => {
    const what = code || registration;
    if (pressed.has(what)) return;
    pressed.add(what);
    row?.setAttribute("aria-busy", "true");
    const busy = setTimeout(() => say({ word: texts.busy }), BUSY_AFTER);
    try {
      const person = code ? await personOf(code) : people?.get(registration) ?? null;
      const seen = { code, registration: registration ?? person?.id ?? null, door: doorName?.value.trim() ?? "" };
      let isHere = false;
      const { entry, answer } = await scans.scan(seen, () => {
        isHere = true;
        return answerHere(person, code);
      });
      clearTimeout(busy);
      changes += 1;
      say(withSkin(answer));
      offerUndo(answer.answer === "welcome" && (isHere || answer.is_new) ? entry : null);
      drawList();
    } finally {
      clearTimeout(busy);
      pressed.delete(what);
      row?.removeAttribute("aria-busy");
    }
  };
  const takeBack = async () => {
    const entry = undoable;
    if (!entry) return;
    offerUndo(null);
    const { failed, refused } = await scans.takeBack(entry);
    changes += 1;
    if (failed) {
      say({ word: texts.undoNeedsNetwork, skin: "yellow" });
      offerUndo(entry);
    } else say(refused ? withSkin({ refused }) : { word: texts.undone });
    drawList();
    refresh();
  };

  // What is under way between here and the portal

  const { tell, tellTwice } = makeTold({ root, texts, whenAndWhere, nameOf: (id) => people?.get(id)?.name });
  const onChange = () => {
    tell(scans.state);
    drawList();
  };
  const scans = makeScans({
    user, token, scans: root.dataset.scans, undo: { address: root.dataset.undo, anyKey }, now, onChange, onAnswer: takeIn,
  });

  const hold = ({ rows, until }) => {
    people = new Map(rows.map((person) => [person.id, person]));
    clearTimeout(endTimer);
    endTimer = setTimeout(letGo, Math.min(new Date(until) - new Date(), 2 ** 31 - 1));
    onChange();
  };
  // Whose sign-in is over holds nobody's name.
  const letGo = async () => {
    people = null;
    shown?.replaceChildren();
    box.replaceChildren();
    offerUndo(null);
    await list.forget().catch(() => null);
  };
  const keep = async ({ rows, until }) => {
    if (isClosed) return;
    try {
      await list.keep({ path, user, until, rows, ahead });
      if (isPageKept) return;
      await navigator.serviceWorker?.register(root.dataset.worker, { scope: path });
      await keepPage({ path, shell: root.dataset.shell });
      isPageKept = true;
    } catch { /* A browser that keeps nothing goes on for as long as the page is open. */ }
  };
  const refresh = async () => {
    const before = changes;
    let answer;
    try {
      answer = await fetch(root.dataset.list, { redirect: "manual", signal: AbortSignal.timeout(5000) });
      if (answer.type === "opaqueredirect") {
        scans.reached("signedOut");
        await letGo();
      } else if (answer.ok) {
        const news = await answer.json();
        ahead = Date.now() - new Date(news.now);
        if (scans.state.trouble !== "forbidden") scans.reached("");
        if (before === changes && pressed.size === 0) hold(news);
        tellTwice(news.twice);
        await keep(news);
      } else scans.reached(answer.status < 500 ? "forbidden" : "offline");
    } catch {
      scans.reached("offline");
    }
    onChange();
  };
  // By itself: news while all is well, and the queue again and again while it is not.
  const goOn = async () => {
    clearTimeout(timer);
    await scans.send();
    if (document.visibilityState === "visible") await refresh();
    const { isOffline, trouble } = scans.state;
    failures = isOffline || trouble ? failures + 1 : 0;
    clearTimeout(timer);
    timer = setTimeout(goOn, failures ? PAUSES[Math.min(failures, PAUSES.length) - 1] : NEWS_EVERY);
  };

  form?.addEventListener("submit", (event) => {
    const { submitter } = event;
    if (submitter?.hasAttribute("formaction")) {
      if (!scans.state.isOffline) return;
      event.preventDefault();
      event.stopPropagation();
      say({ word: texts.giveNeedsNetwork, skin: "yellow" });
      return;
    }
    event.preventDefault();
    // The form is not sent: it may be pressed again (portal.js).
    event.stopPropagation();
    if (submitter?.name === "registration") {
      const row = submitter.closest("li");
      press({ registration: Number(submitter.value), row }).then(() => {
        // A keyboard goes on with the next name; a thumb is not to open the telephone's own.
        if (!matchMedia("(pointer: fine)").matches) return;
        field.focus();
        field.select();
      });
      return;
    }
    const code = codeIn(field.value);
    if (!code) {
      filter();
      return;
    }
    field.value = "";
    filter();
    press({ code });
  });
  field?.addEventListener("input", filter);
  if (doorName) {
    doorName.value ||= doorNames.of(path);
    doorName.closest("details").open ||= Boolean(doorName.value);
    doorName.addEventListener("input", () => doorNames.keep(path, doorName.value.trim()));
  }
  undoPart.querySelector("button").addEventListener("click", takeBack);
  part("door-told").querySelector("button").addEventListener("click", () => {
    scans.forgetSettled();
    field?.focus();
  });
  if (sounds) {
    sounds.checked = !localStorage.getItem(SOUND);
    part("door-sound").hidden = false;
    sounds.addEventListener("change", () => {
      if (sounds.checked) localStorage.removeItem(SOUND);
      else localStorage.setItem(SOUND, "true");
    });
  }
  window.addEventListener("online", () => {
    failures = 0;
    goOn();
  });
  window.addEventListener("offline", () => {
    scans.reached("offline");
    onChange();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") goOn();
  });

  const begin = async () => {
    if (list.isAnothers(user)) await list.forget().catch(() => null);
    await list.forgetOld().catch(() => null);
    const kept = await list.read({ path, user }).catch(() => null);
    if (kept) {
      ({ ahead } = kept);
      hold(kept);
    }
    await goOn();
  };
  begin();
  const refuseCode = () => say(texts.answers.unknown_code);
  const keepFiles = () => keepPage({ path, shell: root.dataset.shell }).catch(() => null);
  globalThis.lpDoor = { ...globalThis.lpDoor, texts, press, refuseCode, keepFiles };
})();
