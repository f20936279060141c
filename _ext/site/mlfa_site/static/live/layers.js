// The layers of the book's networks, as its teaching code has them: numbers in a row, and the shape beside it.
(root => {
  "use strict";
  const layers = {};

  // The cross-correlation of an image with one kernel, where it fits: (height, width) and (k, k) give
  // (height - k + 1, width - k + 1). As `mlfa.images.convolution.convolve`.
  layers.correlate = (image, kernel) => {
    const [height, width] = image.shape, [rows, columns] = kernel.shape;
    const shape = [height - rows + 1, width - columns + 1];
    const values = new Float64Array(shape[0] * shape[1]);
    for (let i = 0; i < shape[0]; i++)
      for (let j = 0; j < shape[1]; j++) {
        let sum = 0;
        for (let a = 0; a < rows; a++)
          for (let b = 0; b < columns; b++)
            sum += kernel.values[a * columns + b] * image.values[(i + a) * width + j + b];
        values[i * shape[1] + j] = sum;
      }
    return { shape, values };
  };

  // Every filter over all the channels, with a border of zeros that keeps the size: (channels, height, width) and
  // (filters, channels, k, k) give (filters, height, width). As `mlfa.training.layers.conv_layer`.
  layers.convolve = (maps, kernels, biases) => {
    const [channels, height, width] = maps.shape, [filters, , k] = kernels.shape;
    const [pixels, weights, border] = [height * width, k * k, k >> 1];
    const [high, wide] = [height + 2 * border, width + 2 * border];
    const values = new Float64Array(filters * pixels);
    for (let channel = 0; channel < channels; channel++) {
      const padded = { shape: [high, wide], values: new Float64Array(high * wide) };
      for (let i = 0; i < height; i++) {
        const row = channel * pixels + i * width;
        padded.values.set(maps.values.subarray(row, row + width), (i + border) * wide + border);
      }
      for (let filter = 0; filter < filters; filter++) {
        const from = (filter * channels + channel) * weights;
        const kernel = { shape: [k, k], values: kernels.values.subarray(from, from + weights) };
        layers.correlate(padded, kernel).values.forEach((value, place) => { values[filter * pixels + place] += value; });
      }
    }
    return { shape: [filters, height, width], values: values.map((v, place) => v + biases.values[Math.floor(place / pixels)]) };
  };

  // Of every two by two numbers of a map the largest; a row or column that is left over is pooled too.
  layers.pool = ({ shape: [channels, height, width], values }) => {
    const [high, wide] = [Math.ceil(height / 2), Math.ceil(width / 2)];
    const pooled = new Float64Array(channels * high * wide).fill(-Infinity);
    for (let channel = 0; channel < channels; channel++)
      for (let i = 0; i < height; i++)
        for (let j = 0; j < width; j++) {
          const place = (channel * high + (i >> 1)) * wide + (j >> 1);
          pooled[place] = Math.max(pooled[place], values[(channel * height + i) * width + j]);
        }
    return { shape: [channels, high, wide], values: pooled };
  };

  // Activation functions, and their slopes where the answer is `a`.
  layers.activations = {
    tanh: { of: Math.tanh, slope: a => 1 - a * a },
    ReLU: { of: z => Math.max(z, 0), slope: a => (a > 0 ? 1 : 0) },
  };
  layers.activate = ({ shape, values }, name) => ({ shape, values: values.map(layers.activations[name].of) });

  // A linear layer: (n, inputs) and (outputs, inputs) give (n, outputs). As `torch.nn.Linear`.
  layers.dense = (X, weights, biases) => {
    const [n, inputs] = X.shape, outputs = weights.shape[0];
    const [x, w, b] = [X.values, weights.values, biases.values], values = new Float64Array(n * outputs);
    for (let i = 0; i < n; i++)
      for (let o = 0; o < outputs; o++) {
        let sum = b[o];
        for (let k = 0; k < inputs; k++) sum += x[i * inputs + k] * w[o * inputs + k];
        values[i * outputs + o] = sum;
      }
    return { shape: [n, outputs], values };
  };

  // Probabilities of each row of scores; with the largest score at zero nothing overflows. As `mlfa.tabular.softmax`.
  layers.softmax = ({ shape, values }) => {
    const [n, classes] = shape, answer = new Float64Array(n * classes);
    for (let i = 0; i < n; i++) {
      const row = values.subarray(i * classes, (i + 1) * classes), largest = Math.max(...row);
      const powers = row.map(score => Math.exp(score - largest));
      const sum = powers.reduce((a, b) => a + b);
      answer.set(powers.map(power => power / sum), i * classes);
    }
    return { shape, values: answer };
  };

  // A network of dense layers, its weights in one row: of each layer first the weights, then the biases. As
  // `mlfa.training.mlp.MLP`, and the way back as in `mlfa.tabular.backprop`.
  const network = (sizes, activation) => {
    const parts = sizes.slice(1).map((outputs, l) => ({ inputs: sizes[l], outputs, count: (sizes[l] + 1) * outputs }));
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    parts.reduce((start, part) => { part.start = start; return start + part.count; }, 0);
    const cut = (w, { inputs, outputs, start, count }) => [
      { shape: [outputs, inputs], values: w.subarray(start, start + inputs * outputs) },
      { shape: [outputs], values: w.subarray(start + inputs * outputs, start + count) },
    ];

    // First weights from standard normal numbers: a spread that keeps that of what goes through; biases of zero.
    const initialize = normal => {
      const w = new Float64Array(count);
      for (const { inputs, outputs, start } of parts) {
        const spread = Math.sqrt(activation === "ReLU" ? 2 / inputs : 2 / (inputs + outputs));
        for (let k = 0; k < inputs * outputs; k++) w[start + k] = spread * normal();
      }
      return w;
    };

    // What goes into each layer, and last the scores.
    const forward = (w, X) => parts.reduce((kept, part, l) => {
      const Z = layers.dense(kept.at(-1), ...cut(w, part));
      return [...kept, l < parts.length - 1 ? layers.activate(Z, activation) : Z];
    }, [X]);

    // Of the true classes y: cross-entropy, the share of right answers, and the probabilities that were stated.
    const measure = (scores, y) => {
      const P = layers.softmax(scores), [n, classes] = P.shape;
      let loss = 0, right = 0;
      for (let i = 0; i < n; i++) {
        const row = P.values.subarray(i * classes, (i + 1) * classes);
        loss -= Math.log(Math.max(row[y[i]], 1e-300)) / n;
        right += row.indexOf(Math.max(...row)) === y[i] ? 1 / n : 0;
      }
      return { loss, right, P };
    };

    // The gradient of the cross-entropy, and what was measured on the way.
    const learn = (w, X, y) => {
      const kept = forward(w, X), measured = measure(kept.at(-1), y);
      const [n, classes] = measured.P.shape, gradient = new Float64Array(count), { slope } = layers.activations[activation];
      let charge = measured.P.values.map((p, k) => (p - (y[Math.floor(k / classes)] === k % classes)) / n);  // (n, classes)
      for (let l = parts.length - 1; l >= 0; l--) {
        const { inputs, outputs } = parts[l], X = kept[l].values, before = new Float64Array(n * inputs);
        const [W] = cut(w, parts[l]).map(part => part.values), [dW, db] = cut(gradient, parts[l]).map(part => part.values);
        for (let i = 0; i < n; i++)
          for (let o = 0; o < outputs; o++) {
            const d = charge[i * outputs + o];
            db[o] += d;
            for (let k = 0; k < inputs; k++) {
              dW[o * inputs + k] += d * X[i * inputs + k];
              before[i * inputs + k] += d * W[o * inputs + k];  // each unit is charged by its weight
            }
          }
        charge = before.map((d, k) => d * slope(X[k]));  // through the activation
      }
      return { ...measured, gradient };
    };
    return { initialize, scores: (w, X) => forward(w, X).at(-1), measure, learn };
  };

  // Optimizers turn weights and their gradient into new weights, as `mlfa.tabular.optimizers`: each keeps a memory.
  const optimizers = {
    "gradient descent": ({ rate }) => (w, gradient) => w.map((value, k) => value - rate * gradient[k]),

    momentum: ({ rate, momentum }) => {
      let velocity = null;
      return (w, gradient) => {
        velocity = gradient.map((slope, k) => momentum * (velocity?.[k] ?? 0) + slope);
        return w.map((value, k) => value - rate * velocity[k]);
      };
    },

    // With a decay every step also shrinks the weights by a share: AdamW.
    Adam: ({ rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0 }) => {
      let [mean, square, t] = [null, null, 0];
      return (w, gradient) => {
        t += 1;
        mean = gradient.map((slope, k) => beta1 * (mean?.[k] ?? 0) + (1 - beta1) * slope);
        square = gradient.map((slope, k) => beta2 * (square?.[k] ?? 0) + (1 - beta2) * slope ** 2);
        return w.map((value, k) => (1 - rate * decay) * value
          - rate * mean[k] / (1 - beta1 ** t) / (Math.sqrt(square[k] / (1 - beta2 ** t)) + epsilon));
      };
    },
  };

  Object.assign(root, { layers, network, optimizers });
})(typeof live === "undefined" ? globalThis : live);
