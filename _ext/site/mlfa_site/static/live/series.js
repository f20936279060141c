// A series with a trend, a season, noise and memory: what its correlogram shows, and what persistence is worth on it.
live.figures.series = (stage, { noise }) => {
  const { make, plane, short, slider, svg } = live;
  const n = noise.values.length, YEAR = 365, LAGS = 60, AHEAD = [1, 7, 30];
  const average = values => values.reduce((sum, value) => sum + value, 0) / values.length;

  // As `simulate` of the page, with what is usual for each step on top.
  const simulate = (trend, season, spread, memory) => {
    const usual = Array.from(noise.values, (_, t) => trend * t / (n - 1) + season * Math.sin(2 * Math.PI * t / YEAR));
    let rest = 0;
    const values = usual.map((level, t) => level + (rest = t ? memory * rest + spread * noise.values[t] : 0));
    return { usual, values };
  };

  // As `mlfa.series.measures.autocorrelation`: one mean and one total for all lags.
  const autocorrelation = (values, lags) => {
    const mean = average(values), z = values.map(value => value - mean);
    const products = lag => {
      let sum = 0;
      for (let t = lag; t < z.length; t++) sum += z[t] * z[t - lag];
      return sum;
    };
    const total = products(0);
    return Array.from({ length: lags + 1 }, (_, lag) => products(lag) / total);
  };

  // Mean squared errors of three forecasts, `ahead` steps before the value comes.
  const errors = ({ usual, values }, ahead) => {
    const mean = average(values), came = values.slice(ahead);
    const error = forecast => average(came.map((value, t) => (value - forecast(t)) ** 2));
    return [error(() => mean), error(t => values[t]), error(t => usual[t + ahead])];
  };

  // --- What stands on the stage -------------------------------------------------------------------------------
  const moved = rests => { paint(); if (rests) tell(); };
  const sliders = [
    slider("Trend, rise from first to last step", { min: 0, max: 10, step: 0.5, value: 0 }, moved),
    slider("Season, height", { min: 0, max: 10, step: 0.5, value: 0 }, moved),
    slider("Noise, spread", { min: 0.25, max: 4, step: 0.25, value: 1 }, moved),
    slider("Memory, weight of the step before", { min: 0, max: 1, step: 0.05, value: 0.8 }, moved),
  ];
  const run = plane({ across: "step (days)", upward: "value", role: "img", "aria-label":
    "The series over two years, with its mean and with its trend and season." });
  const correlogram = plane({ across: "lag (days)", upward: "autocorrelation", role: "img", "aria-label":
    "Correlogram: autocorrelations at lags 0 to 60, with the band of white noise and a line at one half." });
  const drawn = ["thin", "dashed", "dotted"].map(kind => svg("polyline", { class: `live-${kind}` }));
  run.sheet.append(...drawn);
  correlogram.limits([-1, LAGS + 1], [-0.5, 1.05]);
  const band = 2 / Math.sqrt(n), level = (height, kind) =>
    svg("polyline", { class: kind, points: `${correlogram.at(-1, height)} ${correlogram.at(LAGS + 1, height)}` });
  const [low, high] = [correlogram.at(-1, -band), correlogram.at(LAGS + 1, band)];
  const stems = svg("path", { class: "live-trail" });
  correlogram.sheet.append(
    svg("rect", { class: "live-band", x: low[0], y: high[1], width: high[0] - low[0], height: low[1] - high[1] }),
    level(0, "live-thin"), stems, level(0.5, "live-dashed"));

  const forecasts = ["mean", "persistence", "trend and season, if known", "skill of persistence against the mean"];
  const cells = forecasts.map(() => AHEAD.map(() => make("td")));
  const table = make("table", { className: "live-table" },
    make("caption", {}, "Mean squared error, by steps ahead"),
    make("tr", {}, make("th", { scope: "col" }, "forecast"),
      ...AHEAD.map(ahead => make("th", { scope: "col" }, `${ahead}`))),
    ...forecasts.map((forecast, k) => make("tr", {}, make("th", { scope: "row" }, forecast), ...cells[k])));
  const words = make("p", { className: "live-words", role: "status" });
  stage.append(make("div", { className: "live-row" },
    make("div", { className: "live-panel" }, run.picture,
      make("p", {}, "Dashed: trend and season. Dotted: the mean.")),
    make("div", { className: "live-panel" }, correlogram.picture,
      make("p", {}, "Gray: the band. Dashed: one half.")),
    make("div", { className: "live-sliders" }, ...sliders.map(({ label }) => label)), table,
  ), words);

  // --- Painting and telling -----------------------------------------------------------------------------------
  let r, scores;
  const skill = ([fromMean, persistence]) => (1 - persistence / fromMean).toFixed(2);
  const paint = () => {
    const series = simulate(...sliders.map(({ value }) => value)), mean = average(series.values);
    r = autocorrelation(series.values, LAGS);
    scores = AHEAD.map(ahead => errors(series, ahead));
    run.limits([0, n - 1], [Math.min(...series.values, -3), Math.max(...series.values, 3)]);
    [series.values, series.usual].forEach((values, k) =>
      drawn[k].setAttribute("points", values.map((value, t) => run.at(t, value)).join(" ")));
    drawn[2].setAttribute("points", [0, n - 1].map(t => run.at(t, mean)).join(" "));
    stems.setAttribute("d", r.map((value, lag) => `M${correlogram.at(lag, 0)}L${correlogram.at(lag, value)}`).join(""));
    scores.forEach((score, column) =>
      [...score.map(short), skill(score)].forEach((text, k) => { cells[k][column].textContent = text; }));
  };
  const tell = () => {
    const [fromMean, persistence, known] = scores[0];
    const less = (a, b) => (a < b ? "less" : "more");
    const outside = r.slice(1).filter(value => Math.abs(value) > band).length;
    words.textContent = `The autocorrelation is ${r[1].toFixed(2)} at lag 1 and ${r[30].toFixed(2)} at lag 30; `
      + `${outside} of ${LAGS} lags are outside of the band. One step ahead persistence leaves ${short(persistence)}, `
      + `${less(persistence, fromMean)} than the mean with ${short(fromMean)}: `
      + `its skill is ${skill(scores[0])}. Trend and season, if known, leave ${short(known)}, `
      + `${less(known, persistence)} than persistence.`;
  };
  moved(true);

  return {
    answer: (...settings) => {
      const series = simulate(...settings);
      return [series.values, autocorrelation(series.values, LAGS), AHEAD.flatMap(ahead => errors(series, ahead))];
    },
  };
};
