"""Progress is read from helm's own words, and nothing is invented."""

import pytest

from helmpanel.model.operation import Phase
from helmpanel.operations.states import UNKNOWN, Course, advance, shown

STAMP = "2026-11-22 23:54:18.315476204 +0000 UTC m=+0.092106267 [debug] "
HELM3 = f"""\
upgrade.go:164: {STAMP}preparing upgrade for b
upgrade.go:172: {STAMP}performing update for b
upgrade.go:375: {STAMP}creating upgraded release for b
client.go:388: {STAMP}checking 3 resources for changes
client.go:725: {STAMP}Looks like there are no changes for Service "b-demo"
client.go:734: {STAMP}Patch Deployment "b-demo" in namespace default
wait.go:50: {STAMP}beginning wait for 3 resources with timeout of 1m0s
ready.go:303: {STAMP}Deployment is not ready: default/b-demo. 1 out of 2 expected pods are ready
wait.go:87: {STAMP}wait for resources succeeded within 2s
upgrade.go:180: {STAMP}updating status for upgraded release for b
"""
HELM4 = """\
level=DEBUG msg="preparing upgrade" name=a
level=DEBUG msg="getting last revision" name=a
level=DEBUG msg="creating upgraded release" name=a
level=DEBUG msg="checking resources for changes" resources=3
level=DEBUG msg="Patched resource" namespace=default name=a-demo gvk="apps/v1, Kind=Deployment"
level=DEBUG msg="waiting for resources" count=3 timeout=1m0s
level=DEBUG msg="waiting for resource" namespace=default name=a-demo kind=Deployment expectedStatus=Current actualStatus=InProgress
level=DEBUG msg="all resources achieved desired status" desiredStatus=Current resourceCount=3
level=DEBUG msg="updating status for upgraded release" name=a
"""


def courses(text):
    course, seen = Course(), []
    for line in text.splitlines():
        course = advance(course, line)
        if not seen or seen[-1] != course:
            seen.append(course)
    return seen


def test_helm3_upgrade_is_followed_step_by_step():
    assert [(c.phase, c.message, c.progress) for c in courses(HELM3)] == [
        (Phase.RUNNING, "Reading the release and the chart", UNKNOWN),
        (Phase.RUNNING, "Storing the new revision", UNKNOWN),
        (Phase.RUNNING, "Applying 3 resources", UNKNOWN),
        (Phase.RUNNING, "Changed Deployment b-demo", UNKNOWN),
        (Phase.WAITING, "Waiting for 3 resources", UNKNOWN),
        (Phase.WAITING, "Waiting for Deployment b-demo: 1 of 2 pods are ready", UNKNOWN),
        (Phase.RUNNING, "All resources are ready", 100),
        (Phase.RUNNING, "Marking the revision as deployed", 100),
    ]


def test_helm4_upgrade_is_followed_step_by_step():
    assert [(c.phase, c.message, c.progress) for c in courses(HELM4)] == [
        (Phase.RUNNING, "Reading the release and the chart", UNKNOWN),
        (Phase.RUNNING, "Storing the new revision", UNKNOWN),
        (Phase.RUNNING, "Applying 3 resources", UNKNOWN),
        (Phase.RUNNING, "Changed Deployment a-demo", UNKNOWN),
        (Phase.WAITING, "Waiting for 3 resources", UNKNOWN),
        (Phase.WAITING, "Waiting for Deployment a-demo to be ready", UNKNOWN),
        (Phase.RUNNING, "All resources are ready", 100),
        (Phase.RUNNING, "Marking the revision as deployed", 100),
    ]


@pytest.mark.parametrize(
    ("line", "phase", "message"),
    [
        (f'client.go:506: {STAMP}Starting delete for "b-demo" Service', Phase.RUNNING, "Deleting Service b-demo"),
        ('level=DEBUG msg="starting delete resource" namespace=default name=a-demo kind=Service', Phase.RUNNING, "Deleting Service a-demo"),
        (f"wait.go:120: {STAMP}beginning wait for 1 resources to be deleted with timeout of 5m0s", Phase.WAITING, "Waiting for 1 resource to go"),
        (f"uninstall.go:155: {STAMP}purge requested for b", Phase.RUNNING, "Removing the stored revisions"),
        ('level=DEBUG msg="purge requested" release=a', Phase.RUNNING, "Removing the stored revisions"),
        (f"rollback.go:65: {STAMP}preparing rollback of b", Phase.RUNNING, "Reading the revisions"),
        ('level=DEBUG msg="preparing rollback" name=b', Phase.RUNNING, "Reading the revisions"),
        (f"client.go:780: {STAMP}Watching for changes to Job migrate with timeout of 5m0s", Phase.WAITING, "Waiting for the hook Job migrate"),
        (
            f"upgrade.go:499: {STAMP}Upgrade failed and atomic is set, rolling back to last successful release",
            Phase.RUNNING,
            "The upgrade failed: rolling back to the last good revision",
        ),
        (
            'level=DEBUG msg="Upgrade failed and rollback-on-failure is set, rolling back to previous successful release"',
            Phase.RUNNING,
            "The upgrade failed: rolling back to the last good revision",
        ),
        (
            'level=DEBUG msg="waiting for resource" namespace=d name=w kind=Deployment expectedStatus=NotFound actualStatus=Terminating',
            Phase.WAITING,
            "Waiting for Deployment w to go",
        ),
    ],
)
def test_other_commands_and_turns_have_words_too(line, phase, message):
    course = advance(Course(), line)
    assert (course.phase, course.message, course.progress) == (phase, message, UNKNOWN)


def test_hook_that_is_ready_does_not_count_as_the_release():
    before = advance(Course(), 'level=DEBUG msg="all resources achieved desired status" desiredStatus=Current resourceCount=1')
    assert before.progress == UNKNOWN


@pytest.mark.parametrize("line", ["", "wait for resources succeeded within 2s", 'NOTES: msg="purge requested"', 'level=DEBUG msg="something new"', "\x00"])
def test_unknown_lines_and_a_charts_own_words_change_nothing(line):
    course = Course(phase=Phase.WAITING, message="Waiting for 3 resources")
    assert advance(course, line) == course


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (f"wait.go:50: {STAMP}beginning wait for 3 resources with timeout of 1m0s", "beginning wait for 3 resources with timeout of 1m0s"),
        ('level=DEBUG msg="waiting for resources" count=3 timeout=1m0s', "waiting for resources count=3 timeout=1m0s"),
        ('level=DEBUG msg="no \\"quoted\\" end" name=a', 'no "quoted" end name=a'),
        ("level=DEBUG msg=short", "short"),
        ('level=WARN msg="upgrade failed" name=a', 'level=WARN msg="upgrade failed" name=a'),
        ("Error: UPGRADE FAILED: nope", "Error: UPGRADE FAILED: nope"),
    ],
)
def test_debug_lines_are_shown_without_their_frame(line, text):
    assert shown(line) == text
