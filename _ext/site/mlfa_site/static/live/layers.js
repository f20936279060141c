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

    Adam: ({ rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }) => {
      let [mean, square, t] = [null, null, 0];
      return (w, gradient) => {
        t += 1;
        mean = gradient.map((slope, k) => beta1 * (mean?.[k] ?? 0) + (1 - beta1) * slope);
        square = gradient.map((slope, k) => beta2 * (square?.[k] ?? 0) + (1 - beta2) * slope ** 2);
        return w.map((value, k) => value
          - rate * mean[k] / (1 - beta1 ** t) / (Math.sqrt(square[k] / (1 - beta2 ** t)) + epsilon));
      };
    },
  };

  Object.assign(root, { layers, optimizers });
})(typeof live === "undefined" ? globalThis : live);
