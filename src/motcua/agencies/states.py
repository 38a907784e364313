"""The kinds of place and agency that the administration knows."""

from django.db import models


class PlaceKind(models.TextChoices):
    """Kinds of administrative unit, before and after 1 July 2025; labels as the law writes them."""

    PROVINCE = "province", "Tỉnh"
    CITY = "city", "Thành phố trực thuộc trung ương"
    URBAN_DISTRICT = "urban_district", "Quận"
    RURAL_DISTRICT = "rural_district", "Huyện"
    DISTRICT_TOWN = "district_town", "Thị xã"
    PROVINCIAL_CITY = "provincial_city", "Thành phố thuộc tỉnh"
    WARD = "ward", "Phường"
    COMMUNE = "commune", "Xã"
    TOWNSHIP = "township", "Thị trấn"
    SPECIAL_ZONE = "special_zone", "Đặc khu"


class PlaceTier(models.TextChoices):
    """The three tiers of units; the middle one ended on 1 July 2025."""

    PROVINCE = "province", "Cấp tỉnh"
    DISTRICT = "district", "Cấp huyện"
    COMMUNE = "commune", "Cấp xã"


TIERS = {
    PlaceKind.PROVINCE: PlaceTier.PROVINCE,
    PlaceKind.CITY: PlaceTier.PROVINCE,
    PlaceKind.URBAN_DISTRICT: PlaceTier.DISTRICT,
    PlaceKind.RURAL_DISTRICT: PlaceTier.DISTRICT,
    PlaceKind.DISTRICT_TOWN: PlaceTier.DISTRICT,
    PlaceKind.PROVINCIAL_CITY: PlaceTier.DISTRICT,
    PlaceKind.WARD: PlaceTier.COMMUNE,
    PlaceKind.COMMUNE: PlaceTier.COMMUNE,
    PlaceKind.TOWNSHIP: PlaceTier.COMMUNE,
    PlaceKind.SPECIAL_ZONE: PlaceTier.COMMUNE,
}


class SuccessionKind(models.TextChoices):
    """How much of the old place went to the new one."""

    WHOLE = "whole", "Toàn bộ"
    PART = "part", "Một phần"


class AgencyKind(models.TextChoices):
    """What an agency is in the two-tier administration."""

    CITY = "city", "Ủy ban nhân dân thành phố"
    DEPARTMENT = "department", "Sở, ban, ngành"
    COMMUNE = "commune", "Ủy ban nhân dân phường, xã, đặc khu"
    SERVICE_CENTRE = "service_centre", "Trung tâm phục vụ hành chính công"
    INSPECTION = "inspection", "Lực lượng kiểm soát"
    # A school, a clinic, a children's house: what it offers is no administrative procedure.
    PUBLIC_UNIT = "public_unit", "Đơn vị sự nghiệp công lập"
