"""The app that the export is measured on: it runs, and apiver reads nearly all of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
ASK = """
import json, sys
sys.path[:0] = [sys.argv[1], sys.argv[2]]
import large_app as generator
from pathlib import Path
loads = generator.write(Path(sys.argv[2]), 60, "made_app")
import apiver
from apiver.contract.validate import problems
from apiver.reading.account import account
from made_app import create_app
app = create_app()
with app.app_context():
    from made_app.database import db
    db.create_all()
rules = [str(rule) for rule in app.url_map.iter_rules() if "GET" in rule.methods]
paths = [rule.replace("<int:number>", "1").replace("<int:note>", "1") for rule in rules]
document = apiver.export(apiver.inspect(apiver.load_app(loads)), "v1")
told = account(document)
print(json.dumps({"problems": problems(document.root),
    "operations": told.operations, "answered": told.answered,
    "statuses": sorted({app.test_client().get(path).status_code for path in paths if "<" not in path})}))
"""


def test_it_has_the_routes_that_were_asked_for_and_can_be_read(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ASK, str(BENCHMARKS), str(tmp_path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == {
        "problems": [],
        "operations": 60,
        "answered": 60,
        "statuses": [200, 400, 401, 404],
    }
