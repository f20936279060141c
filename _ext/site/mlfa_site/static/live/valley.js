// The valley of a loss with two weights, and a walker in it. The loss is a parabola, so its lines of equal height are
// ellipses around the lowest point.
live.figures.valley = (stage, { hessian, lowest, start, names }) => {
  const { make, optimizers, short, svg } = live;
  const [a, b, , d] = hessian.values, low = Array.from(lowest.values);
  const [middle, spread] = [(a + d) / 2, Math.hypot((a - d) / 2, b)];
  const curvatures = [middle + spread, middle - spread];  // eigenvalues: across the valley, and along it
  const turn = Math.atan2(curvatures[0] - a, b);  // of the first eigenvector
  const half = 1.5 * Math.max(...start.values.map((value, k) => Math.abs(value - low[k])));
  const SIDE = 300;
  let path = [Array.from(start.values)], step = null;

  const slope = w => [a * (w[0] - low[0]) + b * (w[1] - low[1]), b * (w[0] - low[0]) + d * (w[1] - low[1])];
  const above = w => {  // the loss, less the least loss
    const gradient = slope(w);
    return ((w[0] - low[0]) * gradient[0] + (w[1] - low[1]) * gradient[1]) / 2;
  };

  // --- What stands on the stage -------------------------------------------------------------------------------
  const place = w => [SIDE * (0.5 + (w[0] - low[0]) / (2 * half)), SIDE * (0.5 - (w[1] - low[1]) / (2 * half))];
  const rings = Array.from({ length: 9 }, (_, k) => {
    const height = above(Array.from(start.values)) * 2.2 ** (k - 5);
    const radii = curvatures.map(curvature => SIDE / (2 * half) * Math.sqrt(2 * height / curvature));
    return svg("ellipse", { cx: SIDE / 2, cy: SIDE / 2, rx: radii[0], ry: radii[1],
      transform: `rotate(${-turn * 180 / Math.PI} ${SIDE / 2} ${SIDE / 2})` });
  });
  const trail = svg("polyline", { class: "live-trail" }), dots = svg("g", { class: "live-dots" });
  const star = svg("path", { class: "live-star", d: `M${SIDE / 2 - 6} ${SIDE / 2}h12M${SIDE / 2} ${SIDE / 2 - 6}v12` });
  const picture = svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, tabindex: 0, role: "application", "aria-label":
    `Valley of the loss. Across: ${names[0]}; upward: ${names[1]}. Arrow keys move the start.` },
    svg("g", { class: "live-rings" }, ...rings), star, trail, dots);
  const words = make("p", { className: "live-words", role: "status" });
  const walker = make("select", {}, ...Object.keys(optimizers).map(name => make("option", {}, name)));
  const number = (value, step, max) => make("input", { type: "number", min: "0", step, max, value });
  const rate = number("0.4", "0.05", "100"), momentum = number("0.9", "0.1", "0.99");
  const button = (text, action) => make("button", { type: "button", onclick: action }, text);
  stage.append(make("div", { className: "live-row" },
    make("div", { className: "live-valley" }, picture, make("p", {}, `Across: ${names[0]}. Upward: ${names[1]}.`)),
    make("div", {},
      make("label", {}, "Optimizer ", walker),
      make("label", {}, "Learning rate ", rate),
      make("label", {}, "Share that momentum keeps ", momentum),
      make("div", { className: "live-buttons" }, button("One step", () => walk(1)),
        button("Twenty steps", () => walk(20)), button("Back to the start", () => begin(path[0])))),
  ), words);

  // --- Walking ------------------------------------------------------------------------------------------------
  const paint = () => {
    const points = path.map(w => place(w).map(x => Math.min(4 * SIDE, Math.max(-3 * SIDE, x)).toFixed(1)));
    trail.setAttribute("points", points.map(point => point.join()).join(" "));
    dots.replaceChildren(...points.map(([x, y], k) => svg("circle", { cx: x, cy: y, r: k ? 2.5 : 5 })));
    const w = path.at(-1), out = place(w).some(x => !(x >= 0 && x <= SIDE));
    words.textContent = `After ${path.length - 1} steps: ${names[0]} ${short(w[0])}, ${names[1]} ${short(w[1])}; `
      + `the loss is ${short(above(w))} above the least${out ? ", outside of the picture" : ""}. `
      + `Gradient descent climbs here from a rate of ${short(2 / curvatures[0])} on.`;
  };
  const settings = () => ({ rate: rate.valueAsNumber || 0, momentum: momentum.valueAsNumber || 0 });
  const begin = w => {
    [path, step] = [[w], null];
    paint();
  };
  const walk = count => {
    step ??= optimizers[walker.value](settings());
    for (let k = 0; k < count && path.length <= 400; k++) path.push(step(path.at(-1), slope(path.at(-1))));
    paint();
  };
  [walker, rate, momentum].forEach(control => control.addEventListener("change", () => begin(path[0])));
  picture.addEventListener("click", event => {
    const box = picture.getBoundingClientRect();
    begin([low[0] + half * (2 * (event.clientX - box.left) / box.width - 1),
      low[1] - half * (2 * (event.clientY - box.top) / box.height - 1)]);
  });
  const STEPS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  picture.addEventListener("keydown", event => {
    if (!STEPS[event.key]) return;
    begin(path[0].map((value, k) => value + half / 15 * STEPS[event.key][k]));
    event.preventDefault();
  });
  paint();

  return {
    answer: (name, settings, w, steps) => {
      const step = optimizers[name](settings);
      for (let k = 0; k < steps; k++) w = step(w, slope(w));
      return w;
    },
  };
};
