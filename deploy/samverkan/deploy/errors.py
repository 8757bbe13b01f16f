"""What can go wrong around the system, each told in one sentence that an operator can act on.

DeployError
├── BrokenSetUp      a file that set-up made is missing or altered: run set-up again
├── StartFailed      a process ended or stayed silent; its log is named in the message
├── NoRoom           the disk is full: free some and do the same again
├── NoNetwork        something must be downloaded and cannot be
├── TopicsDiffer     a topic on the broker is not what the catalogue says; nothing was changed
└── MigrationFailed  a migration was refused; the database stays at the one before
"""


class DeployError(Exception):
    """Told to the operator as it is: `str()` is a whole sentence."""


class BrokenSetUp(DeployError):
    pass


class StartFailed(DeployError):
    pass


class NoRoom(DeployError):
    pass


class NoNetwork(DeployError):
    pass


class TopicsDiffer(DeployError):
    pass


class MigrationFailed(DeployError):
    pass
