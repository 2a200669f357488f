"""The API server did not answer. An operation's own deadline is no sign of that."""

from __future__ import annotations

from helmpanel.errors import FailureKind as K
from helmpanel.helm.rules.rule import CHECK_KUBECONFIG, NO_ANSWER, rule

REACH = (
    # No kind of its own: the API server did answer, something it asks did not.
    rule(
        K.UNKNOWN,
        r"failed calling webhook (?P<name>[^\s:]+)",
        says="the cluster's admission webhook {name} does not answer",
        advice="Tell whoever runs the cluster; then try again.",
    ),
    # Nor here: with HELM_DRIVER=sql helm does not come as far as the API server.
    rule(
        K.UNKNOWN,
        r"unable to instantiate SQL driver: (?P<why>.{1,200})",
        says="the database that helm keeps its releases in cannot be used: {why}",
        advice="Check HELM_DRIVER_SQL_CONNECTION_STRING and that the database answers, then try again.",
    ),
    rule(
        K.UNREACHABLE,
        r"x509: |tls: failed to verify|certificate signed by unknown authority",
        says="the API server's certificate is not trusted",
        advice=CHECK_KUBECONFIG,
    ),
    rule(
        K.UNREACHABLE,
        r"cluster unreachable",
        rf"api:https?://.{{0,500}}?(?:{NO_ANSWER})",
        rf"\bdial (?:tcp|udp|unix)\b.{{0,500}}?(?:{NO_ANSWER})",
        r"TLS handshake timeout|connection reset by peer|client connection lost|unexpected EOF|no route to host|http2: |broken pipe|i/o timeout",
        r"connection to the server \S+ was refused|Client\.Timeout exceeded",
        r"couldn.t get (?:current server|resource list)|could not get (?:apiVersions|server version)",
        # it answered, but only to say that it cannot
        r"etcdserver: |apiserver not ready|not yet ready to serve|currently unable to handle the request|unable to return a response in the time allotted",
        r"too many requests",
        says="the API server does not answer: {said}",
        advice="Check the network or VPN and the address in the kubeconfig, then try again.",
    ),
)
