"""What the pages of bulk filing say."""

from motcua.web.ui.words import Bilingual

FIRM_MISSING = Bilingual(
    "Ghi mã số thuế của nơi bạn nộp thay.", "Write the tax code of the firm for which you file."
)
FILE_MISSING = Bilingual(
    "Chọn tệp danh sách (CSV hoặc XLSX).", "Choose the file with the list (CSV or XLSX)."
)
TOO_LARGE = Bilingual(
    "Tệp lớn hơn 20 MB. Chỉ giữ các cột của tệp mẫu, hoặc chia thành nhiều tệp.",
    "The file is larger than 20 MB. Keep only the template's columns, or split it.",
)
TOO_MANY = Bilingual(
    "Bạn đang có ba danh sách chưa xong. Chờ một danh sách xong, hoặc xóa bớt, rồi tải lên.",
    "Three of your lists are under way. Wait until one is done, or delete one, then upload.",
)
NOT_YOURS = Bilingual(
    "Theo {source} (dữ liệu {as_of}), chủ của mã số thuế này là người khác, nên bạn chưa thể nộp thay."
    " Để chủ đăng nhập và nộp; nếu vừa đổi chủ, cập nhật đăng ký kinh doanh trước.",
    "According to the {source} (data of {as_of}) somebody else owns the firm with this tax code, so you "
    "cannot file"
    " for it. Let the owner sign in and file; if it changed hands, update its registration first.",
)
NOT_REGISTERED = Bilingual(
    "{source} (dữ liệu {as_of}) không có mã số thuế này. Xem lại mã số trên giấy đăng ký kinh doanh.",
    "The {source} (data of {as_of}) does not hold this tax code. Check it on the registration of the firm.",
)
NOT_PROMISED = Bilingual("Đánh dấu vào ô cam kết để nộp.", "Tick the promise in order to file.")
NO_MANDATE = Bilingual(
    "Chưa nộp được: chưa rõ bạn có quyền nộp thay nơi này hay không. Xem phần Quyền nộp thay.",
    "Not filed: it is not known whether you may act for this firm. See Right to file.",
)
MOVED_ON = Bilingual(
    "Danh sách đã chuyển sang bước khác. Trang này cho thấy tình trạng hiện nay.",
    "The list has moved on. This page shows where it stands now.",
)
STATES = {
    "checking": (Bilingual("Đang kiểm tra", "Being checked"), "blue"),
    "unusable": (Bilingual("Không đọc được tệp", "File not usable"), "red"),
    "checked": (Bilingual("Chờ bạn xác nhận", "Waits for your confirmation"), "yellow"),
    "filing": (Bilingual("Đang nộp", "Being filed"), "blue"),
    "cancelling": (Bilingual("Đang dừng", "Stopping"), "yellow"),
    "cancelled": (Bilingual("Đã dừng", "Stopped"), "grey"),
    "done": (Bilingual("Đã nộp xong", "Filed"), "green"),
}
RESULT_HEADINGS = (
    Bilingual("Dòng", "Row"),
    Bilingual("Họ và tên", "Name"),
    Bilingual("Số định danh", "Citizen number"),
    Bilingual("Số hồ sơ", "Case number"),
    Bilingual("Kết quả", "Answer"),
    Bilingual("Lý do về doanh nghiệp", "Reason that concerns the firm"),
    Bilingual("Có giá trị từ", "Valid from"),
    Bilingual("Đến", "Until"),
)
OUTCOMES = (
    ("granted", Bilingual("Được cấp", "Granted")),
    ("refused", Bilingual("Chưa được cấp", "Not granted")),
    ("referred", Bilingual("Cán bộ đang xem", "With an officer")),
)
