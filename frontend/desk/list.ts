// The list that an officer works through: tick all of it, go on to the next case, come back to it as it was filtered.
const LIST = "motcua-desk-list";
const boxes = [...document.querySelectorAll<HTMLInputElement>("table[data-rows] input[name=case]")];
const all = document.querySelector<HTMLElement>("[data-tick-all]");
const ticked = document.querySelector<HTMLElement>("[data-ticked]");

interface Kept {
  address: string;
  cases: string[];
}

function kept(): Kept | null {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(LIST) ?? "null");
    if (typeof found !== "object" || found === null) return null;
    const { address, cases } = found as Partial<Kept>;
    return typeof address === "string" && /^\/desk\/(\?|$|results\/)/.test(address) && Array.isArray(cases)
      ? { address, cases: cases.filter((each) => typeof each === "string" && /^\/desk\/[A-Z0-9.-]+\/$/.test(each)) }
      : null;
  } catch {
    return null;
  }
}

function keep(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("table[data-rows] tbody a.mc-number")];
  const list: Kept = {
    address: location.pathname + location.search,
    cases: links.map((link) => new URL(link.href).pathname),
  };
  try {
    sessionStorage.setItem(LIST, JSON.stringify(list));
  } catch {
    // A browser that keeps nothing leads back to the whole list.
  }
}

function count(): void {
  const chosen = boxes.filter((box) => box.checked).length;
  if (ticked) ticked.textContent = chosen ? ` (${chosen})` : "";
  const every = all?.querySelector("input");
  if (every) every.checked = chosen > 0 && chosen === boxes.length;
}

if (document.querySelector("table[data-rows]") || location.pathname === "/desk/") keep();
else {
  const list = kept();
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-to-queue]")) {
    if (list) link.href = list.address;
  }
  const offer = document.querySelector<HTMLElement>("[data-next-case]");
  const at = list?.cases.indexOf(location.pathname) ?? -1;
  const next = at >= 0 ? list?.cases[at + 1] : undefined;
  const link = offer?.querySelector("a");
  if (offer && link && next) {
    link.href = next;
    offer.hidden = false;
  }
}

if (all && boxes.length > 1) {
  all.hidden = false;
  all.querySelector("input")?.addEventListener("change", (event) => {
    const wanted = (event.target as HTMLInputElement).checked;
    for (const box of boxes) box.checked = wanted;
    count();
  });
}
for (const box of boxes) box.addEventListener("change", count);
// A browser that goes back fills the boxes in after the page has come.
window.addEventListener("pageshow", count);
