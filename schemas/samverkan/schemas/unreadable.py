"""The family of errors that reading a record may raise."""


class Unreadable(ValueError):
    """Base of EnvelopeInvalid, Undecodable and RecordRefused. `code` is stable; the message repeats nothing it read.

    The same bytes fail again until the reader is upgraded: set the record's stream aside and go on with the others.
    """

    code: str
