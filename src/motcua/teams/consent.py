"""What is read to a person before somebody files for them, and the proof that these words came from us."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from motcua.identity.secrets import key_for
from motcua.procedures.content import Content

_SEALED_FOR = "words of a consent to help"
LONGEST_WORDS = 8_000


@dataclass(frozen=True, slots=True)
class ConsentWords:
    """The words in Vietnamese, paragraph by paragraph, what they mean in English, and our seal on the former."""

    vi: tuple[str, ...]
    en: tuple[str, ...]
    seal: str

    @property
    def text(self) -> str:
        """Return what is kept: the Vietnamese words, a line a paragraph."""
        return "\n".join(self.vi)


def consent_words(content: Content, *, member: str, team: str, agency: str, agency_en: str) -> ConsentWords:
    """Return the words for one service, as this member of this team reads them.

    **source:** Law on personal data protection 91/2025/QH15, on consent: who, what for, which data, which rights, and
    that saying nothing is not consent; see docs/adr/0035.
    """
    spoken = _vietnamese(content, member=member, team=team, agency=agency)
    return ConsentWords(
        spoken,
        _english(content, member=member, team=team, agency=agency_en or agency),
        seal_of("\n".join(spoken)),
    )


def seal_of(words: str) -> str:
    """Return the proof that the words are ours, unchanged: a device may come back weeks later."""
    return hmac.digest(key_for(_SEALED_FOR), words.encode(), "sha256").hex()


def is_ours(words: str, seal: str) -> bool:
    """Tell whether the words were given out here."""
    return len(words) <= LONGEST_WORDS and hmac.compare_digest(seal_of(words).encode(), seal.encode())


def _vietnamese(content: Content, *, member: str, team: str, agency: str) -> tuple[str, ...]:
    manifest, form = content.manifest, content.form
    asked = _listed(field.label.vi for field in form.fields if field.paper is None)
    papers = _listed(field.label.vi for field in form.fields if field.paper is not None)
    looked_up = _listed(fact.label.vi for fact in content.facts if fact.shown)
    return (
        f"Tôi là {member}, thành viên {team}. Tôi xin đọc để ông/bà nghe rồi mới làm. Nếu có điều gì chưa rõ, xin"
        " ông/bà hỏi lại.",
        f"Việc tôi làm giúp: nộp hồ sơ “{manifest.title.vi}” đứng tên ông/bà, gửi {agency}. Tôi giúp không lấy tiền.",
        f"Dữ liệu dùng vào việc: {_lower(manifest.purpose.vi)}. Không dùng vào việc khác.",
        f"Dữ liệu tôi ghi: số định danh, họ tên, ngày sinh của ông/bà; câu trả lời về: {asked}."
        + (f" Giấy tờ có thể được chụp: {papers}." if papers else ""),
        (f"Cơ quan giải quyết còn tra cứu: {looked_up}. " if looked_up else "")
        + "Mỗi lần cán bộ mở hồ sơ đều được ghi lại để ông/bà xem.",
        "Khi chưa có mạng, dữ liệu nằm trong máy này ở dạng mã hóa. Gửi xong máy xóa. Tôi chỉ còn thấy hồ sơ đã đến"
        " bước nào, không xem lại được dữ liệu của ông/bà.",
        "Ông/bà có quyền không đồng ý và tự nộp, trên mạng hoặc tại bộ phận một cửa; việc đó không gây bất lợi gì. Đồng"
        " ý rồi vẫn được rút lại, xin sửa, xin xóa dữ liệu theo Luật Bảo vệ dữ liệu cá nhân.",
        "Ông/bà đăng nhập Cổng dịch vụ bằng tài khoản định danh, hoặc đến bộ phận một cửa, để xem hồ sơ này, rút hồ sơ,"
        " hay báo “không phải tôi nhờ”.",
        "Nếu ông/bà đồng ý, xin tự đánh dấu hai ô bên dưới và ký bằng ngón tay.",
    )


def _english(content: Content, *, member: str, team: str, agency: str) -> tuple[str, ...]:
    manifest, form = content.manifest, content.form
    asked = _listed(field.label.en for field in form.fields if field.paper is None)
    papers = _listed(field.label.en for field in form.fields if field.paper is not None)
    looked_up = _listed(fact.label.en for fact in content.facts if fact.shown)
    return (
        f"I am {member} of {team}. I read this to you before I do anything. Please ask if something is not clear.",
        f"What I do for you: file “{manifest.title.en}” in your name with {agency}. My help is free.",
        f"The data are used to: {_lower(manifest.purpose.en)}. For nothing else.",
        f"What I write down: your citizen number, name and date of birth; your answers on: {asked}."
        + (f" Papers that may be photographed: {papers}." if papers else ""),
        (f"The agency also looks up: {looked_up}. " if looked_up else "")
        + "Each time an officer opens the case it is noted for you to see.",
        "Until there is a connection the data stay on this device, encrypted, and are deleted once sent. After that I"
        " see only how far the case has come.",
        "You may refuse and file by yourself, online or at the one-stop, without any disadvantage. You may take back"
        " your consent, and ask for correction or deletion under the Law on personal data protection.",
        "Sign in with your national identity, or go to the one-stop, to see this case, withdraw it, or say that you"
        " did not ask for it.",
        "If you agree, please tick the two boxes below yourself and sign with a finger.",
    )


def _listed(labels: Iterable[str]) -> str:
    return "; ".join(_lower(label.rstrip("?.: ")) for label in labels)


def _lower(text: str) -> str:
    # An abbreviation keeps its capitals.
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
