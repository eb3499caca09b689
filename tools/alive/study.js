// The site's first page: a search over all sections, and what was solved, kept in this browser.
const MOST = 12; // results shown
const AROUND = 70; // letters shown on both sides of the first word found

const plain = (words) =>
  words
    .normalize("NFKD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();

// Sections that hold every word, those with words in their title first.
export function search(sections, asked) {
  const words = plain(asked).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  return sections
    .map((section) => {
      const [title, text] = [plain(section.title), plain(section.text)];
      const all = words.every((word) => title.includes(word) || text.includes(word));
      const score = words.filter((word) => title.includes(word)).length;
      return { section, score: all ? 1 + score : 0, at: text.indexOf(words[0]) };
    })
    .filter(({ score }) => score)
    .toSorted((one, other) => other.score - one.score)
    .slice(0, MOST);
}

function result({ section, at }) {
  const item = document.createElement("li");
  const link = item.appendChild(document.createElement("a"));
  link.href = `pages/${section.page}#${encodeURIComponent(section.id)}`;
  link.textContent = `${section.page.slice(0, 2)}: ${section.title}`;
  const from = Math.max(0, at - AROUND);
  const around = section.text.slice(from, at + AROUND).trim();
  if (at >= 0) item.append(` … ${around} …`);
  return item;
}

async function start() {
  const [field, list, status] = ["#asked", "#found", "#said"].map((q) => document.querySelector(q));
  const sections = await (await fetch("sections.json")).json();
  field.addEventListener("input", () => {
    const found = search(sections, field.value);
    list.replaceChildren(...found.map(result));
    const many = found.length === MOST ? `the first ${MOST}` : found.length || "no";
    status.textContent = field.value.trim() ? `${many} sections` : "";
  });
  for (const item of document.querySelectorAll(".series li")) {
    const page = item.querySelector("a").getAttribute("href").split("/").pop();
    const here = new URL(`pages/${page}`, location.href).pathname;
    const solved = JSON.parse(localStorage.getItem(`solved in ${here}`) ?? "[]");
    if (!solved.length) continue;
    const words = item.appendChild(document.createElement("span"));
    words.textContent = `solved in this browser: ${solved.toSorted().join(", ")}`;
  }
}

if (document.querySelector("#asked")) start();
