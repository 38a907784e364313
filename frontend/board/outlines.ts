// The outlines of the places, and where the islands stand.

// Hoàng Sa lies 300 km off the coast: drawn to scale at its place it would leave the city a thumbnail, so
// it stands in a frame of its own beside the coast, as on printed maps of the city.
export const ISLANDS = "Đặc khu Hoàng Sa";
export const INSET = { [ISLANDS]: { left: 108.5, top: 16.24, width: 0.28 } };

export interface Outlines {
  features: { properties: { code: string; name: string } }[];
}
