// The time of the city that issues the passes: a phone set to another zone must not judge hours by its own.

/** What stands on a clock and a calendar in the zone at a moment. */
export class CityClock {
  readonly #format: Intl.DateTimeFormat;

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hourCycle: "h23",
      hour: "2-digit",
      minute: "2-digit",
      day: "numeric",
      month: "numeric",
      year: "numeric",
    });
  }

  /** The hour of day as HH:MM. */
  hour(at: Date): string {
    const { hour, minute } = this.#parts(at);
    return `${hour}:${minute}`;
  }

  /** Hour and date as people write them here. */
  moment(at: Date): string {
    const { day, month, year } = this.#parts(at);
    return `${this.hour(at)}, ${Number(day)}/${Number(month)}/${year}`;
  }

  #parts(at: Date): Record<string, string> {
    return Object.fromEntries(this.#format.formatToParts(at).map(({ type, value }) => [type, value]));
  }
}
