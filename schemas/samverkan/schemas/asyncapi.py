"""The AsyncAPI 3 document: who sends what on which topic, who receives it, and what a record looks like."""

from collections.abc import Iterator
from inspect import getdoc
from typing import Any

from samverkan.schemas.attributes import ATTRIBUTES
from samverkan.schemas.catalogue import AGENCIES, MAY_SEE, TOPICS, Topic
from samverkan.schemas.event import Compartment, Event

Document = dict[str, Any]


def asyncapi() -> Document:
    """The document, as `schemas/asyncapi.yaml` holds it. Operations are seen from the application that is named."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Samverkan",
            "version": "1.0.0",
            "description": "What agencies that help the same person tell one another. CloudEvents 1.0 in Kafka's"
            " binary content mode. How to read: schemas/README.md and docs/subscribe.md.",
            "license": {"name": "EUPL-1.2"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {
                "host": "{host}:{port}",
                "protocol": "kafka-secure",
                "description": "TLS with SCRAM; the operator gives out address, user and topic rights.",
                "variables": {"host": {"default": "kafka.example"}, "port": {"default": "9093"}},
            }
        },
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": dict(_operations()),
        "components": {
            "messages": {_name(event): _message(event) for topic in TOPICS for event in topic.events},
            "schemas": {"envelope": _headers()},
        },
    }


def _channel(topic: Topic) -> Document:
    return {
        "address": topic.name,
        "description": f"Published by {topic.owner} alone (source {topic.source}); keyed by stream; kept for ever.",
        "messages": {_name(event): {"$ref": f"#/components/messages/{_name(event)}"} for event in topic.events},
        "bindings": {"kafka": {"topic": topic.name, "partitions": topic.partitions, "bindingVersion": "0.5.0"}},
    }


def _operations() -> Iterator[tuple[str, Document]]:
    for topic in TOPICS:
        channel = f"#/channels/{topic.name}"
        yield f"{topic.owner}.sends.{topic.name}", {"action": "send", "channel": {"$ref": channel}}
        for receiver in topic.receivers:
            operation: Document = {"action": "receive", "channel": {"$ref": channel}}
            compartments = {f"agency.{agency.code}": MAY_SEE[agency.role] for agency in AGENCIES}.get(receiver)
            if compartments is not None:
                operation["x-may-see"] = [member.value for member in Compartment if member in compartments]
            yield f"{receiver}.receives.{topic.name}", operation


def _message(event: type[Event]) -> Document:
    return {
        "name": event.wire_type(),
        "title": event.__name__,
        "summary": (getdoc(event) or "").splitlines()[0],
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/envelope"},
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"samverkan/schemas/json/{_name(event)}.json"},
        },
        "bindings": {"kafka": {"key": {"type": "string", "format": "uuid"}, "bindingVersion": "0.5.0"}},
        "x-sample": f"samverkan/schemas/samples/{_name(event)}.json",
    }


def _headers() -> Document:
    return {
        "type": "object",
        "description": "The CloudEvents attributes; other attributes may be there and are passed on.",
        "properties": {
            **{f"ce_{entry.name}": {**entry.form, "description": entry.means} for entry in ATTRIBUTES},
            "content-type": {"type": "string", "const": "application/json"},
        },
        "required": [f"ce_{entry.name}" for entry in ATTRIBUTES if entry.required],
    }


def _name(event: type[Event]) -> str:
    return f"{event.__name__}.v{event.major}"
