// The list of claims, shortened to what a reader looks for. Without this script the whole list is there.
function filterClaims() {
  const headings = [...document.querySelectorAll("p.claims-chapter")];
  if (!headings.length) return;
  const kinds = { "": "everything", claims: "claims", results: "results", openings: "openings of test data" };
  // What stands under each heading, up to the next one.
  const groups = headings.map((heading) => {
    const parts = [];
    for (let next = heading.nextElementSibling; next && !headings.includes(next); next = next.nextElementSibling) {
      parts.push(next);
    }
    return { heading, parts, chapter: heading.textContent.trim() };
  });
  const form = document.createElement("form");
  form.className = "claims-filter";
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", "Claims and results");
  const field = (text, input) => {
    const label = Object.assign(document.createElement("label"), { textContent: text });
    label.htmlFor = input.id = `claims-${text.toLowerCase()}`;
    const outer = document.createElement("div");
    outer.append(label, input);
    form.append(outer);
    return input;
  };
  const choice = (pairs) => {
    const select = document.createElement("select");
    for (const [value, text] of pairs) select.add(new Option(text, value));
    return select;
  };
  const words = field("Words", Object.assign(document.createElement("input"), { type: "search" }));
  const kind = field("Show", choice(Object.entries(kinds)));
  const chapters = groups.filter((group) => group.heading.querySelector("a")).map((group) => group.chapter);
  const chapter = field("Page", choice([["", "all pages"], ...chapters.map((name) => [name, name])]));
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  form.append(status);
  headings[0].before(form);

  function filter() {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0, all = 0;
    for (const group of groups) {
      const own = !group.heading.querySelector("a"); // of the whole book: each row names its page
      let left = 0;
      for (const part of group.parts) {
        const table = part.matches("table") ? part : part.querySelector("table");
        if (!table) continue;
        let rows = 0;
        for (const row of table.tBodies[0].rows) {
          const page = own ? row.cells[0].textContent.trim() : group.chapter;
          const text = row.textContent.toLowerCase();
          row.hidden = !(
            (!kind.value || table.classList.contains(`ledger-${kind.value}`))
            && (!chapter.value || page === chapter.value)
            && wanted.every((word) => text.includes(word))
          );
          rows += !row.hidden;
          all += 1;
        }
        part.hidden = rows === 0;
        left += rows;
      }
      for (const part of group.parts) if (!part.querySelector("table") && !part.matches("table")) part.hidden = !left;
      group.heading.hidden = left === 0;
      shown += left;
    }
    status.textContent = shown === all ? `All ${all} rows are shown.` : `${shown} of ${all} rows are shown.`;
  }
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", filterClaims);
else filterClaims();
