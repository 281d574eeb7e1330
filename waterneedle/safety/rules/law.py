"""What the law of the place allows to be injected, by which route, where; and whether the product may be sold at all."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from waterneedle.knowledge import Period, Substance, Text
from waterneedle.knowledge.jurisdiction import SubstanceLimit
from waterneedle.safety.classes import named
from waterneedle.safety.issues import Raised, issue, parameter
from waterneedle.safety.reading import Puncture, Reading
from waterneedle.safety.syringe import Fluid

_OTHER = Text(en="“other”", es="«otra»", zh_hans="“其他”")  # the one route that has no letters
_SITE_KINDS = {"point": "acupuncture_point", "muscle": "trigger_point", "region": "ashi_point"}
_SITES = {  # one, and several
    "acupuncture_point": (Text(en="acupuncture point", es="punto de acupuntura", zh_hans="穴位"),
                          Text(en="acupuncture points", es="puntos de acupuntura", zh_hans="穴位")),
    "trigger_point": (Text(en="trigger point", es="punto gatillo", zh_hans="激痛点"),
                      Text(en="trigger points", es="puntos gatillo", zh_hans="激痛点")),
    "ashi_point": (Text(en="ashi point", es="punto ashi", zh_hans="阿是穴"),
                   Text(en="ashi points", es="puntos ashi", zh_hans="阿是穴")),
    "motor_point": (Text(en="motor point", es="punto motor", zh_hans="运动点"),
                    Text(en="motor points", es="puntos motores", zh_hans="运动点")),
}


def law_route(plan: Reading) -> Iterator[Raised]:
    """The route is one that the law of the place allows."""
    if (period := plan.period) is None:
        return
    for puncture in plan.injected:
        route = puncture.injection.route
        if route is None:
            continue
        outside = period.routes_allowed is not None and route not in period.routes_allowed
        if route in (period.routes_forbidden or ()) or outside:
            yield issue(
                "law_route",
                "not_allowed",
                at=[puncture],
                cause=route,
                route=_OTHER if route == "other" else route,
                place=plan.jurisdiction.name,
                allowed=period.routes_allowed or "not listed",
            )


def law_site(plan: Reading) -> Iterator[Raised]:
    """The law of the place allows this kind of site: some name acupuncture points alone."""
    if (period := plan.period) is None or period.sites_allowed is None:
        return
    for puncture in plan.injected:
        kind = _SITE_KINDS[puncture.kind]
        if kind not in period.sites_allowed:
            yield issue(
                "law_site",
                "not_named",
                at=[puncture],
                cause=kind,
                kind=_SITES[kind][0],
                place=plan.jurisdiction.name,
                allowed=[_SITES[site][1] for site in period.sites_allowed],
            )


def law_substance(plan: Reading) -> Iterator[Raised]:
    """The class of the substance is one that the law of the place allows, within its conditions."""
    if (period := plan.period) is None or period.injection_permitted is False:
        return
    for puncture, fluid in plan.contents:
        if not fluid.classes:
            continue
        words = {"substance": fluid.name, "place": plan.jurisdiction.name}
        if banned := fluid.classes.intersection(period.substances_forbidden or ()):
            yield issue("law_substance", "forbidden", at=[puncture], cause=fluid.name, **words, kind=_readable(banned))
        elif period.substances_allowed is None:
            yield issue("law_substance", "not_found_out", at=[puncture], cause=fluid.name, **words)
        elif not _counted(fluid.classes).intersection(period.substances_allowed):
            case = "not_allowed" if period.substances_are_closed_list else "not_listed"
            yield issue("law_substance", case, at=[puncture], cause=fluid.name, **words, kind=_readable(fluid.classes))
        else:
            # An allowed class does not carry another medicine with it: the epinephrine in a lidocaine is looked at by itself.
            for one in _active_medicines(fluid):
                if not _counted(frozenset(one.classes)).intersection(period.substances_allowed):
                    case = "not_allowed" if period.substances_are_closed_list else "not_listed"
                    words = {"substance": f"{one.name} ({fluid.name})", "place": plan.jurisdiction.name}
                    yield issue("law_substance", case, at=[puncture], cause=one.id,
                                kind=_readable(frozenset(one.classes)), **words)
        yield from _limits(plan, period, puncture, fluid)


def _active_medicines(fluid: Fluid) -> Iterator[Substance]:
    """What acts in the fluid and is a medicine in its own right; not water, salts and what only carries it."""
    carriers = parameter("law_substance", "carriers")
    product = fluid.product
    acts = None if product is None else {active.substance for active in product.actives}
    for one in fluid.substances:
        if (acts is None or one.id in acts) and not one.out_of_scope and not set(one.classes) & set(carriers):
            yield one


def _limits(plan: Reading, period: Period, puncture: Puncture, fluid: Fluid) -> Iterator[Raised]:
    for limit in period.substance_limits:
        if limit.substance_class in _counted(fluid.classes) and (found := _breach(plan, limit, puncture, fluid)):
            case, missing = found
            yield issue(
                "law_substance",
                case,
                at=[puncture],
                cause=f"{fluid.name} {limit.condition}",
                missing=missing,
                substance=fluid.name,
                place=plan.jurisdiction.name,
                note=limit.note,
            )


def _breach(plan: Reading, limit: SubstanceLimit, puncture: Puncture, fluid: Fluid) -> tuple[str, tuple[str, ...]] | None:
    if limit.condition == "comfort_only" and fluid.content.purpose != "comfort":
        return ("condition_unknown", (f"{fluid.field}.purpose",)) if fluid.content.purpose is None else ("condition_broken", ())
    if limit.condition == "qualification" and not _has_qualification(plan, limit):
        known = plan.plan.practitioner and plan.plan.practitioner.qualifications is not None
        return ("condition_broken", ()) if known else ("condition_unknown", ("practitioner.qualifications",))
    if limit.condition == "routes_only" and puncture.injection.route not in (limit.routes or ()):
        route = puncture.injection.route
        return ("condition_unknown", (f"{puncture.field}.route",)) if route is None else ("condition_broken", ())
    if limit.condition == "maximum_percent":
        percent = max(fluid.mg_per_ml.values(), default=0.0) / 10  # 10 mg in 1 mL is 1 %
        if not percent:
            return "condition_unknown", (f"{fluid.field}.product.strength",)
        return ("condition_broken", ()) if percent > (limit.maximum_percent or 0) else None
    return None


def _has_qualification(plan: Reading, limit: SubstanceLimit) -> bool:
    held = " ".join((plan.plan.practitioner and plan.plan.practitioner.qualifications) or ()).casefold()
    return any(word in held for word in (limit.qualification or "").casefold().split("|") if word)


@functools.cache
def _counted(classes: frozenset[str]) -> frozenset[str]:
    """The classes, and the wider ones they count as: B-12 is a vitamin, a vitamin is nutritional."""
    wider = parameter("law_substance", "counts_as")
    return classes | {wide for pair in wider for narrow, _, wide in [pair.partition(" is ")] if narrow in classes}


def _readable(words: frozenset[str]) -> list[Text]:
    return [named(word) for word in sorted(words)]


def _is_homeopathic(fluid: Fluid) -> bool:
    """Whether it is given as a homeopathic: vitamin C is one in a potency, and a vitamin without."""
    if "homeopathic" not in fluid.classes:
        return False
    return (
        any(one.classes == ("homeopathic",) for one in fluid.substances)
        or not any("homeopathic" in one.classes for one in fluid.substances)
        or any(part.final_dilution for part in (fluid.composition and fluid.composition.ingredients) or ())
    )


def product_status(plan: Reading) -> Iterator[Raised]:
    """The product is one that may lawfully be sold in the country, and not a superseded version."""
    country = (plan.plan.jurisdiction or "")[:2].upper()
    for puncture, fluid in plan.contents:
        if (product := fluid.product) is None:
            if _is_homeopathic(fluid) and country in parameter("product_status", "homeopathic_unapproved"):
                yield issue("product_status", "homeopathic", at=[puncture], cause=fluid.name, product=fluid.name, country=country)
            continue
        known = [status for status in product.legal if status.country == country and status.as_of <= plan.on]
        latest = max(known, key=lambda status: status.as_of, default=None)
        if latest is not None and latest.lawful is False:
            yield issue(
                "product_status",
                "not_lawful",
                at=[puncture],
                cause=product.id,
                product=product.name,
                status=latest.status,
                country=country,
                as_of=latest.as_of,
            )
        if product.is_historical:
            yield issue("product_status", "superseded", at=[puncture], cause=product.id, product=product.name)
