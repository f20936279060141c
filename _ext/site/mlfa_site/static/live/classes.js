// A network that is trained in the page, on samples of three shapes, and the regions of the plane that it answers.
live.figures.classes = (stage, { X, y, X_val, y_val, names }) => {
  const { make, network, optimizers, layers, plane, short, svg } = live;
  const SIDE = 300, HALF = 2.8, CELLS = 40, CELL = SIDE / CELLS, MOST = 16, LONG = 2000;
  const COLORS = [[0, 114, 178], [213, 94, 0], [0, 122, 90]];
  const added = [];  // points of the reader: [across, upward, class]
  let seed = 0, sizes, net, step, w, state, curves, goal = 0, working = false, cursor = [0, 0];

  const rows = () => {
    const values = new Float64Array([...X.values, ...added.flatMap(([a, b]) => [a, b])]);
    return [{ shape: [values.length / 2, 2], values }, [...y.values, ...added.map(point => point[2])]];
  };
  const normal = start => () => {  // standard normal numbers of a seed (mulberry32, then Box and Muller)
    const uniform = () => {
      start = (start + 0x6d2b79f5) | 0;
      let t = Math.imul(start ^ (start >>> 15), 1 | start);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
    };
    return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  };

  // --- What stands on the stage -------------------------------------------------------------------------------
  const number = (name, value, settings) => {
    const input = make("input", { type: "number", value, ...settings });
    return { input, label: make("label", {}, `${name} `, input) };
  };
  const select = (name, options) => {
    const input = make("select", {}, ...options.map((text, k) => make("option", { value: `${k}` }, text)));
    return { input, label: make("label", {}, `${name} `, input) };
  };
  const button = (text, action) => make("button", { type: "button", onclick: action }, text);
  const units = number("Hidden units", "2", { min: "1", max: `${MOST}`, step: "1" });
  const more = number("Of a second layer", "0", { min: "0", max: `${MOST}`, step: "1" });
  const activation = select("Activation", Object.keys(layers.activations));
  const rate = number("Learning rate", "0.03", { min: "0", max: "10", step: "0.01" });
  const decay = number("Weight decay", "0", { min: "0", max: "30", step: "0.5" });
  const kind = select("Class of a new point", names);
  const run = button("Run", () => (working ? halt() : work(calm() ? 100 : LONG)));
  const map = make("canvas", { width: SIDE, height: SIDE, className: "live-plane", tabIndex: 0, role: "application",
    "aria-label": "The plane. Arrow keys move a cross, space adds a point there, backspace takes the last one away." });
  const chart = plane({ across: "steps", upward: "cross-entropy (nats)", width: 300, height: 200, role: "img",
    "aria-label": "Training and validation loss over the steps; the last ones are said below." });
  const [training, validation] = ["live-bold", "live-dashed"].map(name => svg("polyline", { class: name }));
  chart.sheet.append(training, validation);
  const words = make("p", { className: "live-words", role: "status" });
  stage.append(make("div", { className: "live-row" },
    make("div", {}, map, make("span", { className: "live-caption" },
      `Circles: ${names[0]}. Squares: ${names[1]}. Triangles: ${names[2]}. Large: your own.`)),
    make("div", { className: "live-panel" }, chart.picture, make("p", {}, "Solid: training. Dashed: validation.")),
    make("div", {}, ...[units, more, activation, rate, decay, kind].map(control => control.label))),
  make("div", { className: "live-buttons" }, button("One step", () => work(1)), button("Twenty steps", () => work(20)), run,
    button("Back to the first weights", () => begin()), button("Other first weights", () => { seed += 1; begin(); }),
    button("Take my points away", () => { added.length = 0; change(); })), words);

  // --- Painting -----------------------------------------------------------------------------------------------
  const pixel = (a, b) => [SIDE * (0.5 + a / (2 * HALF)), SIDE * (0.5 - b / (2 * HALF))];
  const grid = { shape: [CELLS * CELLS, 2], values: new Float64Array(2 * CELLS * CELLS) };
  for (let k = 0; k < CELLS * CELLS; k++) {
    grid.values[2 * k] = HALF * (2 * ((k % CELLS) + 0.5) / CELLS - 1);
    grid.values[2 * k + 1] = HALF * (1 - 2 * (Math.floor(k / CELLS) + 0.5) / CELLS);
  }
  const mix = (color, share) => `rgb(${color.map(part => Math.round(255 + share * (part - 255)))})`;
  const pale = COLORS.map(color => mix(color, 0.2));
  const dot = (context, [x, y], k, r) => {
    context.beginPath();
    if (k === 0) context.arc(x, y, r, 0, 7);
    else if (k === 1) context.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
    else [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]].forEach(([a, b]) => context.lineTo(x + r * a, y + r * b));
    context.closePath();
    context.fillStyle = mix(COLORS[k], 1);
    context.fill();
    context.stroke();
  };
  const paint = () => {
    const context = map.getContext("2d"), scores = net.scores(w, grid).values;
    const hatches = [new Path2D(), null, new Path2D()];
    for (let k = 0; k < CELLS * CELLS; k++) {  // a color and a hatch for each class
      const row = scores.subarray(3 * k, 3 * k + 3), answer = Math.max(0, row.indexOf(Math.max(...row)));
      const [x, y] = [CELL * (k % CELLS), CELL * Math.floor(k / CELLS)];
      context.fillStyle = pale[answer];
      context.fillRect(x, y, CELL + 1, CELL + 1);
      hatches[answer]?.moveTo(x, answer ? y : y + CELL);
      hatches[answer]?.lineTo(x + CELL, answer ? y + CELL : y);
    }
    context.lineWidth = 1;
    hatches.forEach((hatch, k) => {
      context.strokeStyle = mix(COLORS[k], 0.5);
      if (hatch) context.stroke(hatch);
    });
    context.strokeStyle = "#fff";
    for (let i = 0; i < y.values.length; i++) dot(context, pixel(X.values[2 * i], X.values[2 * i + 1]), y.values[i], 3);
    context.strokeStyle = "#000";
    added.forEach(([a, b, k]) => dot(context, pixel(a, b), k, 6));
    const [x, up] = pixel(...cursor);
    context.strokeStyle = "#b30000";
    context.lineWidth = 2;
    context.beginPath();
    for (const [a, b] of [[6, 0], [0, 6]]) { context.moveTo(x - a, up - b); context.lineTo(x + a, up + b); }
    context.stroke();

    const last = curves.length - 1, every = Math.ceil(curves.length / 400);
    chart.limits([0, 1.07 * Math.max(20, last)], [0, Math.max(1.2, ...curves.map(pair => Math.min(3, Math.max(...pair))))]);
    const kept = curves.map((pair, t) => [t, ...pair]).filter(([t]) => t % every === 0 || t === last);
    [training, validation].forEach((line, k) =>
      line.setAttribute("points", kept.map(point => chart.at(point[0], point[1 + k]).join()).join(" ")));
  };
  const measure = () => { state = [rows(), [X_val, y_val.values]].map(([X, y]) => net.measure(net.scores(w, X), y)); };
  const tell = () => {
    const [ours, others] = state;
    const p = Array.from(layers.softmax(net.scores(w, { shape: [1, 2], values: Float64Array.from(cursor) })).values);
    const best = p.indexOf(Math.max(...p)), t = curves.length - 1;
    words.textContent = `After ${t} step${t === 1 ? "" : "s"}: the loss is ${short(ours.loss)} on the training samples, `
      + `${short(others.loss)} on the validation samples; right are ${ours.right.toFixed(3)} and ${others.right.toFixed(3)} of them. `
      + `At the cross it says ${names[best]}, with ${p[best].toFixed(2)}.${added.length ? ` Points of your own: ${added.length}.` : ""}`;
  };
  const look = () => { paint(); tell(); };

  // --- Training: all samples in each step, as AdamW ------------------------------------------------------------
  const whole = (control, least) => Math.min(MOST, Math.max(least, Math.round(control.input.valueAsNumber) || least));
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const begin = () => {
    sizes = [2, whole(units, 1), whole(more, 0), 3].filter(size => size);
    net = network(sizes, Object.keys(layers.activations)[+activation.input.value]);
    w = net.initialize(normal(seed));
    step = optimizers.Adam({ rate: rate.input.valueAsNumber || 0, decay: decay.input.valueAsNumber || 0 });
    measure();
    curves = [state.map(part => part.loss)];
    goal = 0;
    look();
  };
  const learn = (A, a) => {
    w = step(w, net.learn(w, A, a).gradient);
    measure();
    curves.push(state.map(part => part.loss));
  };
  const halt = () => { goal = 0; };
  const work = count => {
    goal = curves.length - 1 + count;
    if (!working) requestAnimationFrame(chunk);
    working = true;
    run.textContent = "Stop";
  };
  const chunk = () => {  // what a moment allows, so that the page still answers
    const [A, a] = rows(), late = performance.now() + 25;
    while (curves.length <= goal && performance.now() < late) learn(A, a);
    if (curves.length <= goal) {
      if (!calm()) paint();
      requestAnimationFrame(chunk);
      return;
    }
    working = false;
    run.textContent = "Run";
    look();
  };

  // --- What the reader does -----------------------------------------------------------------------------------
  [units, more, activation, rate, decay].forEach(control => control.input.addEventListener("change", begin));
  const within = value => Math.min(HALF, Math.max(-HALF, value));
  const change = () => { measure(); look(); };
  const add = () => { added.push([...cursor, +kind.input.value]); change(); };
  map.addEventListener("click", event => {
    const box = map.getBoundingClientRect();
    cursor = [HALF * (2 * (event.clientX - box.left) / box.width - 1), HALF * (1 - 2 * (event.clientY - box.top) / box.height)];
    add();
  });
  const STEPS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  map.addEventListener("keydown", event => {
    if (STEPS[event.key]) { cursor = cursor.map((value, axis) => within(value + 0.1 * STEPS[event.key][axis])); look(); }
    else if (event.key === " ") add();
    else if (event.key === "Backspace") { added.pop(); change(); }
    else return;
    event.preventDefault();
  });

  begin();
  return {
    answer: ({ sizes, activation, rate, decay }, first, steps) => {
      const net = network(sizes, activation), step = optimizers.Adam({ rate, decay });
      let w = Float64Array.from(first), losses = [];
      for (let t = 0; t < steps; t++) {
        const { loss, gradient } = net.learn(w, ...rows());
        losses.push(loss);
        w = step(w, gradient);
      }
      return { losses, scores: Array.from(net.scores(w, X_val).values) };
    },
  };
};
