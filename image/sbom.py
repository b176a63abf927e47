"""What is in the system, for whoever looks after its faults: CycloneDX 1.6 (ECMA-424), written from dpkg's own records
and the Python packages that pip put in.

Written here and not by a tool: the two that are well kept each know one half (cyclonedx-bom: Python, debsbom: Debian),
and neither joins them. The document is judged by CycloneDX's own published schema (tests/image).
"""

import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Iterator
from email.parser import HeaderParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from image.check.packages import Package, installed

SITE: Final = "opt/kiosk/lib/python3*/site-packages/*.dist-info/METADATA"


def write(root: Path, target: Path, version: str) -> None:
    """The document of a built system. The same files make the same document, serial number and all."""
    target.write_text(json.dumps(document(root, version), indent=1) + "\n", encoding="utf-8")


def document(root: Path, version: str) -> dict[str, Any]:
    """The whole of it, as JSON's values."""
    parts = [*_debian(installed(root)), *_python(root)]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).digest()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.UUID(bytes=digest[:16], version=4)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "operating-system",
                "bom-ref": "video-terminal",
                "name": "video-terminal",
                "version": version,
            }
        },
        "components": parts,
        "dependencies": [{"ref": "video-terminal", "dependsOn": sorted(each["bom-ref"] for each in parts)}],
    }


def told(root: Path) -> str:
    """How many parts are listed."""
    parts = [*_debian(installed(root)), *_python(root)]
    python = sum(each["purl"].startswith("pkg:pypi/") for each in parts)
    return f"{len(parts) - python} packages of Debian and {python} of Python in the list of parts"


def faults(root: Path) -> Iterator[str]:
    """One line for each Python package that has no record, so that nobody would learn of its faults."""
    listed = {path.parent.name for path in root.glob(SITE)}
    for site in root.glob("opt/kiosk/lib/python3*/site-packages"):
        yield from (f"not listed: {each.name}" for each in sorted(site.glob("*.dist-info")) if each.name not in listed)


def _debian(packages: Iterable[Package]) -> Iterator[dict[str, Any]]:
    for each in packages:
        source = re.sub(r" \(.*", "", each.source)
        purl = f"pkg:deb/debian/{quote(each.name)}@{quote(each.version, safe='.-~')}?arch={each.architecture}"
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": each.name,
            "version": each.version,
            "purl": purl,
            "properties": [{"name": "debian:source", "value": source}],
        }


def _python(root: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(root.glob(SITE)):
        told = HeaderParser().parsestr(path.read_text(encoding="utf-8"), headersonly=True)
        name, version = str(told["Name"]), str(told["Version"])
        purl = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{quote(version)}"
        part: dict[str, Any] = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
        if told["License-Expression"]:
            part["licenses"] = [{"expression": str(told["License-Expression"])}]
        yield part
