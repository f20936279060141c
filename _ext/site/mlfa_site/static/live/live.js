// Loads a live figure when it comes near: the layers, the figure's own script, the page's arrays, a style sheet.
// Plain scripts, so that a page works from a disk as well as from a host. `live` is all that they share.
const live = {
  arrays: {},   // by name: the arrays that a page's run handed over
  figures: {},  // by name: functions (stage, arrays) => what the figure offers to a test
  shown: {},    // by name of arrays: what the figure has returned
};

(() => {
  "use strict";
  const here = document.currentScript.src.replace(/live\.js.*/, "");
  const asked = {};

  const load = name => asked[name] ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = `${here}${name}.js`;
    script.onload = done;
    script.onerror = () => failed(new Error(`${name} cannot be loaded`));
    document.head.append(script);
  });

  const dress = () => asked.sheet ??= new Promise(done => {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = `${here}live.css`;
    sheet.onload = sheet.onerror = done;
    document.head.append(sheet);
  });

  // A packed array as numbers in a row, with its shape; words stay words.
  live.unpack = packed => {
    if (Array.isArray(packed)) return packed;
    const { kind, shape, data } = packed;
    const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
    const values = kind === "u1" ? bytes : new Float32Array(bytes.buffer);
    return { shape, values: Float64Array.from(values) };
  };

  // An element with attributes and children, for the figures.
  live.make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name in element && name !== "list") element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };

  live.svg = (tag, attributes = {}, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  // Three digits, without noughts at the end.
  live.short = value => `${Number(value.toPrecision(3))}`;

  // A slider with its name and its value. `act` hears of every move, and whether the slider has come to rest: what is
  // said aloud waits for that.
  live.slider = (name, settings, act, say = String) => {
    const input = live.make("input", { type: "range", ...settings, "aria-label": name });
    const value = live.make("b");
    const set = to => {
      input.value = to;
      value.textContent = say(input.valueAsNumber);
      input.setAttribute("aria-valuetext", value.textContent);
    };
    input.addEventListener("input", () => { set(input.value); act(false); });
    input.addEventListener("change", () => act(true));
    set(input.value);
    return { input, set, get value() { return input.valueAsNumber; }, label: live.make("label", {}, `${name}: `, value, input) };
  };

  // A picture with two axes. `limits` draws them anew, `at` is the place of a pair of numbers on the sheet, and `under`
  // the pair of numbers below a pointer.
  live.plane = ({ across, upward, width = 320, height = 210, ...attributes }) => {
    const [left, top] = [34, 20], [wide, high] = [width - left - 8, height - top - 32];
    const axes = live.svg("g", { class: "live-axes" });
    const sheet = live.svg("svg", { x: left, y: top, width: wide, height: high });
    const picture = live.svg("svg", { viewBox: `0 0 ${width} ${height}`, ...attributes }, axes, sheet);
    let x = [0, 1], y = [0, 1];
    const share = (value, [low, high]) => (value - low) / (high - low);
    const at = (a, b) => [wide * share(a, x), high * (1 - share(b, y))].map(v => Math.min(9e3, Math.max(-9e3, v)).toFixed(1));
    const ticks = ([low, high]) => {
      const rough = (high - low) / 4, ten = 10 ** Math.floor(Math.log10(rough));
      const step = ten * [1, 2, 5, 10].find(k => k * ten >= rough);
      const first = Math.ceil(low / step - 1e-9);
      return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(6)));
    };
    const limits = (newX, newY) => {
      [x, y] = [newX, newY];
      const text = (value, place, anchor) => live.svg("text", { ...place, "text-anchor": anchor }, `${value}`);
      axes.replaceChildren(
        ...ticks(x).map(v => text(v, { x: left + wide * share(v, x), y: top + high + 14 }, "middle")),
        ...ticks(y).map(v => text(v, { x: left - 4, y: top + high * (1 - share(v, y)) + 4 }, "end")),
        ...ticks(y).map(v => live.svg("path", { d: `M${left} ${top + high * (1 - share(v, y))}h${wide}` })),
        text(upward, { x: 4, y: 13 }, "start"), text(across, { x: width - 8, y: height - 4 }, "end"));
    };
    const under = event => {
      const box = picture.getBoundingClientRect();
      const [a, b] = [(event.clientX - box.left) / box.width * width, (event.clientY - box.top) / box.height * height];
      return [x[0] + (x[1] - x[0]) * (a - left) / wide, y[1] - (y[1] - y[0]) * (b - top) / high];
    };
    return { picture, sheet, at, under, limits };
  };

  live.start = async stage => {
    const { figure, arrays } = stage.dataset;
    await Promise.all([dress(), load("layers"), load(figure), load(arrays)]);
    const unpacked = Object.entries(live.arrays[arrays]).map(([name, packed]) => [name, live.unpack(packed)]);
    stage.replaceChildren();
    live.shown[arrays] = live.figures[figure](stage, Object.fromEntries(unpacked));
    stage.classList.add("live-ready");
  };

  const stages = document.querySelectorAll(".live");
  const near = new IntersectionObserver(entries => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      live.start(target).catch(error => target.append(`This figure did not start: ${error.message}`));
    }
  }, { rootMargin: "200px" });
  stages.forEach(stage => near.observe(stage));
})();
