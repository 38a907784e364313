"""A decision table with many rules, by kind and by a band of scores, for the speed of the lookup."""

KINDS = "abcd"


def wide_model(rules: int) -> bytes:
    """Return a DMN file whose one table gives points by kind and score, in bands of equal rules."""
    bands = rules // len(KINDS)
    width = 1000 / max(bands, 1)
    lines = [
        f"<rule><inputEntry><text>{kind!r}</text></inputEntry>".replace("'", '"')
        + f"<inputEntry><text>[{band * width:.1f}..{(band + 1) * width:.1f})</text></inputEntry>"
        + f"<outputEntry><text>{band + 1000 * KINDS.index(kind)}</text></outputEntry></rule>"
        for band in range(bands)
        for kind in KINDS
    ]
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="wide" namespace="urn:motcua:wide">'
        '<inputData id="kind" name="kind"><variable name="kind" typeRef="string"/></inputData>'
        '<inputData id="score" name="score"><variable name="score" typeRef="number"/></inputData>'
        '<decision id="points" name="points"><variable name="points" typeRef="number"/>'
        '<informationRequirement><requiredInput href="#kind"/></informationRequirement>'
        '<informationRequirement><requiredInput href="#score"/></informationRequirement>'
        '<decisionTable hitPolicy="FIRST"><input><inputExpression typeRef="string"><text>kind</text>'
        '</inputExpression></input><input><inputExpression typeRef="number"><text>score</text></inputExpression>'
        '</input><output typeRef="number"/>' + "".join(lines) + "</decisionTable></decision></definitions>"
    ).encode()


def coded_model(rules: int) -> bytes:
    """Return a DMN file whose one table gives points by a code for each rule and a limit on the score."""
    lines = [
        f'<rule><inputEntry><text>"code {at}"</text></inputEntry><inputEntry><text>&lt; {at % 9 * 100 + 50}</text>'
        f"</inputEntry><outputEntry><text>{at}</text></outputEntry></rule>"
        for at in range(rules - 1)
    ]
    lines.append(
        "<rule><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>"
        "<outputEntry><text>0</text></outputEntry></rule>"
    )
    return (
        wide_model(0)
        .replace(b"kind", b"code")
        .replace(b"</decisionTable>", "".join(lines).encode() + b"</decisionTable>")
    )
