"""How much the line carries, by what the far end tells of each packet."""

from kiosk.media.congestion.line import LineRate
from kiosk.media.congestion.probing import Probe
from kiosk.media.congestion.rate import START_BPS, Rate, Report, Rtts

__all__ = ["START_BPS", "LineRate", "Probe", "Rate", "Report", "Rtts"]
