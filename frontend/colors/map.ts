// The map on which places are colored by hand: one color per place, a thick border where it changed.
import { MapChart } from "echarts/charts";
import { GeoComponent, TooltipComponent } from "echarts/components";
import { init, registerMap, use, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { INSET, type Outlines } from "../board/outlines";

use([MapChart, GeoComponent, TooltipComponent, SVGRenderer]);

export interface Shade {
  readonly color: string;
  readonly label: string;
  readonly changed: boolean;
}

export class ColorMap {
  readonly #chart: EChartsType;
  readonly #codeOf = new Map<string, string>();

  constructor(holder: HTMLElement, outlines: Outlines, clicked: (code: string) => void) {
    for (const { properties } of outlines.features) this.#codeOf.set(properties.name, properties.code);
    registerMap("wards", outlines as never, INSET);
    this.#chart = init(holder, null, { renderer: "svg" });
    new ResizeObserver(() => this.#chart.resize()).observe(holder);
    this.#chart.on("click", ({ name }) => {
      const code = this.#codeOf.get(name);
      if (code !== undefined) clicked(code);
    });
  }

  show(shades: ReadonlyMap<string, Shade>): void {
    const labels = new Map<string, string>();
    const values = [...this.#codeOf].map(([name, code]) => {
      const shade = shades.get(code);
      labels.set(name, shade?.label ?? "–");
      return {
        name,
        itemStyle: {
          areaColor: shade?.color ?? "#eef2f3",
          borderColor: shade?.changed ? "#13272d" : "#ffffff",
          borderWidth: shade?.changed ? 2 : 0.6,
        },
      };
    });
    this.#chart.setOption({
      animation: false,
      textStyle: { fontFamily: "Be Vietnam Pro, Noto Sans, system-ui, sans-serif" },
      tooltip: {
        trigger: "item",
        confine: true,
        renderMode: "richText",
        formatter: ({ name }: { name: string }) => `${name}\n${labels.get(name) ?? "–"}`,
        backgroundColor: "#073b46",
        borderWidth: 0,
        textStyle: { color: "#fff", fontSize: 15, lineHeight: 23 },
      },
      series: [
        {
          type: "map",
          map: "wards",
          nameProperty: "name",
          selectedMode: false,
          top: 6,
          bottom: 6,
          left: 4,
          right: 20,
          emphasis: { label: { show: false }, itemStyle: { areaColor: null, borderColor: "#13272d", borderWidth: 2 } },
          label: { show: false },
          data: values,
        },
      ],
    });
  }
}
