// Makes a photograph small enough for a weak connection: upright, at most so many points long, as JPEG from points alone.
const LONGEST_SIDE = 2400;
const QUALITY = 0.82;

export class NotAPicture extends Error {}

export async function shrunk(file: Blob): Promise<Uint8Array> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => {
    throw new NotAPicture();
  });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const drawing = canvas.getContext("2d");
  if (!drawing) throw new NotAPicture();
  // What was see-through is paper.
  drawing.fillStyle = "#fff";
  drawing.fillRect(0, 0, canvas.width, canvas.height);
  drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) throw new NotAPicture();
  return new Uint8Array(await blob.arrayBuffer());
}
