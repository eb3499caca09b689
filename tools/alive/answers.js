// What a reader writes and solves in a page is kept in this browser, and can be taken along as a
// notebook. It belongs to what stood there: a newer page, with other cells, puts it into no other
// place.
const kept = `answers of ${location.pathname}`;
const done = `solved in ${location.pathname}`;
const unended = `unended in ${location.pathname}`;

export const answers = () => JSON.parse(localStorage.getItem(kept) ?? "{}");

export function edited(cell) {
  // A line that was broken by hand may be an element, which is a line only while it is seen.
  const now = (cell.code = cell.node.querySelector("pre").innerText.trimEnd());
  const { [cell.given]: _, ...others } = answers();
  const all = now === cell.given ? others : { ...others, [cell.given]: now };
  localStorage.setItem(kept, JSON.stringify(all));
}

// A verdict that says right is remembered, for the site's first page.
export function remember(words) {
  const right = [...words.matchAll(/^(\d\d\.\d+): right/gm)].map(([, number]) => number);
  if (!right.length) return;
  const solved = new Set([...JSON.parse(localStorage.getItem(done) ?? "[]"), ...right]);
  localStorage.setItem(done, JSON.stringify([...solved]));
}

// Code that has not come to an end, in this visit or in the last one, is not run again unasked.
export const doubted = () => localStorage.getItem(unended) !== null;
export const doubt = () => localStorage.setItem(unended, "yes");
export const trust = () => localStorage.removeItem(unended);

export async function download(cells) {
  const name = location.pathname
    .split("/")
    .pop()
    .replace(/\.html$/, ".ipynb");
  const address = new URL(`../live/files/${name}`, import.meta.url);
  const notebook = await (await fetch(address)).json();
  const written = answers();
  notebook.cells // without the one that brings the package, as in the page
    .filter((cell) => cell.cell_type === "code" && !cell.metadata.tags?.includes("package"))
    .forEach((cell, number) => {
      const now = written[cells[number].given];
      if (now === undefined) return;
      const title = /^# @title .*\n/.exec([].concat(cell.source).join(""))?.[0] ?? "";
      cell.source = title + now; // the page shows the title elsewhere
    });
  const blob = new Blob([JSON.stringify(notebook, null, 1)], { type: "application/json" });
  const link = Object.assign(document.createElement("a"), { download: name });
  link.href = URL.createObjectURL(blob);
  link.click();
  URL.revokeObjectURL(link.href);
}

export function afresh() {
  localStorage.removeItem(kept);
  trust();
  location.reload();
}
