"""A broker with one listener for each client, advertised as the link that leads to it."""

from collections.abc import Mapping

from samverkan.deploy.embedded.ports import HOST

Listeners = dict[str, tuple[int, int]]
"""By client: the port of the broker's listener, and that of the link to it. `peers` are the other brokers."""


def kafka_settings(direct: int, controller: int, listeners: Mapping[str, tuple[int, int]]) -> dict[str, str]:
    """What the broker's properties need besides. `direct`: the port of those that look on, past every link."""
    named = {_name(client): ports for client, ports in listeners.items()}
    own = {"PLAINTEXT": (direct, direct), **named}
    return {
        "listeners": ",".join(
            [*(f"{name}://{HOST}:{port}" for name, (port, _) in own.items()), f"CONTROLLER://{HOST}:{controller}"]
        ),
        "advertised.listeners": ",".join(f"{name}://{HOST}:{link}" for name, (_, link) in own.items()),
        "listener.security.protocol.map": ",".join(f"{name}:PLAINTEXT" for name in [*own, "CONTROLLER"]),
        "inter.broker.listener.name": _name("peers"),
        "num.network.threads": "1",  # of each listener: the default 3 would be forty threads for two clients each
        "log.segment.bytes": str(64 * 1024 * 1024),
    }


def _name(client: str) -> str:
    return client.upper().replace(".", "_")
