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
