"""Throw damaged QR texts at the verifier: none may be accepted, none may crash it, each gets 50 ms.

Run: ``python tools/fuzz_qr.py [--count 10000] [--seed 2021]``. It prints how each kind of damage was
answered, and ends with 1 if a text was accepted, raised, or took too long.
"""

import argparse
import base64
import json
import random
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import cbor2

from motcua.seals import base45, compression, cose
from motcua.seals.keys import SigningKey, generate_key
from motcua.seals.passes import PREFIX, seal_pass
from motcua.seals.verification import verify_line

NOW = datetime(2021, 9, 8, 1, 0, tzinfo=UTC)
WITHIN_SECONDS = 0.05
Chance = random.Random


class Fuzz:
    """Makes damaged texts out of one honest pass and one honest health certificate."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.key: SigningKey = generate_key(now=NOW)
        second = int(NOW.timestamp())
        claims: dict[int | str, object] = {1: "dn", 4: second + 86400, 5: second, 6: second, 7: bytes(4)}
        self.honest = seal_pass({**claims, "K": "travel_pass", "n": "Nguyễn Văn Ánh", "b": 1987}, self.key)
        health = {4: second + 86400, 6: second, -260: {1: {"v": [{"tg": "840539006"}]}}}
        self.message = cose.seal(cbor2.dumps(health), self.key)
        self.certificate = "HC1:" + base45.encode(compression.compress(self.message))
        self.kinds: dict[str, Callable[[], str]] = {
            "random letters": self._random_letters,
            "random characters": self._random_characters,
            "random bytes, packed": self._random_bytes,
            "cut": self._cut,
            "letters changed": self._letters_changed,
            "bytes changed": self._bytes_changed,
            "tag changed": self._tag_changed,
            "bomb": self._bomb,
            "random CBOR": self._random_cbor,
            "lower case or spaces": self._other_spelling,
            "padded lengths": self._padded,
        }

    def _one(self) -> tuple[str, str]:
        return self.chance.choice([(PREFIX, self.honest[4:]), ("HC1:", self.certificate[4:])])

    def _pack(self, prefix: str, message: bytes) -> str:
        return prefix + base45.encode(zlib.compress(message))

    def _unpacked(self) -> tuple[str, bytearray]:
        prefix, text = self._one()
        return prefix, bytearray(compression.decompress(base45.decode(text), 65536))

    def _random_letters(self) -> str:
        return self._one()[0] + "".join(self.chance.choices(base45.ALPHABET, k=self.chance.randrange(600)))

    def _random_characters(self) -> str:
        return "".join(chr(self.chance.choice([32, 64, 200, 0x1EA0, 0xD800, 0x1F600])) for _ in range(40))

    def _random_bytes(self) -> str:
        return self._pack(self._one()[0], self.chance.randbytes(self.chance.randrange(300)))

    def _cut(self) -> str:
        prefix, text = self._one()
        return prefix + text[: self.chance.randrange(len(text))]

    def _letters_changed(self) -> str:
        prefix, text = self._one()
        letters = list(text)
        place = self.chance.randrange(len(letters))
        letters[place] = self.chance.choice(base45.ALPHABET.replace(letters[place], ""))
        return prefix + "".join(letters)

    def _bytes_changed(self) -> str:
        prefix, message = self._unpacked()
        message[self.chance.randrange(len(message))] ^= self.chance.randrange(1, 256)
        return self._pack(prefix, bytes(message))

    def _tag_changed(self) -> str:
        prefix, message = self._unpacked()
        tags = (16, 17, 61, 96, 97, 98, 55799)
        head = cbor2.dumps(cbor2.CBORTag(self.chance.choice(tags), 0))[:-1]
        again = self.chance.random() < 0.5
        return self._pack(prefix, head + bytes(message[1:] if not again else bytes(message[:1]) + message))

    def _bomb(self) -> str:
        size = self.chance.choice([10_000, 1_000_000, 5_000_000])
        return self._pack(self._one()[0], (b"\xd2\x84" + bytes(size)))[
            : self.chance.choice([390, 4290, 10**6])
        ]

    def _value(self, depth: int) -> object:
        kinds = "ibsfn" if depth > 5 else "ibsfnlmt"
        kind = self.chance.choice(kinds)
        if kind == "l":
            return [self._value(depth + 1) for _ in range(self.chance.randrange(5))]
        if kind == "m":
            return {self.chance.choice([1, 4, 6, -260, "v"]): self._value(depth + 1) for _ in range(4)}
        if kind == "t":
            return cbor2.CBORTag(self.chance.choice([17, 18, 61, 9999]), self._value(depth + 1))
        whole = self.chance.choice([0, -1, 2**63, 2**200, -(2**64)])
        plain: dict[str, object] = {
            "i": whole,
            "b": self.chance.randbytes(9),
            "s": "đ",
            "f": 1e300,
            "n": None,
        }
        return plain[kind]

    def _random_cbor(self) -> str:
        prefix, _ = self._one()
        parts: list[object] = [b"\xa1\x01\x26", {}, cbor2.dumps(self._value(0)), self.chance.randbytes(64)]
        parts[self.chance.randrange(4)] = self._value(0)
        return self._pack(prefix, cbor2.dumps(cbor2.CBORTag(18, parts)))

    def _other_spelling(self) -> str:
        prefix, text = self._one()
        return self.chance.choice(
            [prefix + text.lower(), prefix.lower() + text, " " + prefix + text, prefix + text + " " * 3, text]
        )

    def _padded(self) -> str:
        prefix, message = self._unpacked()
        return self._pack(prefix, b"\xd8\x12" + bytes(message[1:]))


def main() -> int:
    """Run the fuzz and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2021)
    options = parser.parse_args()
    fuzz = Fuzz(random.Random(options.seed))
    certificate = base64.b64encode(fuzz.key.certificate_der).decode()

    def ask(text: str) -> tuple[str, float]:
        line = json.dumps({"id": "x", "qr": text, "certs": [certificate], "at": NOW.isoformat()}).encode()
        begun = time.perf_counter()
        try:
            answer = verify_line(line, now=NOW).reason.partition(":")[0]
        except Exception as fault:  # noqa: BLE001 - whatever escapes is what this script looks for
            answer = f"crash {type(fault).__name__}"
        return answer, time.perf_counter() - begun

    if [ask(text)[0] for text in (fuzz.honest, fuzz.certificate)] != ["valid", "valid"]:
        sys.stdout.write("the honest texts are not accepted; the fuzz proves nothing\n")
        return 1
    answers: Counter[tuple[str, str]] = Counter()
    slowest = 0.0
    for number in range(options.count):
        kind = list(fuzz.kinds)[number % len(fuzz.kinds)]
        answer, seconds = ask(fuzz.kinds[kind]())
        answers[kind, answer] += 1
        slowest = max(slowest, seconds)
    for (kind, answer), count in sorted(answers.items()):
        sys.stdout.write(f"{kind:24} {answer:20} {count:6}\n")
    accepted = sum(count for (_, answer), count in answers.items() if answer == "valid")
    crashed = sum(count for (_, answer), count in answers.items() if answer.startswith("crash"))
    sys.stdout.write(
        f"{options.count} texts, {accepted} accepted, {crashed} crashes, slowest {slowest * 1000:.1f} ms"
        f" (allowed {WITHIN_SECONDS * 1000:.0f})\n"
    )
    return 0 if accepted == crashed == 0 and slowest < WITHIN_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
