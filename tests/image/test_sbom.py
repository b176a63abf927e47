"""What is in the system is told in CycloneDX, and told the same for the same system."""

import json
from pathlib import Path

import pytest

from image.sbom import document, write
from tests.image.roots import good_root


def test_debian_s_and_python_s_packages_stand_in_it(tmp_path: Path) -> None:
    told = document(good_root(tmp_path), "1.2.3")
    assert [(each["name"], each["version"], each["purl"]) for each in told["components"]] == [
        ("python3", "3.13.5-1", "pkg:deb/debian/python3@3.13.5-1?arch=amd64"),
        ("Aio_RTC", "1.16.0", "pkg:pypi/aio-rtc@1.16.0"),
    ]
    assert told["components"][0]["properties"] == [{"name": "debian:source", "value": "python3-defaults"}]
    assert told["components"][1]["licenses"] == [{"expression": "BSD-3-Clause"}]
    assert told["metadata"]["component"]["version"] == "1.2.3"


def test_the_same_system_tells_the_same(tmp_path: Path) -> None:
    root = good_root(tmp_path / "root")
    write(root, tmp_path / "one.json", "1")
    write(root, tmp_path / "two.json", "1")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_every_reference_leads_somewhere_and_none_twice(tmp_path: Path) -> None:
    told = document(good_root(tmp_path), "1")
    known = [each["bom-ref"] for each in told["components"]]
    assert len(set(known)) == len(known)
    assert set(told["dependencies"][0]["dependsOn"]) == set(known)


def test_cyclonedx_s_own_schema_takes_it(tmp_path: Path) -> None:
    validation = pytest.importorskip(
        "cyclonedx.validation.json", reason="not installed: cyclonedx-python-lib[json-validation]"
    )
    schema = pytest.importorskip("cyclonedx.schema")
    judge = validation.JsonStrictValidator(schema.SchemaVersion.V1_6)
    assert judge.validate_str(json.dumps(document(good_root(tmp_path), "1"))) is None
