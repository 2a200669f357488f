"""Objects that are not ours to change, or not changeable."""

from __future__ import annotations

from helmpanel.errors import FailureKind as K
from helmpanel.helm.rules.rule import rule

_ADOPT = "Delete or rename it, or give it to this release with Helm's label and annotations."
_KEEP = "Keep the old value, or delete that object (what it holds may be lost) and upgrade again."

OBJECTS = (
    rule(
        K.OWNERSHIP,
        r"(?P<kind>\w+) (?P<name>\S+) in namespace (?P<where>\S*) ?exists and cannot be imported into the current release",
        says="{kind} {name} in namespace {where} exists already and belongs to something else",
        advice=_ADOPT,
    ),
    rule(
        K.OWNERSHIP,
        r"invalid ownership metadata|cannot be imported into the current release|contain a resource that already exists|\w+ \S+ already exists",
        says="an object exists already and belongs to something else: {said}",
        advice=_ADOPT,
    ),
    rule(
        K.CONFLICT,
        r"apply failed with \d+ conflicts?: conflicts? with (?P<manager>\S+) .*?(?<=\s)(?P<field>\.\S+)",
        says="{field} was set by {manager}, which owns it now",
        advice="Put the value wanted into the values and let the other side drop it, or upgrade with helm and --force-conflicts.",
    ),
    rule(
        K.CONFLICT,
        r"apply failed with \d+ conflict|conflict occurred while applying|FieldManagerConflict|the object has been modified; please apply your changes",
        r"conflicts? with \S+(?: with subresource \S+)? using \S+:",
        says="something else changed the same objects: {said}",
        advice="See who manages them (`kubectl get --show-managed-fields`), then try again.",
    ),
    rule(
        K.IMMUTABLE_FIELD,
        r"(?P<kind>[\w.]+) (?P<name>\S+) is invalid: \[?(?P<field>[a-z][\w.\[\]]*): .*?(?:field is immutable|may not (?:be )?change)",
        says="{field} of {kind} {name} cannot be changed once it exists",
        advice=_KEEP,
    ),
    rule(
        K.IMMUTABLE_FIELD,
        r"field is immutable|is immutable after|immutable field|may not be changed|may not change once set|updates? .*may not change fields",
        r"forbidden: updates to \S+ spec|cannot change roleRef|field can ?(?:not|.t) be less than previous value",
        says="a field cannot be changed once its object exists: {said}",
        advice=_KEEP,
    ),
)
