// The site's first page: a search over all sections, and what was solved, kept in this browser.
const MOST = 12; // results shown
const AROUND = 70; // letters shown on both sides of the first word found

const plain = (words) =>
  words
    .normalize("NFKD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();

const isTerm = ({ id }) => id.startsWith("term-"); // of the glossary

// Sections that hold every word: a term that begins so, other terms of that name, then those with
// words in their title; of the others, too, terms come first.
export function search(sections, asked) {
  const words = plain(asked).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  return sections
    .map((section) => {
      const [title, text] = [plain(section.title), plain(section.text)];
      const all = words.every((word) => title.includes(word) || text.includes(word));
      const named = words.filter((word) => title.includes(word)).length;
      const begins = title.startsWith(words.join(" ")) ? 1 : 0;
      const score = isTerm(section) ? (named ? named + words.length + begins : 0.5) : named;
      return { section, score: all ? 1 + score : 0, at: text.indexOf(words[0]) };
    })
    .filter(({ score }) => score)
    .toSorted((one, other) => other.score - one.score)
    .slice(0, MOST);
}

// What stands around a place, in whole words.
function excerpt(text, at) {
  const from = at > AROUND ? text.indexOf(" ", at - AROUND) + 1 : 0;
  const to = at + AROUND < text.length ? text.lastIndexOf(" ", at + AROUND) : text.length;
  return `${from ? "… " : ""}${text.slice(from, Math.max(to, at))}${to < text.length ? " …" : ""}`;
}

function result({ section, at }) {
  const item = document.createElement("li");
  const link = item.appendChild(document.createElement("a"));
  link.href = `pages/${section.page}#${encodeURIComponent(section.id)}`;
  link.textContent = `${section.name}: ${section.title}`;
  if (isTerm(section)) item.append(`: ${section.text}`);
  else if (at >= 0) item.append(` ${excerpt(section.text, at)}`);
  return item;
}

const many = (numbers) =>
  numbers.length > 1 ? `${numbers[0]} to ${numbers.at(-1)}` : numbers.join("");

async function start() {
  const [field, list, status] = ["#asked", "#found", "#said"].map((q) => document.querySelector(q));
  const sections = await (await fetch("sections.json")).json();
  field.addEventListener("input", () => {
    const found = search(sections, field.value);
    list.replaceChildren(...found.map(result));
    const count = found.length === MOST ? `the first ${MOST}` : found.length || "no";
    status.textContent = field.value.trim() ? `${count} sections` : "";
  });
  for (const item of document.querySelectorAll(".series li[data-exercises]")) {
    const page = item.querySelector("a").getAttribute("href").split("/").pop();
    const here = new URL(`pages/${page}`, location.href).pathname;
    const all = item.dataset.exercises.split(" ");
    const kept = new Set(JSON.parse(localStorage.getItem(`solved in ${here}`) ?? "[]"));
    const solved = all.filter((number) => kept.has(number));
    const left = all.filter((number) => !kept.has(number));
    const parts = [];
    if (solved.length) parts.push(`solved in this browser: ${solved.join(", ")}`);
    if (left.length) parts.push(`open: ${solved.length ? left.join(", ") : many(left)}`);
    item.appendChild(document.createElement("span")).textContent = parts.join("; ");
  }
}

start();
