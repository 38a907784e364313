"""Why a pass is not valid or cannot be told, in words; the codes are those of ``seals`` and ``credentials``."""

from collections.abc import Mapping

from motcua.web.ui.words import Bilingual

REASONS: Mapping[str, Bilingual] = {
    "": Bilingual(
        "Giấy do hệ thống cấp và đang có giá trị. Đối chiếu tên với giấy tờ tùy thân.",
        "The pass was issued here and is in force. Compare the name with an identity document.",
    ),
    "not_a_pass": Bilingual(
        "Nội dung này không phải mã của giấy do thành phố cấp. Mã bắt đầu bằng MC1:",
        "This is not the code of a pass of the city. A code begins with MC1:",
    ),
    "damaged": Bilingual(
        "Mã bị hỏng, bị thiếu hoặc bị sửa. Sao chép lại toàn bộ nội dung từ bản gốc.",
        "The code is damaged, cut or altered. Copy the whole text again from the original.",
    ),
    "unknown_key": Bilingual(
        "Hệ thống không biết khóa ký giấy này. Giấy có thể do nơi khác cấp.",
        "The key that signed this pass is not known here. Another city may have issued it.",
    ),
    "wrong_signature": Bilingual(
        "Nội dung đã bị sửa hoặc không do thành phố ký.",
        "The content was altered, or the city did not sign it.",
    ),
    "key_not_valid": Bilingual(
        "Chữ ký nằm ngoài thời hạn của khóa.", "The signature lies outside the time of its key."
    ),
    "key_revoked": Bilingual(
        "Khóa ký giấy này đã bị thu hồi. Người có giấy cần xin cấp lại.",
        "The key that signed this pass was revoked. Its holder needs a new pass.",
    ),
    "not_yet_valid": Bilingual("Giấy chưa đến ngày có hiệu lực.", "The pass is not yet in force."),
    "expired": Bilingual("Giấy đã hết hạn.", "The pass has expired."),
    "not_issued": Bilingual(
        "Chữ ký đúng nhưng hệ thống không cấp giấy này. Hãy báo cho cơ quan phụ trách.",
        "The signature is right but no such pass was issued. Please tell the agency in charge.",
    ),
    "revoked": Bilingual("Giấy đã bị thu hồi và không còn giá trị.", "The pass was revoked."),
}
