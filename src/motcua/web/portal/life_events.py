"""The moments of a life by which people look for a service, in words; packs name them by code."""

from motcua.procedures.content import Bilingual

_WORDS = {
    "birth": Bilingual(vi="Sinh con", en="Having a child"),
    "business": Bilingual(vi="Kinh doanh", en="Doing business"),
    "death": Bilingual(vi="Người thân qua đời", en="When somebody dies"),
    "disability": Bilingual(vi="Khuyết tật", en="Living with a disability"),
    "epidemic": Bilingual(vi="Dịch bệnh", en="In an epidemic"),
    "family": Bilingual(vi="Gia đình", en="Family"),
    "health": Bilingual(vi="Sức khoẻ", en="Health"),
    "hardship": Bilingual(vi="Gặp khó khăn", en="In hardship"),
    "housing": Bilingual(vi="Nhà ở", en="Housing"),
    "marriage": Bilingual(vi="Kết hôn", en="Getting married"),
    "moving": Bilingual(vi="Chuyển nơi ở", en="Moving house"),
    "property": Bilingual(vi="Nhà đất", en="Land and property"),
    "retirement": Bilingual(vi="Nghỉ hưu", en="Retiring"),
    "school": Bilingual(vi="Đi học", en="Going to school"),
    "travel": Bilingual(vi="Đi lại", en="Traveling"),
    "working": Bilingual(vi="Làm việc", en="Working"),
}


def event_in_words(code: str) -> Bilingual:
    """Return the event in words; of one that is not in the list, its code without underscores."""
    plain = code.replace("_", " ").capitalize()
    return _WORDS.get(code, Bilingual(vi=plain, en=plain))
