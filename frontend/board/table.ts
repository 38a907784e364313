// Reads the figures by place from the table that stands beneath the map: the two can never disagree.

export interface PlaceFigures {
  readonly name: string;
  // As a number to color by, and as the words of the page; a place without the figure has neither.
  readonly numbers: Readonly<Record<string, number>>;
  readonly words: Readonly<Record<string, string>>;
}

export interface Column {
  readonly code: string;
  readonly label: string;
}

export interface PlaceTable {
  readonly columns: readonly Column[];
  readonly places: ReadonlyMap<string, PlaceFigures>;
}

export function readTable(table: HTMLTableElement): PlaceTable {
  const columns = [...table.querySelectorAll<HTMLElement>("thead th[data-code]")].map((head) => ({
    code: head.dataset["code"] ?? "",
    label: text(head),
  }));
  const places = new Map<string, PlaceFigures>();
  for (const row of table.querySelectorAll<HTMLTableRowElement>("tbody tr[data-code]")) {
    const code = row.dataset["code"];
    if (!code) continue;
    const numbers: Record<string, number> = {};
    const words: Record<string, string> = {};
    row.querySelectorAll<HTMLElement>("td").forEach((cell, index) => {
      const column = columns[index];
      const number = cell.dataset["number"];
      if (column === undefined || number === undefined || number === "") return;
      numbers[column.code] = Number(number);
      words[column.code] = text(cell);
    });
    places.set(code, { name: text(row.querySelector("th")), numbers, words });
  }
  return { columns, places };
}

function text(element: Element | null): string {
  return (element?.textContent ?? "").trim();
}
