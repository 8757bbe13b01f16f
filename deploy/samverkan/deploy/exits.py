"""What the command's exit codes mean; the numbers are those of sysexits.h where it has one. Standard library only."""

OK = 0
DIFFERENT = 1  # a check, a test or a comparison said no
USAGE = 2
NOTHING_RUNS = 3
NO_NETWORK = 69
FAILED = 70
NO_ROOM = 74
ALREADY_RUNS = 75
WRONG_PYTHON = 78
INTERRUPTED = 130
