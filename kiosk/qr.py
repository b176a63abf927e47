"""QR codes to be shown or printed, as squares; drawing them is the caller's."""

import numpy as np
import zxingcpp
from numpy.typing import NDArray


def modules(text: str) -> NDArray[np.bool_]:
    """The dark squares, without the quiet zone of four squares that belongs around them. Error correction M."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return np.asarray(barcode.to_image(scale=1, add_quiet_zones=False)) < 128
