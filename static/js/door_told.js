// What is under way between a door and the portal, told on its page: what waits, what the portal
// said otherwise, what it did not take, and whom several doors have seen.
(() => {
  "use strict";
  const { queue } = globalThis.lpDoor;
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");

  // `nameOf` a registration, or nothing where this device holds no list.
  const makeTold = ({ root, texts, nameOf, whenAndWhere }) => {
    const part = (name) => root.querySelector(`[data-${name}]`);
    const hide = (element, isHidden) => {
      if (element) element.hidden = isHidden;
    };
    const write = (element, words) => {
      if (element.textContent !== words) element.textContent = words;
    };
    const list = (section, lines) => {
      if (!section) return;
      section.hidden = lines.length === 0;
      const shown = section.querySelector("ul");
      if ([...shown.children].map((line) => line.textContent).join("\n") === lines.join("\n")) return;
      shown.replaceChildren(...lines.map((words) => {
        const line = document.createElement("li");
        line.textContent = words;
        return line;
      }));
    };

    const answered = ({ who, settled, at, door }) => {
      const name = nameOf(who) ?? texts.someone;
      const word = settled.refused ? texts.answers.refused.word : settled.word;
      const words = settled.seen?.length > 1 ? texts.conflict : texts.differs;
      return fill(words, {
        name, word, line: settled.refused ?? settled.line, when: whenAndWhere({ at, door }), seen: settled.seen?.join("; "),
      });
    };
    const waits = ({ who, code, at, door }) =>
      fill(texts.unsent, { name: nameOf(who) ?? (code || texts.someone), when: whenAndWhere({ at, door }) });

    const network = (state, count) => {
      const said = [];
      if (state.trouble) said.push(texts[state.trouble]);
      else if (state.isOffline && count) said.push(fill(count === 1 ? texts.waitingOne : texts.waitingMany, { count }));
      else if (state.isOffline) said.push(texts.offline);
      else if (state.isSending && count > 1) said.push(fill(texts.sending, { count }));
      if (count && !queue.isKept) said.push(texts.unkept);
      if (state.others) said.push(fill(state.others === 1 ? texts.othersOne : texts.othersMany, { count: state.others }));
      const box = part("door-network");
      box.hidden = said.length === 0;
      write(box.querySelector("[role=status]"), said.join(" "));
      const signIn = part("door-sign-in");
      signIn.querySelector("a").href = signIn.dataset.address;
      hide(signIn, state.trouble !== "signedOut");
      hide(part("door-reload"), state.trouble !== "forbidden");
    };

    const tell = (state) => {
      const waiting = state.own.filter(({ settled }) => !settled);
      network(state, waiting.length);
      list(part("door-unsent"), state.trouble === "forbidden" ? waiting.filter(({ isUndone }) => !isUndone).map(waits) : []);
      list(part("door-told"), state.own.filter(({ settled }) => settled).map(answered));
    };
    return { tell, tellTwice: (lines) => list(part("door-twice"), lines) };
  };

  globalThis.lpDoor = { ...globalThis.lpDoor, fill, makeTold };
})();
