"""What each store of the system is folded from and into: for commands that stand outside its process."""

from typing import Any

from samverkan.agency.views import views_for
from samverkan.backbone.errors import Refused
from samverkan.backbone.rebuild.rebuild import Rebuildable
from samverkan.backbone.subscription.reacting import Reader
from samverkan.backbone.view import View
from samverkan.funding.stored import VIEWS as FUNDING_VIEWS
from samverkan.intake import store as intake
from samverkan.notify.reminders.rules import read_rules
from samverkan.notify.stored import views_with
from samverkan.placement.views import views as placement
from samverkan.schemas.catalogue import (
    AGENCIES,
    FUNDING,
    MAY_SEE,
    NOTIFICATION,
    PARTICIPANT,
    PLACEMENT,
    Topic,
    topics_for,
)
from samverkan.schemas.codec import ALL
from samverkan.schemas.event import Compartment


def all_stores() -> dict[str, Rebuildable]:
    """Every store by its name in the catalogue, services first. What their composition roots say, tested against."""
    stores = [
        _store("intake", intake.VIEWS, owns=PARTICIPANT),
        _store("placement", placement.VIEWS, owns=PLACEMENT),
        _store("funding", FUNDING_VIEWS, owns=FUNDING),
        _store("notify", views_with(read_rules()), owns=NOTIFICATION, readable=frozenset()),
        *(_store(f"agency.{one.code}", views_for(one.role), readable=MAY_SEE[one.role]) for one in AGENCIES),
    ]
    return {store.name: store for store in stores}


def with_view(table: str, name: str | None) -> list[Rebuildable]:
    """The stores that have this view, or the one of that name. Refused `view-unknown`, `store-unknown`."""
    stores = all_stores()
    if name is not None:
        if name not in stores:
            raise Refused("store-unknown", store=name, known=", ".join(stores))
        stores[name].view(table)
        return [stores[name]]
    found = [store for store in stores.values() if any(view.table == table for view in store.views)]
    if not found:
        known = sorted({view.table for store in stores.values() for view in store.views})
        raise Refused("view-unknown", view=table, known=", ".join(known))
    return found


def _store(
    name: str,
    views: tuple[View[Any], ...],
    *,
    owns: Topic | None = None,
    readable: frozenset[Compartment] = ALL,
) -> Rebuildable:
    topics = {topic.name: topic for topic in topics_for(name)}
    return Rebuildable(name, Reader(topics, readable, {}), views, owns)
