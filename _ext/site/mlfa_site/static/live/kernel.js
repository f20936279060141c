// A picture to draw in, a kernel to edit, and the map that it gives. Pointer and keyboard do the same.
live.figures.kernel = (stage, { pictures, kernels, names }) => {
  const { make, layers } = live;
  const [count, side] = [pictures.shape[0], pictures.shape[1]];
  const size = kernels.shape[1];
  const CELL = 8;  // pixels of the screen for one of the picture
  const image = { shape: [side, side], values: new Float64Array(side * side) };
  const kernel = { shape: [size, size], values: new Float64Array(size * size) };
  let map = layers.correlate(image, kernel);
  let pen = [side >> 1, side >> 1], place = [map.shape[0] >> 1, map.shape[1] >> 1];

  // --- What stands on the stage -------------------------------------------------------------------------------
  const canvas = (pixels, label) => make("canvas", {
    width: pixels * CELL, height: pixels * CELL, tabIndex: 0, role: "application", "aria-label": label,
  });
  const words = make("p", { className: "live-words", role: "status" });
  const drawing = canvas(side, "Picture. Arrow keys move the pen, space draws, backspace erases.");
  drawing.className = "live-drawing";
  const answer = canvas(map.shape[0], "Map. Arrow keys choose a place; its sum is said below.");
  const boxes = Array.from(kernel.values, (_, k) => make("input", {
    type: "number", step: "0.5", value: "0",
    "aria-label": `Weight in row ${1 + Math.floor(k / size)}, column ${1 + k % size}`,
  }));
  const choice = (label, options) => {
    const select = make("select", {}, ...options.map((text, k) => make("option", { value: `${k}` }, text)));
    return [make("label", {}, label, " ", select), select];
  };
  const digits = Array.from({ length: count }, (_, k) => `digit ${k}`);
  const [pictureLabel, pictureChoice] = choice("Picture", [...digits, "blank, to draw in"]);
  const [kernelLabel, kernelChoice] = choice("Kernel", [...names, "your own"]);
  stage.append(make("div", { className: "live-row" },
    make("div", {}, pictureLabel, drawing),
    make("fieldset", {}, make("legend", {}, "Nine weights"),
      kernelLabel, make("div", { className: "live-kernel" }, ...boxes)),
    make("div", {}, make("span", { className: "live-caption" }, "Map: blue above zero, orange below"), answer),
  ), words);

  // --- Painting -----------------------------------------------------------------------------------------------
  const fill = (canvas, width, color) => {
    const context = canvas.getContext("2d");
    for (let k = 0; k < width * width; k++) {
      context.fillStyle = color(k);
      context.fillRect((k % width) * CELL, Math.floor(k / width) * CELL, CELL, CELL);
    }
    return context;
  };
  const frame = (context, [row, column], extent, color) => {
    context.strokeStyle = color;
    context.lineWidth = 2;
    context.strokeRect(column * CELL, row * CELL, extent * CELL, extent * CELL);
  };
  const gray = value => {
    const shade = Math.round(255 * (1 - Math.min(1, Math.max(0, value))));
    return `rgb(${shade}, ${shade}, ${shade})`;
  };
  const signed = value => {  // white at zero, blue above, orange below: as the book's figures
    const strength = Math.min(1, Math.abs(value));
    const [r, g, b] = value > 0 ? [0, 90, 181] : [217, 95, 2];
    const mix = part => Math.round(255 + strength * (part - 255));
    return `rgb(${mix(r)}, ${mix(g)}, ${mix(b)})`;
  };
  const short = value => `${Math.round(1000 * value) / 1000}`;
  const paint = () => {
    const inked = fill(drawing, side, k => gray(image.values[k]));
    frame(inked, pen, 1, "#b30000");
    frame(inked, place, size, "#b30000");
    const largest = Math.max(1e-9, ...map.values.map(Math.abs));
    frame(fill(answer, map.shape[1], k => signed(map.values[k] / largest)), place, 1, "#b30000");
  };
  const tell = () => {
    const [row, column] = place, parts = [];
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++) {
        const weight = kernel.values[a * size + b];
        if (weight) parts.push(`${short(weight)} · ${short(image.values[(row + a) * side + column + b])}`);
      }
    const sum = short(map.values[row * map.shape[1] + column]);
    words.textContent = `Row ${row + 1}, column ${column + 1} of the map: ${parts.join(" + ") || "0"} = ${sum}`;
  };
  const refresh = () => {
    map = layers.correlate(image, kernel);
    paint();
    tell();
  };

  // --- What the reader does -----------------------------------------------------------------------------------
  const setKernel = values => {
    values.forEach((value, k) => { kernel.values[k] = value; boxes[k].value = short(value); });
    refresh();
  };
  const setPicture = values => {
    image.values.set(values);
    refresh();
  };
  const ink = ([row, column], value) => {
    for (const [a, b, share] of [[0, 0, 1], [0, 1, 0.6], [1, 0, 0.6], [1, 1, 0.4]])
      if (row + a < side && column + b < side) {
        const k = (row + a) * side + column + b;
        image.values[k] = value ? Math.max(image.values[k], share) : 0;
      }
    refresh();
  };
  boxes.forEach((box, k) => box.addEventListener("input", () => {
    kernel.values[k] = Number.isFinite(box.valueAsNumber) ? box.valueAsNumber : 0;
    kernelChoice.value = `${kernelChoice.options.length - 1}`;
    refresh();
  }));
  kernelChoice.addEventListener("change", () => {
    const k = +kernelChoice.value;
    if (k < kernels.shape[0]) setKernel(kernels.values.slice(k * size * size, (k + 1) * size * size));
  });
  pictureChoice.addEventListener("change", () => {
    const k = +pictureChoice.value, pixels = side * side;
    setPicture(k < count ? pictures.values.slice(k * pixels, (k + 1) * pixels).map(v => v / 255) : new Float64Array(pixels));
  });
  const under = (canvas, event, most) => {
    const box = canvas.getBoundingClientRect();
    const at = (offset, length) => Math.min(most, Math.max(0, Math.floor((most + 1) * offset / length)));
    return [at(event.clientY - box.top, box.height), at(event.clientX - box.left, box.width)];
  };
  drawing.addEventListener("pointerdown", event => {
    drawing.setPointerCapture(event.pointerId);
    ink(pen = under(drawing, event, side - 1), 1);
  });
  drawing.addEventListener("pointermove", event => {
    if (event.buttons) ink(pen = under(drawing, event, side - 1), 1);
  });
  answer.addEventListener("pointermove", event => {
    place = under(answer, event, map.shape[0] - 1);
    paint();
    tell();
  });
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const moved = ([row, column], [down, right], most) =>
    [Math.min(most, Math.max(0, row + down)), Math.min(most, Math.max(0, column + right))];
  drawing.addEventListener("keydown", event => {
    if (STEPS[event.key]) { pen = moved(pen, STEPS[event.key], side - 1); paint(); }
    else if (event.key === " ") ink(pen, 1);
    else if (event.key === "Backspace") ink(pen, 0);
    else return;
    event.preventDefault();
  });
  answer.addEventListener("keydown", event => {
    if (!STEPS[event.key]) return;
    place = moved(place, STEPS[event.key], map.shape[0] - 1);
    paint();
    tell();
    event.preventDefault();
  });

  pictureChoice.dispatchEvent(new Event("change"));
  kernelChoice.dispatchEvent(new Event("change"));
  return {
    answer: (values, weights) => {
      setPicture(values);
      setKernel(weights);
      return Array.from(map.values);
    },
  };
};
