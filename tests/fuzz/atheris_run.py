"""`python -m tests.fuzz.atheris_run TARGET CORPUS [-OPTION=...]`: one target under atheris, until libFuzzer ends it.
The only importer of atheris; what it is to see must be imported here and not before."""

import sys

import atheris

with atheris.instrument_imports(include=["eslbot", "websockets", "tomllib"], enable_loader_override=False):
    from tests.fuzz.targets import target

    one = target(sys.argv[1]).one


def main() -> None:
    """Never returns."""
    atheris.Setup([sys.argv[0], *sys.argv[2:]], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
