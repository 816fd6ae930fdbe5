// Draws pictures of a code as a camera at a door sees it, by arithmetic alone: the same number gives
// the same picture everywhere. `lpCodeImages.draw({ modules, kind, number })` returns an ImageData.
(() => {
  "use strict";
  const SIZES = [[640, 480], [1280, 720]];
  const QUIET = 4;
  const SAMPLES = 2;
  const DEGREE = Math.PI / 180;

  // mulberry32
  const diceOf = (seed) => {
    let state = seed >>> 0;
    const next = () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let word = Math.imul(state ^ (state >>> 15), 1 | state);
      word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
      return ((word ^ (word >>> 14)) >>> 0) / 4294967296;
    };
    const between = (low, high) => low + (high - low) * next();
    return {
      between,
      either: (low, high) => (next() < 0.5 ? -1 : 1) * between(low, high),
      // Nearly normal, which noise of a camera is.
      normal: () => next() + next() + next() + next() + next() + next() - 3,
    };
  };

  // What each kind does to how the code is held, and to the picture of it. A module is so many
  // points of a picture 480 high; of one 720 high half as many again.
  const KINDS = {
    plain: () => ({}),
    rotated: (dice) => ({ roll: dice.between(0, 360) }),
    tilted: (dice) => ({ yaw: dice.either(25, 45), pitch: dice.either(10, 30), module: dice.between(6, 9) }),
    blurred: (dice) => ({ blur: dice.between(0.3, 0.55) }),
    shaken: (dice) => ({ shake: dice.between(0.5, 1), direction: dice.between(0, 180) }),
    glare: (dice) => ({ glare: dice.between(0.6, 0.85), spot: dice.between(4, 8) }),
    inverted: () => ({ dark: 235, light: 25, around: 15 }),
    dim: (dice) => ({ dark: 6, light: dice.between(30, 50), around: 12, noise: 3 }),
    noisy: (dice) => ({ noise: dice.between(25, 40), module: dice.between(6, 9) }),
    small: (dice) => ({ module: dice.between(2.1, 2.8), noise: 3 }),
    large: (dice) => ({ module: dice.between(13, 15) }),
    screen: (dice) => ({ moire: dice.between(25, 55), period: dice.between(2.2, 7), direction: dice.between(0, 180), noise: 4 }),
    faint: (dice) => ({ dark: dice.between(105, 120), light: dice.between(150, 165), around: 130, noise: 3 }),
    aside: (dice) => ({ edge: dice.between(0.6, 1.5) }),
    bent: (dice) => ({ bend: dice.between(33, 70), pitch: dice.either(5, 25) }),
    shadowed: (dice) => ({ shadow: dice.between(0.3, 0.5), soft: dice.between(0.5, 3), direction: dice.between(0, 180) }),
    cracked: (dice) => ({ cracks: 3 + Math.floor(dice.between(0, 3)) }),
  };

  // From a point of the picture to where on the code it lies, in modules from its middle.
  const onCode = ({ yaw, pitch, roll, focal, module, left, top }) => {
    const [cy, sy, cp, sp, cr, sr] = [yaw, pitch, roll].flatMap((angle) => [Math.cos(angle * DEGREE), Math.sin(angle * DEGREE)]);
    const across = [cy * cr + sy * sp * sr, cp * sr, -sy * cr + cy * sp * sr];
    const down = [-cy * sr + sy * sp * cr, cp * cr, sy * sr + cy * sp * cr];
    const far = focal / module;
    const [a, b, c] = [focal * across[0], focal * down[0], 0];
    const [d, e, f] = [focal * across[1], focal * down[1], 0];
    const [g, h, i] = [across[2], down[2], far];
    const found = [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f, d * h - e * g, b * g - a * h, a * e - b * d];
    return (x, y) => {
      const [px, py] = [x - left, y - top];
      const depth = found[6] * px + found[7] * py + found[8];
      return [(found[0] * px + found[1] * py + found[2]) / depth, (found[3] * px + found[4] * py + found[5]) / depth];
    };
  };

  const blurred = (light, wide, high, sigma) => {
    const reach = Math.ceil(3 * sigma);
    const weights = Array.from({ length: 2 * reach + 1 }, (_none, place) => Math.exp(-((place - reach) ** 2) / (2 * sigma * sigma)));
    const sum = weights.reduce((one, other) => one + other);
    const pass = (from, step, along, length) => {
      const to = new Float32Array(from.length);
      for (let place = 0; place < from.length; place += 1) {
        const at = Math.floor(place / step) % length;
        let value = 0;
        for (let offset = -reach; offset <= reach; offset += 1) {
          const held = Math.min(length - 1, Math.max(0, at + offset)) - at;
          value += weights[offset + reach] * from[place + held * along];
        }
        to[place] = value / sum;
      }
      return to;
    };
    return pass(pass(light, 1, 1, wide), wide, wide, high);
  };
  const shaken = (light, wide, high, length, angle) => {
    const steps = Math.max(2, Math.ceil(length * 2));
    const to = new Float32Array(light.length);
    for (let y = 0; y < high; y += 1) {
      for (let x = 0; x < wide; x += 1) {
        let value = 0;
        for (let step = 0; step < steps; step += 1) {
          const way = length * (step / (steps - 1) - 0.5);
          const fromX = Math.min(wide - 1, Math.max(0, Math.round(x + way * Math.cos(angle))));
          const fromY = Math.min(high - 1, Math.max(0, Math.round(y + way * Math.sin(angle))));
          value += light[fromY * wide + fromX];
        }
        to[y * wide + x] = value / steps;
      }
    }
    return to;
  };

  const draw = ({ modules, kind, number }) => {
    const dice = diceOf(number * 7919 + kind.length * 104729 + kind.charCodeAt(0) * 31 + kind.charCodeAt(1));
    const [wide, high] = SIZES[number % SIZES.length];
    const count = modules.length;
    const held = {
      module: dice.between(4.5, 8), roll: dice.between(-8, 8), yaw: dice.between(-6, 6), pitch: dice.between(-6, 6),
      dark: dice.between(15, 40), light: dice.between(215, 245), around: dice.between(60, 170), noise: 2, blur: 0.12,
      ...KINDS[kind](dice),
    };
    const module = held.module * (high / 480);
    const half = (count / 2) * module;
    let [left, top] = [wide / 2 + dice.between(-0.1, 0.1) * wide, high / 2 + dice.between(-0.05, 0.05) * high];
    // So near the edge of the picture that the margin of the code is outside it.
    if (held.edge) [left, top] = [half * 1.12 + held.edge * module, high - half * 1.12 - held.edge * module];
    if (held.module > 10) [left, top] = [wide / 2, high / 2];
    const place = onCode({ ...held, module, focal: high * 1.2, left, top });

    // Around the code there is paper, and around that a desk with lines of text.
    const paper = count / 2 + QUIET;
    const stripes = Array.from({ length: 64 }, () => dice.between(0.55, 1.25));
    const seen = (x, y) => {
      let [u, v] = place(x, y);
      // A sheet in a hand is part of a cylinder, whose radius is so many modules.
      if (held.bend && Math.abs(u) < held.bend) {
        v += (held.bend - Math.sqrt(held.bend ** 2 - u ** 2)) * Math.sin(held.pitch * DEGREE);
        u = held.bend * Math.asin(u / held.bend);
      }
      if (Math.abs(u) > paper || Math.abs(v) > paper) {
        return held.around * stripes[(Math.abs(Math.floor(v / 1.7)) * 7 + Math.abs(Math.floor(u / 2.3)) * 3) % 64];
      }
      const [column, row] = [Math.floor(u + count / 2), Math.floor(v + count / 2)];
      return modules[row]?.[column] === "1" ? held.dark : held.light;
    };
    let light = new Float32Array(wide * high);
    for (let y = 0; y < high; y += 1) {
      for (let x = 0; x < wide; x += 1) {
        let value = 0;
        for (let part = 0; part < SAMPLES * SAMPLES; part += 1) {
          value += seen(x + ((part % SAMPLES) + 0.5) / SAMPLES, y + (Math.floor(part / SAMPLES) + 0.5) / SAMPLES);
        }
        light[y * wide + x] = value / (SAMPLES * SAMPLES);
      }
    }

    const angle = (held.direction ?? 0) * DEGREE;
    const cracks = Array.from({ length: held.cracks ?? 0 }, () => ({
      turn: dice.between(0, Math.PI), offset: dice.between(-0.8, 0.8) * half, shade: dice.either(90, 160), breadth: dice.between(0.12, 0.25) * module,
    }));
    const [spotX, spotY] = [left + dice.between(-0.7, 0.7) * half, top + dice.between(-0.7, 0.7) * half];
    const spot = (held.spot ?? 1) * module;
    for (let y = 0; y < high; y += 1) {
      for (let x = 0; x < wide; x += 1) {
        const at = y * wide + x;
        const [px, py] = [x - left, y - top];
        if (held.glare) {
          const near = held.glare * Math.exp(-((x - spotX) ** 2 + (y - spotY) ** 2) / (2 * spot * spot));
          light[at] += near * (255 - light[at]);
        }
        if (held.shadow) {
          const into = (px * Math.cos(angle) + py * Math.sin(angle)) / (held.soft * module);
          light[at] *= 1 - (1 - held.shadow) * Math.min(1, Math.max(0, into + 0.5));
        }
        for (const { turn, offset, shade, breadth } of cracks) {
          const across = Math.abs(px * Math.cos(turn) + py * Math.sin(turn) - offset);
          if (across < breadth) light[at] += shade * (1 - across / breadth);
        }
      }
    }
    light = blurred(light, wide, high, Math.max(0.5, held.blur * module));
    if (held.shake) light = shaken(light, wide, high, held.shake * module, angle);

    const picture = new Uint8ClampedArray(4 * wide * high);
    for (let y = 0; y < high; y += 1) {
      for (let x = 0; x < wide; x += 1) {
        const at = y * wide + x;
        const along = (2 * Math.PI * (x * Math.cos(angle) + y * Math.sin(angle))) / (held.period ?? 1);
        const grain = held.noise * 1.41 * dice.normal();
        for (let colour = 0; colour < 3; colour += 1) {
          // The dots of a screen and of a camera beat against each other, each colour by itself.
          const beat = held.moire ? held.moire * (light[at] / 255) * Math.sin(along + colour * 2.1) * Math.cos(y * 0.9 + colour) : 0;
          picture[4 * at + colour] = light[at] + beat + grain;
        }
        picture[4 * at + 3] = 255;
      }
    }
    return new ImageData(picture, wide, high);
  };

  globalThis.lpCodeImages = { kinds: Object.keys(KINDS), draw };
})();
