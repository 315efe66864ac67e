"""`make foreign`: show what leaves us to other people's programs (外部程序).

Certificates go to verifiers, questions to players and readers of their formats, people sign in by a
provider; `make foreign PARTS=questions` shows those alone.
"""

from __future__ import annotations

import argparse
import sys

from load_tests.foreign import certificates, questions, sign_in

PARTS = {
    "certificates": certificates.check,
    "questions": questions.check,
    "sign_in": sign_in.check,
}


def main() -> int:
    """Run the parts that are asked for, all where none is; return 1 where somebody differs."""
    parser = argparse.ArgumentParser(prog="python -m load_tests.foreign", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="of: " + ", ".join(PARTS))
    wrong = [line for name in parser.parse_args().parts or PARTS for line in PARTS[name]()]
    print("\n".join(wrong))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
