// The map of the board: one color scale over the places, for the figure that the reader chose.
import { MapChart } from "echarts/charts";
import { GeoComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { init, registerMap, use, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { INSET, ISLANDS, type Outlines } from "./outlines";
import type { PlaceTable } from "./table";

use([MapChart, GeoComponent, TooltipComponent, VisualMapComponent, SVGRenderer]);

const SCALES: Readonly<Record<string, readonly string[]>> = {
  requests: ["#e4f0f1", "#9cc9cc", "#4d9aa2", "#0b5563", "#062f38"],
  granted: ["#e6f4ee", "#a3d6bf", "#4fa983", "#0b6b4a", "#063d2a"],
  held_back: ["#fef3e8", "#f8cfa4", "#f08a3c", "#b85410", "#6b2f06"],
  hold_back_share: ["#fef3e8", "#f8cfa4", "#f08a3c", "#b85410", "#6b2f06"],
  waiting_for_person: ["#fff6df", "#f6db92", "#dba62a", "#8a5a00", "#4d3200"],
  overdue: ["#fdeeec", "#f3b5ae", "#dd6355", "#b42318", "#690f08"],
  // What a directive would do: who gains, who loses, what goes to the offices.
  gain: ["#e6f4ee", "#a3d6bf", "#4fa983", "#0b6b4a", "#063d2a"],
  lose: ["#fdeeec", "#f3b5ae", "#dd6355", "#b42318", "#690f08"],
  to_person: ["#fff6df", "#f6db92", "#dba62a", "#8a5a00", "#4d3200"],
};
const EMPTY = "#eef2f3";

export class PlaceMap {
  readonly #chart: EChartsType;
  readonly #none: string;
  readonly #first: string;
  readonly #nameOf = new Map<string, string>();

  constructor(holder: HTMLElement, outlines: Outlines) {
    this.#none = holder.dataset["none"] ?? "–";
    this.#first = holder.dataset["first"] ?? "requests";
    for (const { properties } of outlines.features) this.#nameOf.set(properties.code, properties.name);
    registerMap("wards", outlines as never, INSET);
    this.#chart = init(holder, null, { renderer: "svg" });
    new ResizeObserver(() => this.#chart.resize()).observe(holder);
  }

  show(table: PlaceTable, code: string): void {
    const label = table.columns.find((column) => column.code === code)?.label ?? "";
    const values = [...this.#nameOf].map(([place, name]) => ({
      name,
      value: table.places.get(place)?.numbers[code] || Number.NaN,
      label: { show: name === ISLANDS, formatter: ISLANDS, offset: [-24, 30], color: "#4a5f66", fontSize: 12 },
    }));
    const wordsOf = new Map([...table.places.values()].map((place) => [place.name, place.words]));
    const most = Math.max(1, ...values.map(({ value }) => value).filter(Number.isFinite));
    this.#chart.setOption({
      animation: false,
      textStyle: { fontFamily: "Be Vietnam Pro, Noto Sans, system-ui, sans-serif" },
      // Drawn as text in the picture: a tooltip of HTML would need style attributes, which the policy forbids.
      tooltip: {
        trigger: "item",
        confine: true,
        renderMode: "richText",
        formatter: ({ name }: { name: string }) => {
          const words = wordsOf.get(name) ?? {};
          const lines = table.columns.filter((column) => column.code in words).map((column) => `${column.label}: ${words[column.code]}`);
          return [name, ...(words[this.#first] === "0" ? [this.#none] : lines)].join("\n");
        },
        backgroundColor: "#073b46",
        borderWidth: 0,
        textStyle: { color: "#fff", fontSize: 15, lineHeight: 23 },
      },
      visualMap: {
        type: "continuous",
        min: 0,
        max: most,
        calculable: false,
        orient: "horizontal",
        left: 8,
        bottom: 4,
        itemWidth: 14,
        itemHeight: 150,
        text: [`${most.toLocaleString(document.documentElement.lang)}`, "0"],
        textStyle: { color: "#13272d", fontSize: 14 },
        inRange: { color: [...(SCALES[code] ?? SCALES["requests"]!)] },
      },
      series: [
        {
          type: "map",
          map: "wards",
          name: label,
          nameProperty: "name",
          selectedMode: false,
          top: 6,
          bottom: 44,
          left: 4,
          right: 20,
          itemStyle: { areaColor: EMPTY, borderColor: "#7d979d", borderWidth: 0.6 },
          emphasis: { label: { show: false }, itemStyle: { areaColor: null, borderColor: "#13272d", borderWidth: 2 } },
          label: { show: false },
          data: values,
        },
      ],
    });
  }
}
