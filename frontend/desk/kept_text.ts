// What an officer writes is kept in this tab until it is sent, so that a session that ends meanwhile loses nothing.
//
// By officer and page, never beyond the tab, and gone with the sign-out: nobody else reads it on the same computer.
const PREFIX = "motcua-desk-text:";
const who = document.querySelector(".mc-header__who")?.textContent?.trim() ?? "";
const english = document.documentElement.lang === "en";

function subject(form: HTMLFormElement): string {
  // The page that asks again after a mistake has another address than the one on which the text was begun.
  const page = location.pathname.replace(/(check|act|choose|preview|confirm)\/$/, "");
  const chosen = [...form.querySelectorAll<HTMLInputElement>("input[type=hidden][name=case]")];
  return `${PREFIX}${who}:${page}:${chosen.map((each) => each.value).join(",")}`;
}

function store(key: string, text: string): void {
  try {
    if (text.trim()) sessionStorage.setItem(key, text);
    else sessionStorage.removeItem(key);
  } catch {
    // Without room, or where nothing may be kept, the page is as it was before.
  }
}

function forget(beginning: string): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(beginning)) sessionStorage.removeItem(key);
  } catch {
    // As above.
  }
}

function told(field: HTMLTextAreaElement): void {
  const note = document.createElement("p");
  note.className = "govuk-body-s mc-kept";
  note.setAttribute("role", "status");
  note.textContent = english
    ? "This is what you wrote here before and did not send."
    : "Đây là điều bạn viết dở trước đó, chưa gửi.";
  field.before(note);
}

const queried = new URLSearchParams(location.search);
if (who && ["done", "answered"].some((each) => queried.has(each))) forget(`${PREFIX}${who}:${location.pathname}`);
if (who && location.pathname.startsWith("/desk/batches/")) forget(`${PREFIX}${who}:/desk/:`);

for (const field of who ? document.querySelectorAll<HTMLTextAreaElement>("main form[method=post] textarea") : []) {
  if (!field.form) continue;
  const key = `${subject(field.form)}:${field.name}`;
  let before: string | null = null;
  try {
    before = sessionStorage.getItem(key);
  } catch {
    before = null;
  }
  if (before && !field.value) {
    field.value = before;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    told(field);
  }
  field.addEventListener("input", () => store(key, field.value));
  field.addEventListener("change", () => store(key, field.value));
}

document
  .querySelector<HTMLFormElement>("form[action$='/sign-out/']")
  ?.addEventListener("submit", () => forget(PREFIX));
