// Definitions of the glossary beside their links: on hover, on focus and on the first tap.
// WCAG 1.4.13: Escape takes one away, the pointer may move onto it, and it stays until one leaves.
function showDefinitions() {
  if (!HTMLElement.prototype.showPopover) return; // an old browser: the links still lead to the glossary
  const GAP = 6, MARGIN = 8, WAIT = 150;
  let box = null, link = null, timer = 0;

  function place() {
    const at = link.getClientRects()[0], width = document.documentElement.clientWidth;
    const left = Math.max(MARGIN, Math.min(at.left, width - box.offsetWidth - MARGIN));
    const below = at.bottom + GAP + box.offsetHeight <= window.innerHeight;
    const top = below || at.top < box.offsetHeight + GAP ? at.bottom + GAP : at.top - GAP - box.offsetHeight;
    box.style.left = `${left + window.scrollX}px`;
    box.style.top = `${top + window.scrollY}px`;
  }
  function hide() {
    clearTimeout(timer);
    if (box) box.hidePopover();
    box = link = null;
  }
  function show(next) {
    clearTimeout(timer);
    if (next === link) return;
    hide();
    link = next;
    box = document.getElementById(next.getAttribute("aria-describedby"));
    box.showPopover();
    place();
  }
  function soon(what) {
    clearTimeout(timer);
    timer = setTimeout(what, WAIT);
  }
  const leave = () => soon(() => { if (document.activeElement !== link) hide(); });

  for (const next of document.querySelectorAll("a.term-link[aria-describedby]")) {
    let tapped = false;
    next.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") soon(() => show(next)); });
    next.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") leave(); });
    next.addEventListener("focus", () => show(next));
    next.addEventListener("blur", () => { if (next === link && !box.matches(":hover")) hide(); });
    // The first tap shows the definition, a second one follows the link.
    next.addEventListener("pointerdown", (event) => { tapped = event.pointerType === "touch" && next !== link; });
    next.addEventListener("click", (event) => {
      if (tapped) { event.preventDefault(); show(next); }
      tapped = false;
    });
  }
  for (const definition of document.querySelectorAll(".term-definition")) {
    definition.addEventListener("pointerenter", () => clearTimeout(timer));
    definition.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") leave(); });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && box) hide(); });
  document.addEventListener("pointerdown", (event) => {
    if (box && !box.contains(event.target) && !link.contains(event.target)) hide();
  });
  window.addEventListener("resize", hide);
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", showDefinitions);
else showDefinitions();
