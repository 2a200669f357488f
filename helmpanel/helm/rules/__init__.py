"""What helm's words mean: one ordered table, data only. The first rule that fits wins, so what is specific stands above what wraps it.

Written from helm's source (3.14 to 4.3), client-go's and the API server's words, and checked on the recorded failures in tests/data.
"""

from helmpanel.helm.rules.access import CREDENTIALS, KUBECONFIG, RIGHTS
from helmpanel.helm.rules.chart import RENDERING, SOURCES, VALUES
from helmpanel.helm.rules.ending import READINESS, REST, STOPPED
from helmpanel.helm.rules.objects import OBJECTS
from helmpanel.helm.rules.reach import REACH
from helmpanel.helm.rules.releases import RELEASES
from helmpanel.helm.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    # Whatever was going on when it was told to stop is no cause.
    *STOPPED,
    # helm wraps "cluster unreachable" around a wrong kubeconfig and refused credentials.
    *KUBECONFIG,
    # A registry's 401 is no matter of the cluster's credentials, its silence none of the cluster's reach.
    *SOURCES,
    *CREDENTIALS,
    *RIGHTS,
    *RELEASES,
    *OBJECTS,
    *VALUES,
    *RENDERING,
    *REACH,
    # A hook that timed out is a hook that failed; a wait that names a resource is no mere timeout.
    *READINESS,
    *REST,
)

__all__ = ["RULES", "Rule"]
