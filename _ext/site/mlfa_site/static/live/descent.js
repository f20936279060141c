// A line with two weights: a walker in the valley of its loss, and one row far out, which bends the line and makes the
// valley narrow. The loss of all rows needs only their means of products; one more row is one more term in each.
live.figures.descent = (stage, { count, gram, moment, square, price, cloud, names }) => {
  const { make, optimizers, plane, short, slider, svg } = live;
  const n = count.values[0], [target] = price.values;

  // Hessian, lowest point and losses, with one more row whose feature is `out`; without it if `out` is zero.
  const valley = out => {
    const mean = (before, more) => (out ? (n * before + more) / (n + 1) : before);
    const [a, b, , d] = gram.values.map((value, k) => mean(value, [1, out, out, out * out][k]));  // of X'X
    const [u, v] = moment.values.map((value, k) => mean(value, [target, out * target][k]));  // of X'y
    const lowest = [(d * u - b * v) / (a * d - b * b), (a * v - b * u) / (a * d - b * b)];
    const slope = ([w0, w1]) => [2 * (a * w0 + b * w1 - u), 2 * (b * w0 + d * w1 - v)];
    const loss = ([w0, w1]) =>
      mean(square.values[0], target ** 2) - 2 * (u * w0 + v * w1) + a * w0 * w0 + 2 * b * w0 * w1 + d * w1 * w1;
    const spread = Math.hypot(a - d, 2 * b);
    return { lowest, slope, loss, curvatures: [a + d + spread, a + d - spread], turn: Math.atan2(2 * b, a - d) / 2 };
  };
  const walk = ({ slope }, start, rate, steps) => {
    const step = optimizers["gradient descent"]({ rate }), path = [start];
    for (let k = 0; k < steps; k++) path.push(step(path.at(-1), slope(path.at(-1))));
    return path;
  };

  // --- What stands on the stage -------------------------------------------------------------------------------
  const home = valley(0), HALF = 2.6, MOST = 50, RIGHT = 6;
  let start = [0, 0];
  const moved = rests => { paint(); if (rests) tell(); };
  const rate = slider("Learning rate", { min: 0.01, max: 1.2, step: 0.01, value: 0.1 }, moved);
  const steps = slider("Steps", { min: 0, max: MOST, step: 1, value: 5 }, moved);
  const extra = slider("One more row, this far out (standard deviations)", { min: 0, max: 300, step: 1, value: 0 }, moved,
    value => (value ? `${value}` : "none"));
  const go = to => { steps.set(to); moved(true); };
  const button = (text, action) => make("button", { type: "button", onclick: action }, text);

  const map = plane({ across: names[0], upward: names[1], width: 300, height: 310, tabindex: 0, role: "application",
    class: "live-pick", "aria-label": `Valley of the loss. Across: ${names[0]}; upward: ${names[1]}. Arrow keys move the start.` });
  map.limits(...home.lowest.map(w => [w - HALF, w + HALF]));
  const rings = Array.from({ length: 9 }, () => svg("polygon"));
  const trail = svg("polyline", { class: "live-trail" }), dots = svg("g", { class: "live-dots" });
  const star = svg("path", { class: "live-star" });
  map.sheet.append(svg("g", { class: "live-rings" }, ...rings), trail, dots, star);

  const table = plane({ across: names[2], upward: names[3], width: 300, height: 310, role: "img", "aria-label":
    "The line of the last step and the line of the smallest loss, with some of the rows." });
  table.limits([-2.5, RIGHT], [0, 6]);
  const best = svg("polyline", { class: "live-dashed" }), line = svg("polyline", { class: "live-bold" });
  const before = svg("polyline", { class: "live-dotted" });
  const far = svg("circle", { class: "live-ring", r: 5 }), note = svg("text", { class: "live-note", "text-anchor": "end" });
  const points = Array.from({ length: cloud.shape[0] }, (_, k) => {
    const [x, y] = table.at(cloud.values[2 * k], cloud.values[2 * k + 1]);
    return svg("circle", { cx: x, cy: y, r: 1.5 });
  });
  table.sheet.append(svg("g", { class: "live-cloud" }, ...points), before, best, line, far, note);

  const words = make("p", { className: "live-words", role: "status" });
  stage.append(make("div", { className: "live-row" },
    make("div", { className: "live-panel" }, map.picture, make("p", {}, "Cross: the lowest point. Large dot: the start.")),
    make("div", { className: "live-panel" }, table.picture, make("p", {}, "Solid: the line of the last step. Dashed: of the lowest point; dotted: as it was without the extra row.")),
    make("div", { className: "live-sliders" }, rate.label, steps.label, extra.label,
      make("div", { className: "live-buttons" },
        button("One step", () => go(steps.value + 1)), button("Back to the start", () => go(0)))),
  ), words);

  // --- Painting and telling -----------------------------------------------------------------------------------
  let here, path;
  const drawn = ([w0, w1]) => [-2.5, RIGHT].map(x => table.at(x, w0 + w1 * x)).join(" ");
  const paint = () => {
    here = valley(extra.value);
    path = walk(here, start, rate.value, steps.value);
    rings.forEach((ring, k) => {
      const radii = here.curvatures.map(curvature => Math.sqrt(2 * 0.05 * 2.2 ** k / curvature));
      ring.setAttribute("points", Array.from({ length: 72 }, (_, k) => {
        const [p, q] = [radii[0] * Math.cos(k * Math.PI / 36), radii[1] * Math.sin(k * Math.PI / 36)];
        const [cos, sin] = [Math.cos(here.turn), Math.sin(here.turn)];
        return map.at(here.lowest[0] + cos * p - sin * q, here.lowest[1] + sin * p + cos * q);
      }).join(" "));
    });
    const places = path.map(w => map.at(...w));
    trail.setAttribute("points", places.join(" "));
    dots.replaceChildren(...places.map(([cx, cy], k) => svg("circle", { cx, cy, r: k ? 2.5 : 5 })));
    star.setAttribute("d", `M${map.at(...here.lowest)}m-6 0h12m-6 -6v12`);
    best.setAttribute("points", drawn(here.lowest));
    before.setAttribute("points", drawn(home.lowest));
    line.setAttribute("points", drawn(path.at(-1)));
    const [cx, cy] = table.at(Math.min(extra.value, RIGHT - 0.2), target);
    for (const [name, value] of Object.entries({ cx, cy, visibility: extra.value ? "visible" : "hidden" }))
      far.setAttribute(name, value);
    note.setAttribute("x", cx - 8);
    note.setAttribute("y", cy - 3);
    note.textContent = extra.value > RIGHT ? `one row, at ${extra.value} →` : "";
  };
  const tell = () => {
    const w = path.at(-1), bound = 2 / here.curvatures[0];
    const away = w.some((value, k) => Math.abs(value - home.lowest[k]) > HALF);
    words.textContent = `After ${steps.value} steps at the rate ${short(rate.value)}: ${names[0]} ${short(w[0])}, `
      + `${names[1]} ${short(w[1])}; the loss is ${short(here.loss(w))}, the least is ${short(here.loss(here.lowest))}`
      + `${away ? ", and the walker is outside of the picture" : ""}. The largest eigenvalue is `
      + `${short(here.curvatures[0])}, so the bound is 2 / ${short(here.curvatures[0])} = ${short(bound)}: the rate is `
      + `${rate.value < bound ? "below" : "not below"} it. The lowest point has the ${names[0]} ${short(here.lowest[0])} and the `
      + `${names[1]} ${short(here.lowest[1])}`
      + `${extra.value ? `, with one row of ${(n + 1).toLocaleString("en")} that lies ${extra.value} out` : ""}.`;
  };
  const begin = w => { start = w; moved(true); };
  map.picture.addEventListener("click", event => begin(map.under(event)));
  const STEPS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  map.picture.addEventListener("keydown", event => {
    if (!STEPS[event.key]) return;
    begin(start.map((value, k) => value + HALF / 13 * STEPS[event.key][k]));
    event.preventDefault();
  });
  moved(true);

  return {
    answer: (start, rate, steps, out) => {
      const here = valley(out), w = walk(here, start, rate, steps).at(-1);
      return [...w, here.loss(w), ...here.lowest, here.loss(here.lowest), 2 / here.curvatures[0]];
    },
  };
};
