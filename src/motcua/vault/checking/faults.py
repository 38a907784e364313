"""Why a paper is refused, in words: what was found, why that cannot be taken, and what to do instead."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """One text in both languages of the platform."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the English text for ``en``, otherwise the Vietnamese one."""
        return self.en if language == "en" else self.vi


class PaperRefused(ValueError):
    """The file cannot be taken as a paper; ``fault`` names the reason, ``said`` tells it. Nothing was kept."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        self.said = FAULTS[fault]
        super().__init__(fault)


def _wrong_type(vi: str, en: str) -> Said:
    return Said(
        f"Tệp này là {vi}, dù tên có thể ghi khác. Kho giấy tờ chỉ nhận ảnh JPEG, PNG, WebP và PDF."
        " Chụp ảnh giấy đó, hoặc xuất ra PDF rồi tải lên lại.",
        f"This file is {en}, whatever its name says. Only JPEG, PNG and WebP images and PDF are taken."
        " Photograph the paper, or save it as PDF, and upload that.",
    )


def _active(vi: str, en: str) -> Said:
    return Said(
        f"Tệp PDF này có {vi}. Thứ đó có thể chạy hoặc gọi ra ngoài khi cán bộ mở tệp, nên không nhận được."
        " In tệp ra PDF mới (Print to PDF) hoặc chụp ảnh tờ giấy rồi tải lên.",
        f"This PDF has {en}, which could run or reach outside when an officer opens it, so it cannot be taken."
        " Print it to a new PDF, or photograph the paper, and upload that.",
    )


def _two_in_one(vi: str, en: str) -> Said:
    return Said(
        f"Tệp này vừa là giấy tờ vừa chứa {vi} ghép vào, nên không nhận được."
        " Chụp ảnh tờ giấy bằng điện thoại, hoặc in ra PDF mới, rồi tải lên.",
        f"This file is a paper and {en} in one, so it cannot be taken."
        " Photograph the paper, or print it to a new PDF, and upload that.",
    )


FAULTS: dict[str, Said] = {
    "empty": Said(
        "Tệp rỗng, không có nội dung nào. Mở tệp trên máy xem còn đọc được không, rồi chọn lại.",
        "The file is empty. See whether it still opens on your device, then choose it again.",
    ),
    "too_large": Said(
        "Tệp lớn hơn 10 MB, vượt mức nhận. Chụp hoặc quét lại ở mức 300 dpi, hoặc tách thành nhiều tệp.",
        "The file is larger than 10 MB. Scan it again at 300 dpi, or split it into several files.",
    ),
    "name_hidden": Said(
        "Tên tệp có ký tự ẩn hoặc ký tự đảo chiều chữ, thường dùng để giấu loại tệp thật."
        " Đổi tên tệp bằng chữ và số thường rồi tải lên lại.",
        "The file's name holds hidden characters or ones that reverse the text, which can hide what it is."
        " Give it a plain name and upload it again.",
    ),
    "name_path": Said(
        "Tên tệp chứa đường dẫn thư mục, nên không nhận được. Đổi thành tên tệp đơn giản rồi tải lên lại.",
        "The file's name holds a path of folders. Give it a plain name and upload it again.",
    ),
    "unknown": Said(
        "Không nhận ra loại tệp từ nội dung. Kho giấy tờ chỉ nhận ảnh JPEG, PNG, WebP và PDF."
        " Chụp ảnh tờ giấy bằng điện thoại rồi tải lên.",
        "The content is of no known type. Only JPEG, PNG and WebP images and PDF are taken."
        " Photograph the paper and upload that.",
    ),
    "heic": Said(
        "Ảnh ở dạng HEIC của iPhone, cơ quan khác không mở được. Trên iPhone vào Cài đặt > Camera > Định dạng,"
        " chọn “Tương thích nhất” rồi chụp lại; hoặc chụp màn hình ảnh đó.",
        "The image is HEIC, which other offices cannot open. On an iPhone choose Settings > Camera > Formats >"
        " “Most Compatible” and take it again; or take a screenshot of it.",
    ),
    "svg": _wrong_type("ảnh SVG, có thể chứa mã chạy", "an SVG image, which can hold scripts"),
    "html": _wrong_type("trang web HTML", "a web page"),
    "xml": _wrong_type("tệp XML", "an XML file"),
    "zip": _wrong_type("tệp nén ZIP", "a ZIP archive"),
    "office": _wrong_type("tệp Word, Excel hoặc PowerPoint", "a Word, Excel or PowerPoint file"),
    "archive": _wrong_type("tệp nén", "an archive"),
    "program": _wrong_type("chương trình chạy được", "a program"),
    "script": _wrong_type("tệp lệnh", "a script"),
    "gif": _wrong_type("ảnh GIF", "a GIF image"),
    "tiff": _wrong_type("ảnh TIFF", "a TIFF image"),
    "bmp": _wrong_type("ảnh BMP", "a BMP image"),
    "video": _wrong_type("phim hoặc âm thanh", "a video or sound"),
    "text": _wrong_type("tệp chữ", "a text file"),
    "image_damaged": Said(
        "Ảnh bị hỏng hoặc bị cắt giữa chừng, không đọc hết được. Chụp lại, hoặc gửi lại từ máy gốc rồi tải lên.",
        "The image is damaged or cut off. Take it again, or copy it anew from the device it was taken with.",
    ),
    "image_huge": Said(
        "Ảnh có quá nhiều điểm ảnh (hơn 50 triệu), mở ra sẽ làm nghẽn máy. Chụp lại ở cỡ thường của điện thoại.",
        "The image has too many points (more than 50 million). Take it again at your phone's usual size.",
    ),
    "image_tiny": Said(
        "Ảnh quá nhỏ (cạnh ngắn dưới 200 điểm), không đọc được chữ. Chụp lại gần hơn, đủ sáng, đủ bốn góc.",
        "The image is too small to read (under 200 points on its short side). Take it again, closer.",
    ),
    "image_moving": Said(
        "Đây là ảnh động nhiều khung hình, không phải ảnh chụp một tờ giấy. Chụp lại thành ảnh thường.",
        "This image moves: it has several frames. Take an ordinary photograph of the paper.",
    ),
    "pdf_damaged": Said(
        "Tệp PDF bị hỏng hoặc bị cắt giữa chừng, không đọc được đúng chuẩn."
        " Mở trên máy rồi in ra PDF mới, hoặc chụp ảnh tờ giấy.",
        "The PDF is damaged or cut off. Open it and print it to a new PDF, or photograph the paper.",
    ),
    "pdf_encrypted": Said(
        "Tệp PDF đặt mật khẩu hoặc bị mã hóa, cán bộ không mở được. Bỏ mật khẩu, hoặc in ra PDF mới, rồi tải lên.",
        "The PDF has a password or is encrypted. Remove it, or print to a new PDF, and upload that.",
    ),
    "pdf_empty": Said(
        "Tệp PDF không có trang nào. Kiểm tra lại tệp rồi chọn tệp khác.",
        "The PDF has no page. Look at the file and choose another.",
    ),
    "pdf_pages": Said(
        "Tệp PDF có hơn 300 trang, vượt mức nhận. Tách thành nhiều tệp rồi tải lên từng phần.",
        "The PDF has more than 300 pages. Split it and upload the parts.",
    ),
    "pdf_bomb": Said(
        "Tệp PDF nén bất thường: mở ra sẽ phình quá lớn và làm nghẽn máy. In ra PDF mới hoặc chụp ảnh tờ giấy.",
        "The PDF unpacks to far too much. Print it to a new PDF, or photograph the paper.",
    ),
    "pdf_script": _active("mã lệnh JavaScript", "JavaScript"),
    "pdf_launch": _active("lệnh mở chương trình khác", "an action that starts another program"),
    "pdf_embedded": _active("tệp khác đính kèm bên trong", "other files embedded in it"),
    "pdf_xfa": _active("biểu mẫu XFA", "an XFA form"),
    "pdf_external": _active(
        "lệnh gửi dữ liệu hoặc gọi tệp, trang ở nơi khác", "actions that send data or fetch other files"
    ),
    "pdf_media": _active("phim, âm thanh hoặc mô hình 3D", "video, sound or 3D content"),
    "with_archive": _two_in_one("tệp nén", "an archive"),
    "with_page": _two_in_one("trang web", "a web page"),
    "with_more": _two_in_one("dữ liệu lạ ở đầu hoặc cuối", "foreign data before or after it"),
    "too_heavy": Said(
        "Đọc tệp này tốn quá nhiều thời gian hoặc bộ nhớ nên đã dừng. In ra PDF mới hoặc chụp ảnh tờ giấy rồi tải lên.",
        "Reading this file took too much time or memory and was stopped."
        " Print it to a new PDF, or photograph the paper.",
    ),
    "virus": Said(
        "Máy quét vi-rút phát hiện mã độc trong tệp này, nên không nhận. Quét lại thiết bị của bạn,"
        " rồi chụp ảnh tờ giấy bằng điện thoại để tải lên.",
        "The virus scanner found malware in this file. Scan your device, then photograph the paper instead.",
    ),
    "not_scanned": Said(
        "Máy quét vi-rút của hệ thống đang không trả lời, nên chưa nhận được tệp. Thử lại sau ít phút.",
        "The virus scanner does not answer at the moment. Try again in a few minutes.",
    ),
    "vault_full": Said(
        "Kho giấy tờ của bạn đã đầy (300 giấy hoặc 300 MB). Xóa những giấy không còn dùng rồi tải lên lại.",
        "Your papers have reached their limit (300 papers or 300 MB). Delete some that you no longer need.",
    ),
    "busy": Said(
        "Đang có nhiều người tải giấy tờ lên cùng lúc. Chưa có gì được lưu; thử lại sau ít phút.",
        "Many people are uploading just now. Nothing was kept; try again in a few minutes.",
    ),
}
