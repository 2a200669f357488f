"""Where an operation is, read from the lines helm writes. Pure: a course and a line in, a course out.

helm runs with HELM_DEBUG, which makes both majors say what they do while they do it (seen with 3.19.0 and 4.3.1):

    Helm 3   wait.go:50: 2026-11-22 23:54:18 ... [debug] beginning wait for 3 resources with timeout of 1m0s
    Helm 4   level=DEBUG msg="waiting for resources" count=3 timeout=1m0s

Lines that say nothing known leave the course as it is: a newer helm then shows less, never something untrue.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from helmpanel.model.operation import Phase

UNKNOWN = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is known of a running helm command."""

    phase: Phase = Phase.STARTING
    message: str = "Starting helm"
    progress: int = UNKNOWN
    """Percent of resources ready. helm says which resource it waits for, not how many are left, so this is unknown until all are."""
    is_applied: bool = False
    """The resources were sent: what is waited for from here on is the release itself, before it was hooks."""


def advance(course: Course, line: str) -> Course:
    """The course after one more line. A cancelled operation stays in that phase, whatever helm still says."""
    said = _said(line)
    if said is None:
        return course
    for pattern, move in _MOVES:
        match = pattern.search(said)
        if match is not None:
            return move(course, {name: value for name, value in match.groupdict().items() if value is not None})
    return course


def shown(line: str) -> str:
    """A line as people should read it: what debug lines say, without the frame around it. The file keeps the line as it came."""
    debug = _DEBUG3.match(line)
    if debug is not None:
        return line[debug.end() :]
    said = _DEBUG4.fullmatch(line)
    if said is None:
        return line
    message = said["word"] or said["message"].replace('\\"', '"')
    return f"{message}{said['fields']}"


def is_trace(line: str) -> bool:
    """Whether Helm 3 begins to repeat its error with a stack trace of its own source: nothing from here on is for the reader."""
    return _TRACE.match(line) is not None


_TRACE = re.compile(r"helm\.go:\d+: .*?\[debug\] ")
_DEBUG4 = re.compile(r'level=DEBUG msg=(?:"(?P<message>(?:[^"\\]|\\.)*)"|(?P<word>[^\s"]+))(?P<fields>.*)')
_DEBUG3 = re.compile(r"[\w.-]+\.go:\d+: .*?\[debug\] ?")


def _said(line: str) -> str | None:
    """The statement of a debug line; None for all other lines (chart notes may hold the same words)."""
    if line.startswith("level="):
        return line
    match = _DEBUG3.match(line)
    return line[match.end() :] if match else None


Move = Callable[[Course, dict[str, str]], Course]


def _running(message: str) -> Move:
    return lambda course, found: replace(course, phase=Phase.RUNNING, message=message.format(**found), progress=UNKNOWN)


def _waiting(message: str) -> Move:
    return lambda course, found: replace(course, phase=Phase.WAITING, message=message.format(**found), progress=UNKNOWN)


def _applying(course: Course, found: dict[str, str]) -> Course:
    n = int(found["n"])
    return replace(course, phase=Phase.RUNNING, message=f"Applying {n} resource{'' if n == 1 else 's'}", progress=UNKNOWN, is_applied=True)


def _counted(course: Course, found: dict[str, str]) -> Course:
    n = int(found["n"])
    going = " to go" if found.get("going") else ""
    return replace(course, phase=Phase.WAITING, message=f"Waiting for {n} resource{'' if n == 1 else 's'}{going}", progress=UNKNOWN)


def _not_ready(course: Course, found: dict[str, str]) -> Course:
    why = _PODS.sub(r"\1 of \2 pods are ready", found.get("why", "").strip())
    message = f"Waiting for {found['kind']} {found['name']}"
    return replace(course, phase=Phase.WAITING, message=f"{message}: {why}" if why else message, progress=UNKNOWN)


def _watched(course: Course, found: dict[str, str]) -> Course:
    verb = "to go" if found["expected"] == "NotFound" else "to be ready"
    return replace(course, phase=Phase.WAITING, message=f"Waiting for {found['kind']} {found['name']} {verb}", progress=UNKNOWN)


def _all_ready(course: Course, found: dict[str, str]) -> Course:
    if not course.is_applied:
        return replace(course, phase=Phase.RUNNING, message="A hook ended", progress=UNKNOWN)
    return replace(course, phase=Phase.RUNNING, message="All resources are ready", progress=100)


_PODS = re.compile(r"(\d+) out of (\d+) (?:expected )?pods (?:are|have been) (?:ready|updated|scheduled)")

# The first match counts. Left of the bar Helm 3, right of it Helm 4, where the two differ.
_MOVES: tuple[tuple[re.Pattern[str], Move], ...] = tuple(
    (re.compile(pattern), move)
    for pattern, move in (
        (r"Upgrade failed and (?:atomic|rollback-on-failure) is set", _running("The upgrade failed: rolling back to the last good revision")),
        (r"(?:preparing upgrade for|msg=\"preparing upgrade\")", _running("Reading the release and the chart")),
        (r"(?:preparing rollback of|msg=\"preparing rollback\")", _running("Reading the revisions")),
        (r"creating (?:upgraded|rolled back) release", _running("Storing the new revision")),
        (r"checking (?P<n>\d+) resources for changes", _applying),
        (r"msg=\"checking resources for changes\".* resources=(?P<n>\d+)", _applying),
        (r"^Patch (?P<kind>\S+) \"(?P<name>[^\"]+)\" in namespace", _running("Changed {kind} {name}")),
        (r"^Created a new (?P<kind>\S+) called \"(?P<name>[^\"]+)\"", _running("Created {kind} {name}")),
        (r"msg=\"Patched resource\".* name=(?P<name>\S+) gvk=\"[^\"]*Kind=(?P<kind>[^\"]+)\"", _running("Changed {kind} {name}")),
        (r"^Watching for changes to (?P<kind>\S+) (?P<name>\S+) with timeout", _waiting("Waiting for the hook {kind} {name}")),
        (r"beginning wait for (?P<n>\d+) resources(?P<going> to be deleted)?", _counted),
        (r"msg=\"waiting for resources\" count=(?P<n>\d+)", _counted),
        (r"^(?P<kind>[A-Z]\w+) is not (?:ready|bound|completed): (?:[^/\s]+/)?(?P<name>[^\s.]\S*?)(?:\. (?P<why>.*)|\.?$)", _not_ready),
        (r"msg=\"waiting for resource\".* name=(?P<name>\S+) kind=(?P<kind>\S+) expectedStatus=(?P<expected>\S+)", _watched),
        (r"wait for resources succeeded|msg=\"all resources achieved desired status\" desiredStatus=Current", _all_ready),
        (r"updating status for (?:upgraded|rolled back) release", lambda course, found: replace(course, message="Marking the revision as deployed")),
        (r"uninstall: [Dd]eleting", _running("Reading the release")),
        (r"^Starting delete for \"(?P<name>[^\"]+)\" (?P<kind>\S+)", _running("Deleting {kind} {name}")),
        (r"msg=\"starting delete resource\".* name=(?P<name>\S+) kind=(?P<kind>\S+)", _running("Deleting {kind} {name}")),
        (r"purge requested", _running("Removing the stored revisions")),
    )
)
