"""Where our cases stand in the words of the national portal: ten statuses and three channels, by their numbers.

What a service calls its states is its pack's business; each names the national status that it is. The numbers are those
of the synchronization of dossiers with the National Public Service Portal [needs confirmation: the technical guide in
force]; docs/reference/national-status.md has the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from motcua.cases.states import Channel
from motcua.procedures.content import Bilingual, State

NATIONAL_STATUSES: Mapping[int, Bilingual] = MappingProxyType(
    {
        1: Bilingual(vi="Mới đăng ký", en="Filed"),
        2: Bilingual(vi="Được tiếp nhận", en="Accepted"),
        3: Bilingual(vi="Không được tiếp nhận", en="Not accepted"),
        4: Bilingual(vi="Đang xử lý", en="In progress"),
        5: Bilingual(vi="Yêu cầu bổ sung giấy tờ", en="Additions asked for"),
        6: Bilingual(vi="Yêu cầu thực hiện nghĩa vụ tài chính", en="Payment asked for"),
        7: Bilingual(vi="Công dân yêu cầu rút hồ sơ", en="Withdrawn"),
        8: Bilingual(vi="Dừng xử lý", en="Stopped"),
        9: Bilingual(vi="Đã xử lý xong", en="Done"),
        10: Bilingual(vi="Đã trả kết quả", en="Result returned"),
    }
)
CHANNELS: Mapping[int, Bilingual] = MappingProxyType(
    {
        1: Bilingual(vi="Trực tiếp", en="In person"),
        2: Bilingual(vi="Trực tuyến", en="Online"),
        3: Bilingual(vi="Bưu chính công ích", en="Public post"),
    }
)
# A machine of somebody else's files for a person who is not at a counter.
_OF_CHANNEL = {Channel.COUNTER: 1, Channel.ONLINE: 2, Channel.API: 2, Channel.POST: 3}


@dataclass(frozen=True, slots=True)
class NationalStatus:
    """The number of a status with its words."""

    number: int
    label: Bilingual


def national_status(state: State) -> NationalStatus:
    """Return the national status that a state of a service is."""
    return NationalStatus(state.national_status, NATIONAL_STATUSES[state.national_status])


def national_channel(channel: Channel) -> NationalStatus:
    """Return the national channel by which a case came in."""
    number = _OF_CHANNEL[channel]
    return NationalStatus(number, CHANNELS[number])
