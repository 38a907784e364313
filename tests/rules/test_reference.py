"""What docs/reference/rules.md says in code is what happens."""

import re
import subprocess
import sys
from pathlib import Path

from .models import decision as decided
from .models import definitions, input_data, table

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "rules.md"


def test_three_lines_decide_and_explain(tmp_path):
    lines = re.findall(r"```python\n(.*?)```", REFERENCE.read_text(encoding="utf-8"), re.DOTALL)[0]
    body = table(
        ["zone", "doses"],
        [(['"green"', ">= 2"], ['"yes"']), (["-", "-"], ['"no"'])],
        policy="FIRST",
        notes=["vi"],
        annotations=[["Bạn ở vùng xanh và đã tiêm {doses} mũi."], ["Chưa đủ điều kiện."]],
    )
    inputs = input_data("zone", "string") + input_data("doses", "number", "Số mũi tiêm")
    (tmp_path / "pass.dmn").write_text(definitions(inputs + decided("pass", body, "zone", "doses")), "utf-8")
    without_django = "import sys; sys.modules['django'] = None\n"

    printed = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", without_django + lines],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout

    assert len([line for line in lines.splitlines() if line]) == 3
    assert printed.splitlines() == [
        "Bạn ở vùng xanh và đã tiêm 2 mũi.",
        "Kết quả sẽ khác nếu số mũi tiêm là 1 (hiện nay: 2). Khi đó: Chưa đủ điều kiện.",
    ]
