"""Which reason counts when there are several. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from helmpanel.text import cut

LONGEST = 80
"""Characters of a reason that are kept; Kubernetes' own are shorter."""

IMAGE = ("ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError", "RegistryUnavailable", "SignatureValidationFailed")
CRASH = ("CrashLoopBackOff", "OOMKilled", "Error", "StartError", "ContainerCannotRun", "RunContainerError", "PostStartHookError")
CONFIG = ("CreateContainerConfigError", "CreateContainerError", "PreCreateHookError")
FAILED_JOB = ("BackoffLimitExceeded", "DeadlineExceeded", "PodFailurePolicy", "FailedIndexes", "MaxFailedIndexesExceeded")
DEADLINE = ("ProgressDeadlineExceeded",)

_RANKS = {reason: rank for rank, reason in enumerate((*IMAGE, *CRASH, *CONFIG, *FAILED_JOB, *DEADLINE))}


def worst(reasons: Iterable[str]) -> str:
    """The reason that says most about what to do, the same one whatever their order; empty for none."""
    return min((reason for reason in reasons if reason), key=lambda reason: (_RANKS.get(reason, len(_RANKS)), reason), default="")


def kept(reason: object, otherwise: str = "") -> str:
    """A reason as a cluster gives it, cut; `otherwise` when it is none."""
    return cut(reason, LONGEST) if isinstance(reason, str) and reason else otherwise
