// The studio's island: the decision tables of a draft in dmn-js, and below them the reason and source of each
// row, which dmn-js has no fields for. Saving goes through the page's own form.
import "./styles-by-sheet";
import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-font/css/dmn.css";
import "./studio.scss";
import { TableModeler, type Decision, type Definitions, type View } from "./modeler";
import { drawNotes } from "./notes";
import { say } from "./words";

function part<Kind extends HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found as Kind;
}

class Studio {
  private readonly modeler: TableModeler;
  private changed = false;

  constructor(private readonly holder: HTMLElement) {
    this.modeler = new TableModeler({ container: part("studio-canvas") });
  }

  async open(): Promise<void> {
    const answer = await fetch(this.holder.dataset["source"] ?? "", { credentials: "same-origin" });
    if (!answer.ok) throw new Error(say("notLoaded"));
    this.holder.hidden = false;
    await this.modeler.importXML(await answer.text());
    const first = this.tables()[0];
    if (first === undefined) throw new Error(say("noTable"));
    await this.show(first);
    part<HTMLFormElement>("studio-save").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.save();
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.changed) event.preventDefault();
    });
    part("studio-state").textContent = say("saved");
    this.holder.dataset["ready"] = "true";
  }

  /** The tables in the order of the file, the one that answers first. */
  private tables(): View[] {
    const first = this.holder.dataset["first"];
    const tables = this.modeler.getViews().filter((view) => view.type === "decisionTable");
    return tables.sort((one, other) => Number(other.element.name === first) - Number(one.element.name === first));
  }

  private async show(view: View): Promise<void> {
    await this.modeler.open(view);
    this.drawTables(view);
    this.drawNotes();
    // Each opening makes the listeners anew: the viewer is one for all tables.
    const viewer = this.modeler.getActiveViewer();
    viewer.off("commandStack.changed", this.onChange);
    viewer.on("commandStack.changed", this.onChange);
  }

  private readonly onChange = (): void => {
    this.noteChange();
    this.drawNotes();
  };

  private noteChange(): void {
    this.changed = true;
    part("studio-state").textContent = say("changed");
  }

  private drawTables(current: View): void {
    const list = part("studio-tables");
    list.replaceChildren(
      ...this.tables().map((view) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "mc-studio__table";
        button.textContent = view.element.label || view.element.name;
        if (view.element.id === current.element.id) button.setAttribute("aria-current", "true");
        button.addEventListener("click", () => void this.show(view));
        item.append(button);
        return item;
      }),
    );
  }

  private drawNotes(): void {
    const view = this.modeler.getActiveView();
    drawNotes(part("studio-notes"), view.element as Decision, this.definitions(), () => this.noteChange());
  }

  private definitions(): Definitions {
    return this.modeler.getDefinitions();
  }

  private async save(): Promise<void> {
    const form = part<HTMLFormElement>("studio-save");
    const button = part<HTMLButtonElement>("studio-save-button");
    button.disabled = true;
    part("studio-state").textContent = say("saving");
    try {
      const { xml } = await this.modeler.saveXML({ format: true });
      const sent = new FormData(form);
      sent.set("file", new File([xml], "rules.dmn", { type: "application/octet-stream" }));
      const answer = await fetch(form.action, {
        method: "POST",
        body: sent,
        credentials: "same-origin",
        headers: { Accept: "application/json" },
      });
      const said = await answerOf(answer);
      if (said.location !== undefined) {
        this.changed = false;
        window.location.assign(said.location);
        return;
      }
      this.refuse(said.errors ?? [say("notSaved")]);
    } catch (error) {
      this.refuse([error instanceof TypeError ? say("noNetwork") : String(error)]);
    }
    button.disabled = false;
  }

  private refuse(errors: string[]): void {
    const box = part("studio-errors");
    box.querySelector("ul")?.replaceChildren(
      ...errors.map((text) => {
        const item = document.createElement("li");
        item.textContent = text;
        return item;
      }),
    );
    box.hidden = false;
    box.focus();
    part("studio-state").textContent = say("changed");
  }
}

async function answerOf(answer: Response): Promise<{ location?: string; errors?: string[] }> {
  // A session that has ended leads to the page of signing in, which is no JSON.
  if (!(answer.headers.get("Content-Type") ?? "").startsWith("application/json")) {
    return { errors: [answer.redirected ? say("signedOut") : say("notSaved")] };
  }
  return (await answer.json()) as { location?: string; errors?: string[] };
}

const holder = document.getElementById("studio-editor");
if (holder !== null) {
  new Studio(holder).open().catch((error: unknown) => {
    holder.hidden = false;
    part("studio-state").textContent = error instanceof Error ? error.message : String(error);
  });
}
