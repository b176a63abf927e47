"""The screen process. Started by the terminal, never by hand: it needs the terminal's end of the wire."""

import argparse
import sys

from kiosk import heap, logs


def main() -> int:
    """Show what the terminal says until it ends."""
    parser = argparse.ArgumentParser(prog="kiosk.ui", description="The screen process; the terminal starts it.")
    parser.add_argument("--link", type=int, required=True, metavar="FD", help="inherited descriptor of the wire")
    descriptor = parser.parse_args().link
    logs.start()
    heap.settle()

    # Each import waits for what stands before it: Kivy reads its surroundings as it is imported.
    from kiosk.ui import kivy_env  # noqa: PLC0415

    kivy_env.load()
    from kiosk.ui.link import Link  # noqa: PLC0415
    from kiosk.ui.nursery import Nursery  # noqa: PLC0415

    try:
        nursery = Nursery(descriptor)
    except (EOFError, OSError) as error:
        parser.error(f"no terminal at the other end: {error}")
    # Everything that needs no window comes before the waiting, so that every screen has it behind it.
    from kiosk.ui.stage import setting_of  # noqa: PLC0415

    hello = nursery.hello
    setting = setting_of(hello)
    wire = nursery.wait()
    if wire is None:
        return 0
    link = Link(wire)
    kivy_env.arrange(hello.width, hello.height, hello.offscreen)
    from kiosk.ui.app import ScreenApp  # noqa: PLC0415

    ScreenApp(link, hello, setting).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
