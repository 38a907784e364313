// Reads what the QR of an identity card says: number|old number|name|ddmmyyyy|sex|address|issued, parted by strokes.
import { isoDay } from "./checks";
import type { Person, Words } from "./types";

const CENTURIES: Readonly<Record<string, number>> = { "0": 1900, "1": 1900, "2": 2000, "3": 2000, "4": 2100, "5": 2100 };

/** The person on the card, or nothing if the code is another one. */
export function personOnCard(text: string): Person | null {
  const [number = "", , name = "", born = ""] = text.trim().split("|");
  const [, day, month, year] = /^(\d{2})(\d{2})(\d{4})$/.exec(born.trim()) ?? [];
  const bornOn = day ? isoDay(`${day}/${month}/${year}`) : null;
  if (!/^\d{12}$/.test(number.trim()) || !name.trim() || !bornOn) return null;
  return { number: number.trim(), fullName: name.normalize("NFC").trim().replace(/\s+/g, " "), bornOn };
}

/** What is wrong with a person as typed, by field; the server knows more. `today` is ISO. */
export function faultsOf(person: Person, today: string): Readonly<Record<string, Words>> {
  const faults: Record<string, Words> = {};
  const digits = person.number.replace(/[\s.-]/g, "");
  const century = CENTURIES[digits[3] ?? ""];
  if (!/^\d{12}$/.test(digits))
    faults["person.number"] = {
      vi: "Số định danh gồm đúng 12 chữ số. Xem lại trên thẻ căn cước.",
      en: "The citizen number has exactly 12 digits. Look at the card again.",
    };
  else if (century === undefined)
    faults["person.number"] = {
      vi: "Chữ số thứ tư của số định danh phải từ 0 đến 5. Xem lại trên thẻ căn cước.",
      en: "The fourth digit must be from 0 to 5. Look at the card again.",
    };
  if (person.fullName.trim().length < 2)
    faults["person.full_name"] = { vi: "Ghi họ, chữ đệm và tên như trên thẻ.", en: "Write the full name as on the card." };
  if (!person.bornOn || person.bornOn > today)
    faults["person.born_on"] = { vi: "Ghi ngày sinh có thật, ví dụ 3/9/1960.", en: "Give a real date of birth, such as 3/9/1960." };
  else if (!faults["person.number"] && Number(person.bornOn.slice(0, 4)) !== (century ?? 0) + Number(digits.slice(4, 6)))
    faults["person.born_on"] = {
      vi: "Năm sinh không khớp với số định danh. Đọc lại cả hai trên thẻ.",
      en: "The year of birth does not fit the number. Read both from the card again.",
    };
  return faults;
}
