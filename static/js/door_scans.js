// The way of a scan from a press to the portal: into the queue first, so that nothing is lost, then
// sent in order with its own key, as often as it takes. What is sent again is one scan there.
(() => {
  "use strict";
  // Few enough for an answer in time from a busy portal: what is not answered is sent again.
  const MOST_AT_ONCE = 25;
  const PATIENCE = 5000;
  const { queue, letsIn } = globalThis.lpDoor;

  class Trouble extends Error {
    constructor(kind) {
      super(kind);
      this.kind = kind;
    }
  }

  const post = async (address, token, body) => {
    let response;
    try {
      response = await fetch(address, {
        method: "POST",
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
        headers: { "X-CSRFToken": token, "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(body),
      });
      // The way to where one signs in.
      if (response.type === "opaqueredirect") throw new Trouble("signedOut");
      if (response.status >= 500 || response.status === 429) throw new Trouble("offline");
      if (!response.ok) throw new Trouble("forbidden");
      return await response.json();
    } catch (error) {
      throw error instanceof Trouble ? error : new Trouble("offline");
    }
  };

  // One at a time, in this window and in any other of the same browser.
  let last = Promise.resolve();
  const exclusively = (act) => {
    const turn = () => (navigator.locks ? navigator.locks.request("lp-door-queue", act) : act());
    const done = last.then(turn, turn);
    last = done.catch(() => null);
    return done;
  };

  const sent = ({ key, at, door, code, registration }) =>
    (code ? { key, at, door, code } : { key, at, door, registration });

  const makeScans = ({ user, token, scans, undo, now, onChange, onAnswer }) => {
    const state = { isOffline: !navigator.onLine, trouble: "", isSending: false, own: [], others: 0 };
    const asking = new Map();
    let failedAt = -1;

    const read = async () => {
      const all = await queue.all();
      state.own = all.filter((one) => one.user === user);
      state.others = all.length - state.own.length;
      return state.own.filter(({ settled }) => !settled);
    };
    const reached = (kind) => {
      state.isOffline = kind === "offline";
      state.trouble = kind === "offline" ? "" : kind;
      if (kind) failedAt = performance.now();
    };

    const settle = async (scan, answer) => {
      if (!answer) return;
      const tell = asking.get(scan.key);
      asking.delete(scan.key);
      const isTold = !answer.refused && (answer.answer === scan.shown || answer.answer === "welcome");
      if (tell || isTold) await queue.remove(scan.number);
      else {
        const { answer: said, word, line, seen, refused, registration } = answer;
        // No name: that is in the list, which goes before this does.
        const settled = { answer: said, word, line, seen, refused };
        await queue.put({ ...scan, who: registration ?? scan.who, settled });
      }
      onAnswer(scan, answer);
      tell?.(answer);
    };
    const takeBack = async (scan) => {
      const { refused } = await post(scan.undo.replace(scan.anyKey, scan.key), token, {});
      if (refused) await queue.put({ ...scan, settled: { refused } });
      else await queue.remove(scan.number);
    };
    const sendFirst = async (waiting) => {
      const [first] = waiting;
      if (first.isUndone) {
        await takeBack(first);
        return;
      }
      const end = waiting.findIndex(({ isUndone }) => isUndone);
      const batch = waiting.slice(0, end < 0 ? MOST_AT_ONCE : Math.min(end, MOST_AT_ONCE));
      for (const scan of batch) {
        if (!scan.isTried) await queue.put(Object.assign(scan, { isTried: true }));
      }
      const { answers } = await post(first.scans, token, { scans: batch.map(sent) });
      const byKey = new Map(answers.map((one) => [one.key, one]));
      if (!batch.every(({ key }) => byKey.has(key))) throw new Trouble("offline");
      for (const scan of batch) await settle(scan, byKey.get(scan.key));
    };
    const sendOfDoor = async (address) => {
      for (;;) {
        const waiting = (await read()).filter((one) => one.scans === address);
        if (waiting.length === 0) return;
        await sendFirst(waiting);
      }
    };
    const round = async () => {
      const waiting = await read();
      if (waiting.length === 0) return;
      state.isSending = true;
      onChange();
      let trouble = "";
      // A door that one may stand at no longer does not hold back what is of another.
      for (const address of new Set(waiting.map((one) => one.scans))) {
        try {
          await sendOfDoor(address);
        } catch (error) {
          if (!(error instanceof Trouble)) throw error;
          trouble = error.kind;
          if (trouble !== "forbidden") break;
        }
      }
      reached(trouble);
      state.isSending = false;
      await read();
    };
    // Whoever asked before another's attempt failed does not wait for one more.
    const send = async () => {
      const askedAt = performance.now();
      await exclusively(async () => {
        if (failedAt < askedAt) await round();
      });
      onChange();
    };

    const find = async (key) => (await read()).find((one) => one.key === key);
    const scan = async (seen, answerHere) => {
      const isTried = !state.isOffline;
      const entry = {
        key: crypto.randomUUID(), at: now().toISOString(), user, scans, undo: undo.address, anyKey: undo.anyKey,
        who: seen.registration, ...seen, isTried,
      };
      let answer;
      if (isTried) asking.set(entry.key, (told) => { answer = told; });
      entry.number = await queue.add(entry);
      if (isTried) await send();
      if (answer) return { entry, answer };
      asking.delete(entry.key);
      const { answer: shown, ...words } = answerHere();
      await exclusively(async () => {
        const kept = await find(entry.key);
        if (!kept) return;
        if (letsIn(shown) || shown === "kept" || kept.isTried) await queue.put({ ...kept, shown });
        else await queue.remove(kept.number);
        await read();
      });
      onChange();
      return { entry, answer: { answer: shown, ...words } };
    };
    // What has perhaps been received is taken back there; what has not is let go.
    const takeBackScan = async (entry) => {
      const isHere = await exclusively(async () => {
        const kept = await find(entry.key);
        if (!kept) return false;
        if (kept.isTried) await queue.put({ ...kept, isUndone: true });
        else await queue.remove(kept.number);
        await read();
        return true;
      });
      onChange();
      if (isHere) {
        if (!state.isOffline) await send();
        return {};
      }
      try {
        return await post(undo.address.replace(undo.anyKey, entry.key), token, {});
      } catch (error) {
        return { failed: error.kind };
      }
    };
    const forgetSettled = async () => {
      for (const { settled, number } of state.own) if (settled) await queue.remove(number);
      await read();
      onChange();
    };
    return { state, send, scan, takeBack: takeBackScan, forgetSettled, reached };
  };

  globalThis.lpDoor = { ...globalThis.lpDoor, makeScans, Trouble };
})();
