// What the pages need of a script so that everyone can use them: boxes that scroll can be reached and have a
// name, figures open large, dropdowns say what they hold, and paper gets all that the screen folds away.
(() => {
  "use strict";

  // --- Boxes that scroll sideways ------------------------------------------------------------------------------
  const BOXES = [
    "pre", "div.math", ".katex-display", "mjx-container[display]", ".cell_output", ".cell_output .output", ".pst-scrollable-table-container",
    ".table-wrapper", ".figure-box",
  ].map(box => `main ${box}`).join(", ");

  const nameOf = box => {
    if (box.matches("div.math, .katex-display, mjx-container")) {
      const number = box.closest("div.math")?.querySelector(".eqno")?.firstChild?.textContent.trim();
      return number ? `Equation ${number}` : "Equation";
    }
    const table = box.querySelector("table");
    if (table) return table.caption?.querySelector(".caption-number")?.textContent.trim() || "Table";
    return box.closest(".cell_output") ? "Output" : "Code";
  };

  const scrolls = box =>
    box.scrollWidth > box.clientWidth && ["auto", "scroll"].includes(getComputedStyle(box).overflowX);

  const name = (element, label) => {
    element.tabIndex = 0;
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", `${label}, scrolls sideways`);
  };
  const unname = element => ["tabindex", "role", "aria-label"].forEach(attribute => element.removeAttribute(attribute));

  // First all that is measured, then all that is changed: after a change the next measure lays out the page again.
  const nameBoxes = () => {
    for (const formula of document.querySelectorAll("main span.math.wide")) formula.classList.remove("wide");
    const boxes = [...document.querySelectorAll(BOXES)].map(box => [box, scrolls(box)]);
    // A formula within a line that is wider than the line becomes a box of its own.
    const formulas = [...document.querySelectorAll("main span.math")].map(formula => {
      const line = formula.closest("p, li, td, th, dd, dt, figcaption, div")?.clientWidth;
      const width = Math.max(...[formula, ...formula.children].map(part => part.getBoundingClientRect().width));
      return [formula, Boolean(line) && width > line + 1];
    });
    for (const [box, wide] of boxes) {
      if (wide) {
        name(box, nameOf(box));
        box.dataset.scrolls = "";
      } else if ("scrolls" in box.dataset) {
        unname(box);
        delete box.dataset.scrolls;
      }
    }
    for (const [formula, wide] of formulas) {
      formula.classList.toggle("wide", wide);
      if (wide) name(formula, "Formula");
      else if (formula.hasAttribute("tabindex")) unname(formula);
    }
  };

  let waiting = 0;
  const nameBoxesSoon = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(nameBoxes);
  };

  // --- Figures that open large ---------------------------------------------------------------------------------
  const CORNERS =
    '<svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="2" ' +
    'aria-hidden="true"><path d="M10 2h4v4M6 14H2v-4M14 2 9.5 6.5M2 14l4.5-4.5"/></svg>';

  const makeDialog = () => {
    const dialog = document.createElement("dialog");
    dialog.className = "figure-dialog";
    dialog.innerHTML =
      '<button type="button" class="figure-close">Close</button>' +
      '<div class="figure-box" tabindex="0" role="group" aria-label="Enlarged figure"><img></div>' +
      '<p class="figure-words"></p>';
    dialog.querySelector("button").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", event => {
      if (event.target === dialog) dialog.close(); // beside the figure
    });
    document.body.append(dialog);
    return dialog;
  };

  let dialog = null;
  const openFigure = (image, button) => {
    dialog ??= makeDialog();
    const number = image.closest("figure")?.querySelector(".caption-number")?.textContent.trim();
    const large = dialog.querySelector("img");
    large.src = image.currentSrc || image.src;
    large.alt = image.alt;
    large.className = image.className;
    large.classList.remove("opens-large");
    dialog.setAttribute("aria-label", number || "Figure");
    const words = image.closest("figure")?.querySelector("figcaption")?.cloneNode(true);
    words?.querySelectorAll(".headerlink, button").forEach(part => part.remove());
    dialog.querySelector(".figure-words").textContent = words?.textContent.trim() ?? "";
    button.focus({ preventScroll: true }); // where the focus returns to when the dialog closes
    dialog.showModal();
    dialog.querySelector("button").focus();
  };

  const makeFiguresOpen = () => {
    for (const image of document.querySelectorAll("main figure img, main .cell_output img")) {
      if (image.closest("a, button")) continue;
      const caption = image.closest("figure")?.querySelector("figcaption");
      const number = caption?.querySelector(".caption-number")?.textContent.trim();
      const button = document.createElement("button");
      button.type = "button";
      button.className = "figure-open";
      button.innerHTML = CORNERS;
      button.title = "Enlarge";
      button.setAttribute("aria-label", `Enlarge ${number || "the figure"}`);
      button.setAttribute("aria-haspopup", "dialog");
      button.addEventListener("click", () => openFigure(image, button));
      image.addEventListener("click", () => openFigure(image, button));
      image.classList.add("opens-large");
      // At the end of the caption it covers nothing of the figure.
      if (caption) (caption.querySelector("p:last-of-type") ?? caption).append(" ", button);
      else image.after(button);
    }
  };

  // --- Dropdowns -----------------------------------------------------------------------------------------------
  const nameDropdowns = () => {
    for (const button of document.querySelectorAll("button.toggle-button")) {
      const title = button.closest(".admonition-title")?.textContent.trim().replace(/\s+/g, " ");
      if (title) button.setAttribute("aria-label", title);
      button.setAttribute("aria-controls", button.dataset.target);
    }
  };

  // --- Paper ---------------------------------------------------------------------------------------------------
  // Paper is white: the dark theme is put away while the page prints. The style sheet unfolds the rest.
  const root = document.documentElement;
  const onPaper = printing => {
    if (printing && root.dataset.theme === "dark") {
      root.dataset.theme = "light";
      root.dataset.printing = "dark";
    } else if (!printing && root.dataset.printing) {
      root.dataset.theme = root.dataset.printing;
      delete root.dataset.printing;
    }
  };
  matchMedia("print").addEventListener("change", event => onPaper(event.matches));
  addEventListener("beforeprint", () => onPaper(true));
  addEventListener("afterprint", () => onPaper(false));

  // --- The contents of a narrow screen: the button that opened them has the focus again when they close -------------
  const returnFocus = () => {
    for (const side of ["primary", "secondary"]) {
      document.getElementById(`pst-${side}-sidebar-modal`)?.addEventListener("close", () =>
        setTimeout(() => document.querySelector(`button.${side}-toggle`)?.focus()));
    }
  };

  // The theme takes the focus from every button that is pressed, which is right for the mouse only. A press of the
  // keyboard has no count of clicks; a dialog that opens holds the focus itself.
  const keepFocus = () =>
    document.addEventListener("click", event => {
      const button = event.target.closest?.("button");
      if (!button || event.detail || !event.isTrusted) return;
      setTimeout(() => {
        if (document.activeElement === document.body && !document.querySelector("dialog[open]")) button.focus();
      });
    }, true);

  const start = () => {
    returnFocus();
    keepFocus();
    makeFiguresOpen();
    nameDropdowns();
    const main = document.querySelector("main");
    if (main) new ResizeObserver(nameBoxesSoon).observe(main); // it also says the first size
    document.fonts?.ready.then(nameBoxesSoon);
    addEventListener("load", () => {
      nameDropdowns();
      nameBoxesSoon();
      window.MathJax?.startup?.promise?.then(nameBoxesSoon);
    });
    // A dropdown that opens shows boxes that had no size before.
    document.addEventListener("toggle", nameBoxesSoon, true);
    document.addEventListener("click", event => {
      if (event.target.closest(".toggle > .admonition-title")) nameBoxesSoon();
    });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
