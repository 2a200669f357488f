"""One context seen as one identity: the object everything else hangs on, usable with no screen."""

from helmpanel.charts.matching import Choices as ChartChoices
from helmpanel.cluster.cluster import Cluster, connect
from helmpanel.model.preview import ObjectGroup, UninstallPreview

__all__ = ["ChartChoices", "Cluster", "ObjectGroup", "UninstallPreview", "connect"]
