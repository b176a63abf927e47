"""The picture that is sent: coded, cut, paced, and as much of it as the line carries."""

from kiosk.media.picture_out.figures import PictureOutFigures
from kiosk.media.picture_out.picture_out import PictureOut

__all__ = ["PictureOut", "PictureOutFigures"]
