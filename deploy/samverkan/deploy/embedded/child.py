"""Becomes another program that dies with its parent: `python -I -S child.py PARENT SIGNAL USER PROGRAM ARGUMENT...`.

A program of its own and not a preexec_fn, which may deadlock in a parent that has threads. Standard library only.
USER is "-" for whoever runs this. Exits with 127 if the parent is already gone.
"""

import ctypes
import os
import pwd
import resource
import sys

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def main() -> None:
    parent, death_signal, user, *argv = sys.argv[1:]
    _raise_file_limit()
    if user != "-":
        _become(user)
    if sys.platform == "linux":
        # After the change of user, which clears it.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != int(parent):  # it died before we asked to be told
            raise SystemExit(127)
    os.execv(argv[0], argv)


def _raise_file_limit() -> None:
    """A broker holds three files a segment open; the usual soft limit of 1024 is soon reached."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _become(name: str) -> None:
    """Give up root for `name`, who keeps one right: to reach files in folders closed to others.

    PostgreSQL refuses to run as root, yet root's checkouts and temporary folders are closed to everybody else,
    and opening those folders to everybody would be worse than this.
    """
    entry = pwd.getpwnam(name)
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if libc:
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    if libc:
        mask = 1 << CAP_DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)  # effective, permitted, inheritable; low, high word
        # Where a container withholds the right, PostgreSQL itself says which folder it cannot reach.
        if libc.capset(header, sets) == 0:
            libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


if __name__ == "__main__":
    main()
