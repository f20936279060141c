// A digit to draw, a patch to cover, and what the page's small network makes of it. Pointer and keyboard do the same.
live.figures.cnn = (stage, { images, classes, ...weights }) => {
  const { make, layers, short } = live;
  const side = images.shape[1], pixels = side * side, CELL = 8, BOX = 20;
  const ink = new Float64Array(pixels);  // what was drawn
  let own = false;  // whether the drawing began blank: then it is centered and scaled
  let pen = [side / 2, side / 2], patch = null, seen = null, whole = null;

  // --- The network, as `mlfa.images.cnn.small_cnn` ------------------------------------------------------------
  const block = (maps, number) => layers.activate(layers.pool(
    layers.convolve(maps, weights[`features_${number}_weight`], weights[`features_${number}_bias`])), "ReLU");
  const dense = (X, number) =>
    layers.dense(X, weights[`head_layers_${number}_weight`], weights[`head_layers_${number}_bias`]);
  const network = image => {
    const first = block({ shape: [1, side, side], values: image }, 0);  // (4, 14, 14)
    const second = block(first, 3);  // (8, 7, 7)
    const hidden = layers.activate(dense({ shape: [1, second.values.length], values: second.values }, 0), "ReLU");
    return { image, first, second, p: Array.from(layers.softmax(dense(hidden, 2)).values) };
  };

  // As MNIST's digits: the longer side of the ink fits 20 pixels, and its center of mass is in the middle. Each new
  // pixel is the mean of sixteen places of the drawing.
  const center = drawn => {
    let [top, left, bottom, right, mass, down, across] = [side, side, -1, -1, 0, 0, 0];
    drawn.forEach((value, k) => {
      if (!value) return;
      const [i, j] = [Math.floor(k / side), k % side];
      [top, left, bottom, right] = [Math.min(top, i), Math.min(left, j), Math.max(bottom, i), Math.max(right, j)];
      [mass, down, across] = [mass + value, down + value * i, across + value * j];
    });
    const answer = new Float64Array(pixels);
    if (!mass) return answer;
    const step = Math.max(bottom - top + 1, right - left + 1) / BOX;  // pixels of the drawing for one of the image
    const at = (i, j) => (i < 0 || j < 0 || i >= side || j >= side ? 0 : drawn[i * side + j]);
    const between = (i, j) => {
      const [a, b] = [Math.floor(i), Math.floor(j)], [u, v] = [i - a, j - b];
      return (1 - u) * ((1 - v) * at(a, b) + v * at(a, b + 1)) + u * ((1 - v) * at(a + 1, b) + v * at(a + 1, b + 1));
    };
    for (let k = 0; k < 16 * pixels; k++) {
      const [i, j] = [Math.floor(k / (4 * side)), k % (4 * side)];
      const place = value => step * ((value + 0.5) / 4 - side / 2);
      answer[Math.floor(i / 4) * side + Math.floor(j / 4)] += between(down / mass + place(i), across / mass + place(j)) / 16;
    }
    return answer;
  };

  // --- What stands on the stage -------------------------------------------------------------------------------
  const canvas = (wide, high, attributes) => make("canvas", { width: wide, height: high, ...attributes });
  const board = label => canvas(side * CELL, side * CELL,
    { className: "live-drawing", tabIndex: 0, role: "application", "aria-label": label });
  const drawing = board("Drawing. Arrow keys move the pen, with the shift key they draw; space draws, backspace erases.");
  const view = board("What the network sees. Arrow keys move a patch that covers, backspace takes it away.");
  const options = Array.from(classes.values, (digit, k) => (k < 10 ? `digit ${digit}` : `a ${digit} that it gets wrong`));
  const choice = make("select", {}, ...[...options, "blank, to draw in"].map((text, k) => make("option", { value: `${k}` }, text)));
  const size = make("input", { type: "number", min: "2", max: "20", step: "1", value: "8" });
  const button = (text, action) => make("button", { type: "button", onclick: action }, text);
  const bars = Array.from({ length: 10 }, () => [make("i"), make("span")]);
  const list = make("ul", { className: "live-bars" },
    ...bars.map(([bar, number], digit) => make("li", {}, make("b", {}, `${digit}`), bar, number)));
  const [first, second] = [[4, 14], [8, 7]].map(([count, width], k) => canvas(240, 60 * (k + 1), { className: "live-maps", role: "img",
    "aria-label": `The ${count} feature maps of layer ${k + 1}, ${width} by ${width}; the strongest is named below.` }));
  const words = make("p", { className: "live-words", role: "status" });
  stage.append(
    make("div", { className: "live-row" },
      make("div", {}, make("label", {}, "Example ", choice), drawing,
        make("div", { className: "live-buttons" }, button("Blank", () => begin(options.length)))),
      make("div", {}, make("label", {}, "Patch, pixels wide ", size), view,
        make("div", { className: "live-buttons" }, button("Take the patch away", () => cover(null))))),
    make("div", { className: "live-row" },
      make("div", {}, make("span", { className: "live-caption" }, "Probability of each digit"), list),
      make("div", {}, make("span", { className: "live-caption" }, "Maps of layer 1: dark is strong"), first,
        make("span", { className: "live-caption" }, "Maps of layer 2"), second)),
    words);

  // --- Painting -----------------------------------------------------------------------------------------------
  const fill = (canvas, [top, left], { shape: [high, wide], values }, cell, dark, most) => {
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(left, top, wide * cell, high * cell);
    for (let k = 0; k < high * wide; k++) {
      if (values[k] <= 0) continue;
      const share = Math.min(1, values[k] / most);
      context.fillStyle = `rgb(${dark.map(part => Math.round(255 + share * (part - 255)))})`;
      context.fillRect(left + (k % wide) * cell, top + Math.floor(k / wide) * cell, cell, cell);
    }
    return context;
  };
  const frame = (context, [top, left], extent) => {
    context.strokeStyle = "#b30000";
    context.lineWidth = 2;
    context.strokeRect(left * CELL, top * CELL, extent * CELL, extent * CELL);
  };
  const paintMaps = (canvas, { shape: [count, high, wide], values }) => {  // four in a row
    const context = canvas.getContext("2d"), most = Math.max(1e-9, ...values), cell = 56 / wide;
    context.fillStyle = "#767676";
    context.fillRect(0, 0, canvas.width, canvas.height);
    for (let k = 0; k < count; k++) {
      const map = { shape: [high, wide], values: values.subarray(k * high * wide, (k + 1) * high * wide) };
      fill(canvas, [60 * Math.floor(k / 4) + 2, 60 * (k % 4) + 2], map, cell, [0, 59, 99], most);
    }
  };
  const paintPen = () => frame(fill(drawing, [0, 0], { shape: [side, side], values: ink }, CELL, [0, 0, 0], 1),
    pen.map(value => value - 1), 2);
  const paint = () => {
    paintPen();
    const context = fill(view, [0, 0], { shape: [side, side], values: seen.image }, CELL, [0, 0, 0], 1);
    if (patch) frame(context, patch, extent());
    bars.forEach(([bar, number], digit) => {
      bar.style.width = `${(60 * seen.p[digit]).toFixed(1)}%`;
      number.textContent = seen.p[digit].toFixed(3);
    });
    paintMaps(first, seen.first);
    paintMaps(second, seen.second);
  };
  const ranked = p => p.map((value, digit) => [value, digit]).sort((a, b) => b[0] - a[0]);
  const strongest = ({ shape: [, high, wide], values }) => {
    const place = values.indexOf(Math.max(...values));
    return `map ${1 + Math.floor(place / (high * wide))}, with ${short(values[place])}`;
  };
  const tell = () => {
    const [[p, digit], [next, other]] = ranked(seen.p), [[before, was]] = ranked(whole.p);
    const label = classes.values[+choice.value];
    const what = ink.every(value => !value) ? "An empty image" : own ? "Your drawing, centered and scaled," : `This image, labeled ${label},`;
    words.textContent = `${what} is a ${digit} to the network, with a probability of ${p.toFixed(3)}; next comes ${other}, with `
      + `${next.toFixed(3)}. ${patch ? `Without the patch: ${was}, with ${before.toFixed(3)}. ` : ""}`
      + `The strongest answer of layer 1 is in ${strongest(seen.first)}; of layer 2, in ${strongest(seen.second)}.`;
  };
  const refresh = () => {
    const image = own ? center(ink) : ink.slice(), covered = image.slice();
    if (patch)
      for (let k = 0; k < pixels; k++) {
        const [i, j] = [Math.floor(k / side) - patch[0], (k % side) - patch[1]];
        if (i >= 0 && j >= 0 && i < extent() && j < extent()) covered[k] = 0;
      }
    whole = network(image);
    seen = patch ? network(covered) : whole;
    paint();
    tell();
  };

  // --- What the reader does -----------------------------------------------------------------------------------
  const extent = () => Math.min(20, Math.max(2, Math.round(size.valueAsNumber) || 8));
  const within = (value, most) => Math.min(most, Math.max(0, value));
  const begin = k => {
    choice.value = `${k < options.length ? k : options.length}`;
    own = k >= options.length;
    ink.set(own ? new Float64Array(pixels) : images.values.subarray(k * pixels, (k + 1) * pixels).map(v => v / 255));
    refresh();
  };
  const cover = place => {
    patch = place && place.map(value => within(value, side - extent()));
    refresh();
  };
  const draw = (to, erases = false) => {  // from the pen to there, with a round tip
    const steps = Math.max(1, Math.ceil(2 * Math.hypot(to[0] - pen[0], to[1] - pen[1])));
    for (let s = 1; s <= steps; s++) {
      const [row, column] = pen.map((value, axis) => value + s / steps * (to[axis] - value));
      for (let k = 0; k < pixels; k++) {
        const share = within(1.7 - Math.hypot(Math.floor(k / side) + 0.5 - row, (k % side) + 0.5 - column), 1);
        if (share > 0) ink[k] = erases ? 0 : Math.max(ink[k], share);
      }
    }
    pen = to;
    refresh();
  };
  const under = (canvas, event) => {
    const box = canvas.getBoundingClientRect();
    return [side * (event.clientY - box.top) / box.height, side * (event.clientX - box.left) / box.width];
  };
  drawing.addEventListener("pointerdown", event => {
    drawing.setPointerCapture(event.pointerId);
    draw(pen = under(drawing, event));
  });
  drawing.addEventListener("pointermove", event => { if (event.buttons) draw(under(drawing, event)); });
  const drag = event => cover(under(view, event).map(value => Math.round(value - extent() / 2)));
  view.addEventListener("pointerdown", event => {
    view.setPointerCapture(event.pointerId);
    drag(event);
  });
  view.addEventListener("pointermove", event => { if (event.buttons) drag(event); });
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  drawing.addEventListener("keydown", event => {
    const to = pen.map((value, axis) => within(value + (STEPS[event.key]?.[axis] ?? 0), side));
    if (STEPS[event.key] && event.shiftKey) draw(to);
    else if (STEPS[event.key]) { pen = to; paintPen(); }
    else if (event.key === " ") draw(pen);
    else if (event.key === "Backspace") draw(pen, true);
    else return;
    event.preventDefault();
  });
  view.addEventListener("keydown", event => {
    const middle = Math.round((side - extent()) / 2);
    if (STEPS[event.key]) cover(patch ? patch.map((value, axis) => value + STEPS[event.key][axis]) : [middle, middle]);
    else if (event.key === "Backspace") cover(null);
    else return;
    event.preventDefault();
  });
  choice.addEventListener("change", () => begin(+choice.value));
  size.addEventListener("change", () => cover(patch));

  begin(4);
  return { answer: image => network(Float64Array.from(image)).p, center: drawn => Array.from(center(Float64Array.from(drawn))) };
};
