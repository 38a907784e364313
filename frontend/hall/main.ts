// The display of a hall renews itself and reads calls aloud; the ticket machine gets big keys for the code.
// Both pages work without this file: the display loads itself anew, the code is typed.

const display = document.querySelector<HTMLElement>("[data-display]");
if (display) runDisplay(display);
const keypad = document.querySelector<HTMLFormElement>("[data-keypad]");
if (keypad) drawKeys(keypad);

function runDisplay(root: HTMLElement): void {
  const address = root.dataset.live ?? "";
  const every = Number(root.dataset.seconds ?? "3") * 1000;
  let marks = marksIn(root);
  const voice = voiceSwitch();

  async function look(): Promise<void> {
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      root.innerHTML = await answer.text();
      document.body.classList.remove("mc-display--away");
      root.removeAttribute("data-gone");
      const now = marksIn(root);
      for (const [mark, said] of now) if (!marks.has(mark)) voice(said);
      marks = now;
    } catch {
      // What stands on the display may be old by now: it says so instead of looking fresh.
      if (!root.hasAttribute("data-gone")) {
        root.setAttribute("data-gone", "");
        const told = document.createElement("p");
        told.className = "mc-display__away";
        told.setAttribute("role", "alert");
        told.textContent = root.dataset.away ?? "";
        root.prepend(told);
      }
    }
    window.setTimeout(() => void look(), every);
  }
  window.setTimeout(() => void look(), every);
}

function marksIn(root: HTMLElement): Map<string, string> {
  const calls = root.querySelectorAll<HTMLElement>("[data-mark]");
  return new Map([...calls].map((call) => [call.dataset.mark ?? "", call.dataset.said ?? ""]));
}

// Returns what reads a sentence aloud while the switch is on. Browsers speak only after somebody pressed something,
// so that the switch is pressed once when the display is set up.
function voiceSwitch(): (said: string) => void {
  const button = document.querySelector<HTMLButtonElement>("[data-voice]");
  if (!button || !("speechSynthesis" in window)) return () => undefined;
  const language = document.documentElement.lang.startsWith("en") ? "en" : "vi";
  let on = false;
  const voices = () => window.speechSynthesis.getVoices().filter((each) => each.lang.toLowerCase().startsWith(language));
  const show = () => {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(on));
    button.textContent = (on && voices().length === 0 ? button.dataset.none : on ? button.dataset.on : button.dataset.off) ?? "";
  };
  button.addEventListener("click", () => {
    on = !on;
    show();
  });
  window.speechSynthesis.addEventListener?.("voiceschanged", show);
  show();
  return (said) => {
    if (!on || !said) return;
    const sentence = new SpeechSynthesisUtterance(said);
    sentence.lang = language === "en" ? "en-GB" : "vi-VN";
    sentence.voice = voices()[0] ?? null;
    sentence.rate = 0.9;
    window.speechSynthesis.speak(sentence);
  };
}

function drawKeys(form: HTMLFormElement): void {
  const place = form.querySelector<HTMLElement>("[data-keys]");
  const input = form.querySelector<HTMLInputElement>("input[name=code]");
  if (!place || !input) return;
  for (const key of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "⌫", "0"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "mc-kiosk__key";
    button.textContent = key;
    if (key === "⌫") button.setAttribute("aria-label", document.documentElement.lang === "en" ? "Delete" : "Xóa");
    button.addEventListener("click", () => {
      input.value = key === "⌫" ? input.value.slice(0, -1) : (input.value + key).slice(0, 6);
    });
    place.append(button);
  }
  place.hidden = false;
}
