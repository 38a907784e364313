// Every text of the scanner, Vietnamese first.
import type { Answer, Reason } from "./judge";
import type { Words } from "./store";

export type Language = "vi" | "en";

export const ANSWERS: Record<Answer, Words> = {
  valid: { vi: "HỢP LỆ", en: "VALID" },
  not_valid: { vi: "KHÔNG HỢP LỆ", en: "NOT VALID" },
  cannot_tell: { vi: "KHÔNG XÁC ĐỊNH ĐƯỢC", en: "CANNOT TELL" },
};

/** Why, and what to do, in one or two short sentences. */
export const REASONS: Record<Reason, Words> = {
  "": { vi: "Đối chiếu tên với giấy tờ tùy thân.", en: "Compare the name with an identity document." },
  not_a_pass: { vi: "Mã này không phải giấy do thành phố cấp.", en: "This code is not a pass of the city." },
  damaged: {
    vi: "Mã bị hỏng hoặc bị sửa. Thử quét lại từ bản gốc.",
    en: "The code is damaged or was altered. Scan the original again.",
  },
  wrong_signature: {
    vi: "Nội dung đã bị sửa hoặc không do thành phố ký.",
    en: "The content was altered, or the city did not sign it.",
  },
  key_not_valid: { vi: "Chữ ký đã quá thời hạn của khóa.", en: "The key that signed it is out of its time." },
  key_revoked: { vi: "Khóa ký giấy này đã bị thu hồi.", en: "The key that signed it was revoked." },
  revoked: { vi: "Giấy đã bị thu hồi.", en: "The pass was revoked." },
  not_yet_valid: { vi: "Giấy chưa đến ngày có hiệu lực.", en: "The pass is not yet in force." },
  expired: { vi: "Giấy đã hết hạn.", en: "The pass has expired." },
  outside_hours: { vi: "Ngoài khung giờ ghi trên giấy.", en: "Outside the hours on the pass." },
  no_keys: {
    vi: "Máy chưa tải khóa kiểm tra. Kết nối mạng rồi cập nhật.",
    en: "This device has no keys yet. Connect and update.",
  },
  keys_too_old: {
    vi: "Khóa kiểm tra trên máy đã quá cũ. Kết nối mạng rồi cập nhật.",
    en: "The keys on this device are too old. Connect and update.",
  },
  unknown_key: {
    vi: "Máy chưa biết khóa ký giấy này. Cập nhật rồi quét lại.",
    en: "This device does not know the key. Update and scan again.",
  },
  clock: {
    vi: "Đồng hồ của máy có thể sai. Chỉnh giờ rồi cập nhật.",
    en: "The clock of this device may be wrong. Set it and update.",
  },
  no_list: {
    vi: "Máy chưa có danh sách giấy bị thu hồi. Kết nối mạng rồi cập nhật.",
    en: "No list of revoked passes on this device. Connect and update.",
  },
  list_too_old: {
    vi: "Danh sách giấy bị thu hồi trên máy đã quá cũ. Kết nối mạng rồi cập nhật.",
    en: "The list of revoked passes is too old. Connect and update.",
  },
};

export const TEXTS = {
  title: { vi: "Kiểm tra giấy", en: "Check a pass" },
  lead: {
    vi: "Đưa mã QR vào khung. Kiểm tra được cả khi không có mạng.",
    en: "Hold the QR code in the frame. Works without a network.",
  },
  start: { vi: "Bật camera để quét", en: "Scan with the camera" },
  stop: { vi: "Tắt camera", en: "Stop the camera" },
  picture: { vi: "Chọn ảnh", en: "Choose a picture" },
  type: { vi: "Nhập mã", en: "Type the code" },
  code: { vi: "Nội dung mã QR", en: "Text of the QR code" },
  codeHint: { vi: "Bắt đầu bằng MC1:", en: "Begins with MC1:" },
  check: { vi: "Kiểm tra", en: "Check" },
  next: { vi: "Quét tiếp", en: "Scan next" },
  until: { vi: "Có giá trị đến", en: "Valid until" },
  from: { vi: "Có giá trị từ", en: "Valid from" },
  checkedAt: { vi: "Kiểm tra lúc", en: "Checked at" },
  seenBefore: { vi: "Máy này đã quét giấy này lúc", en: "This device scanned this pass at" },
  noQr: {
    vi: "Không thấy mã QR trong ảnh. Chụp gần hơn, đủ sáng, rồi chọn lại.",
    en: "No QR code in the picture. Move closer, with more light, and choose again.",
  },
  noCamera: {
    vi: "Không mở được camera. Cho phép trang dùng camera, hoặc chọn ảnh hay nhập mã.",
    en: "The camera cannot be opened. Allow it, or choose a picture or type the code.",
  },
  list: { vi: "Danh sách thu hồi", en: "Revocation list" },
  keys: { vi: "Khóa kiểm tra", en: "Keys" },
  clock: { vi: "Đồng hồ", en: "Clock" },
  clockGood: { vi: "khớp với máy chủ", en: "agrees with the server" },
  clockBad: { vi: "có thể sai", en: "may be wrong" },
  clockUnknown: { vi: "chưa đối chiếu", en: "not compared yet" },
  never: { vi: "chưa có", en: "none yet" },
  justNow: { vi: "vừa xong", en: "just now" },
  ago: { vi: "trước", en: "ago" },
  minutes: { vi: "phút", en: "min" },
  hours: { vi: "giờ", en: "h" },
  days: { vi: "ngày", en: "days" },
  update: { vi: "Cập nhật ngay", en: "Update now" },
  updating: { vi: "Đang cập nhật…", en: "Updating…" },
  offline: { vi: "Không có mạng: dùng dữ liệu đã lưu.", en: "No network: using what is stored." },
  refused: {
    vi: "Dữ liệu từ máy chủ không xác thực được và không được dùng. Báo cho người phụ trách.",
    en: "What the server sent could not be authenticated and is not used. Tell the person in charge.",
  },
  updated: { vi: "Đã cập nhật.", en: "Up to date." },
  waiting: { vi: "Lượt quét chờ gửi", en: "Scans waiting to be sent" },
  signIn: { vi: "Đăng nhập để gửi lượt quét", en: "Sign in to send scans" },
  checkpoint: { vi: "Tên chốt", en: "Checkpoint" },
  checkpointHint: { vi: "Ghi kèm mỗi lượt quét, ví dụ: Cầu Rồng", en: "Kept with each scan, such as: Dragon Bridge" },
  data: { vi: "Dữ liệu trên máy", en: "Data on this device" },
  ready: { vi: "Sẵn sàng", en: "Ready" },
  stale: { vi: "Dữ liệu cũ", en: "Old data" },
  language: { vi: "English", en: "Tiếng Việt" },
} satisfies Record<string, Words>;

/** Labels for well-known claims of a kind whose layout is not on the device. */
export const LABELS: Record<string, Words> = {
  n: { vi: "Họ và tên", en: "Name" },
  b: { vi: "Năm sinh", en: "Year of birth" },
  a: { vi: "Phạm vi", en: "Area" },
  h: { vi: "Khung giờ", en: "Hours" },
  p: { vi: "Biển số xe", en: "Plate" },
};
