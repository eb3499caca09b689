"""Two students at a test module's hub, for what one may know of the other."""

import pytest

from tests.helpers import hub


@pytest.fixture(scope="module")
def two(address):
    found = [hub.Student(address, name) for name in ("ada", "karl")]
    for student in found:
        student.start()
    return found
