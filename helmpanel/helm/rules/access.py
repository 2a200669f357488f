"""Getting to the cluster as somebody: kubeconfig, credentials, rights."""

from __future__ import annotations

from helmpanel.errors import FailureKind as K
from helmpanel.helm.rules.rule import CHECK_KUBECONFIG, rule

_RIGHTS = "Ask whoever runs the cluster for that right, or use a context that has it."
_USER = r"forbidden: user (?P<user>.+?) cannot (?P<verb>\S+) (?:resource (?P<resource>\S+)(?: in API group(?: (?!in the|at the)\S+)?)?|path (?P<path>\S+))"

KUBECONFIG = (
    rule(
        K.KUBECONFIG_INVALID,
        r"context (?P<name>.+?) does not exist",
        r"context was not found for specified context: (?P<other>\S+)",
        says="the kubeconfig has no context {name}{other}",
        advice="Choose one it has (`kubectl config get-contexts` lists them), or name another kubeconfig.",
    ),
    rule(
        K.KUBECONFIG_INVALID,
        r"error loading config file (?P<file>.+?): (?P<why>.*)",
        says="the kubeconfig {file} cannot be used: {why}",
        advice=CHECK_KUBECONFIG,
    ),
    rule(
        K.KUBECONFIG_INVALID,
        r"unreachable: (?:stat|open|read) (?P<file>.+?): (?P<why>.*)",
        says="the kubeconfig {file} cannot be read: {why}",
        advice=CHECK_KUBECONFIG,
    ),
    # client-go's address when there is no configuration, an empty one, or a context whose cluster is not in the file (seen for all three).
    rule(K.KUBECONFIG_INVALID, r"api:http://localhost:8080/", says="helm found no kubeconfig, or one without a cluster", advice=CHECK_KUBECONFIG),
    rule(
        K.KUBECONFIG_INVALID,
        r"exec: executable (?P<name>.+?) not found",
        r"credentials: exec: (?:fork/exec )?(?P<other>\S+): (?:executable file not found|no such file|permission denied)",
        says="the login program {name}{other} that the kubeconfig names is not installed here",
        advice="Install it where helmpanel runs, or use a context that logs in another way.",
    ),
    rule(
        K.KUBECONFIG_INVALID,
        r"exec plugin: invalid apiVersion|auth plugin has been removed|no auth provider found",
        r"invalid configuration:|no configuration has been provided|specifying a root certificates file with the insecure flag|host must be a URL",
        r"unable to read (?:client-cert|client-key|certificate-authority)|unable to load root certificates|failed to find any PEM data",
        r"private key does not match|unreachable: .*(?:illegal base64|missing protocol scheme|invalid (?:port|control character|character)|parse \S+://)",
        says="the kubeconfig cannot be used: {said}",
        advice=CHECK_KUBECONFIG,
    ),
)

CREDENTIALS = (
    rule(
        K.UNAUTHORIZED,
        r"getting credentials: exec: (?:executable )?(?P<name>\S+) failed",
        says="the login program {name} failed",
        advice="Run it by hand to see what it says, log in, then try again.",
    ),
    rule(
        K.UNAUTHORIZED,
        r"asked for the client to provide credentials|getting credentials:|(?:^|: )(?-i:Unauthorized)\W*(?:$|:)|must be logged in to the server",
        r"invalid bearer token|token (?:has |is )?expired|expired token|oauth2: |failed to refresh token|invalid_grant|\bAADSTS\d|no valid id[- ]token",
        r"remote error: tls: (?:bad|expired|revoked|unknown|unsupported)? ?certificate",
        says="the cluster does not accept the credentials",
        advice="Log in to the cluster again (with your cloud's or cluster's login command), then try again.",
    ),
)

RIGHTS = (
    rule(
        K.NAMESPACE_MISSING,
        r"unable to create new content in namespace (?P<name>\S+) because it is being terminated",
        says="namespace {name} is being deleted",
        advice="Wait until it is gone, or use another namespace.",
    ),
    rule(K.FORBIDDEN, _USER + r" in the namespace (?P<where>[^\s\],;]+)", says="{user} may not {verb} {resource}{path} in namespace {where}", advice=_RIGHTS),
    rule(K.FORBIDDEN, _USER, says="{user} may not {verb} {resource}{path} in the whole cluster", advice=_RIGHTS),
    rule(
        K.FORBIDDEN,
        r"is forbidden: .*?exceeded quota: (?P<quota>[^,]+)",
        says="it would exceed the quota {quota}",
        advice="Ask for a larger quota, or make room.",
    ),
    rule(
        K.FORBIDDEN,
        r"admission webhook (?P<name>\S+) denied the request",
        r"forbidden: ValidatingAdmissionPolicy (?P<other>\S+)",
        says="the cluster's policy {name}{other} refuses it: {said}",
        advice="Change the values so that the policy allows it, or ask whoever runs the cluster.",
    ),
    rule(
        K.FORBIDDEN,
        r"\bis forbidden: |\bforbidden: (?:violates|error looking up)|attempting to grant RBAC permissions",
        says="the cluster forbids it: {said}",
        advice=_RIGHTS,
    ),
)
