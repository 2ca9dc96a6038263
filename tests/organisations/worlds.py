"""Four kinds of sales organisation, each different under every seed, all of them keeping to their playbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from tests.organisations.world import Act, Choice, Field, Loop, Phase, Segment, World

SOURCES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "Web": (0.35, 0.15),
        "Outbound": (0.3, 0.25),
        "Event": (0.15, 0.0),
        "Partner": (0.12, -0.25),
        "Referral": (0.08, -0.5),
    }
)


def software(seed: int, deals: int) -> World:
    """Software subscriptions sold to companies, in six stages."""
    luck = np.random.default_rng([seed, 1])
    return _varied(
        World(
            name="software",
            phases=(
                Phase("Prospecting", 0.28, 7),
                Phase("Qualification", 0.24, 8),
                Phase("Discovery", 0.2, 12),
                Phase("Demo", 0.14, 9),
                Phase("Proposal", 0.18, 13),
                Phase("Negotiation", 0.14, 12),
            ),
            segments=(
                Segment("SMB", 0.5, 9_000, 0.15, 0.85, 0.38),
                Segment("Mid-market", 0.3, 32_000, 0.0, 1.0, 0.5),
                Segment("Enterprise", 0.2, 120_000, -0.35, 1.3, 0.68),
            ),
            sources=SOURCES,
            acts=(
                Act("Discovery call", "Qualification", Choice(1.0), subject="First call"),
                Act("Proposal sent", "Proposal", Choice(1.0), subject="Offer"),
            ),
            loops=(Loop("Proposal", "Discovery", Choice(0.06)),),
            owners=int(luck.integers(8, 15)),
            days=float(luck.integers(640, 900)),
        ),
        luck,
        seed,
        deals,
    )


def inbound(seed: int, deals: int) -> World:
    """Quick sales to people who asked, in four stages."""
    luck = np.random.default_rng([seed, 2])
    return _varied(
        World(
            name="inbound",
            phases=(
                Phase("New lead", 0.34, 2.5, spread=0.7),
                Phase("Contacted", 0.27, 5, spread=0.6),
                Phase("Offer", 0.25, 9),
                Phase("Contract", 0.09, 6),
            ),
            segments=(
                Segment("Private", 0.65, 1_800, 0.1, 0.9, 0.45),
                Segment("Business", 0.35, 6_500, -0.2, 1.2, 0.6),
            ),
            sources=MappingProxyType({"Website": (0.5, 0.1), "Phone": (0.3, -0.2), "Fair": (0.2, 0.2)}),
            acts=(Act("First contact", "Contacted", Choice(1.0)), Act("Quote", "Offer", Choice(1.0))),
            owners=int(luck.integers(6, 10)),
            days=float(luck.integers(380, 600)),
            growth=0.3,
        ),
        luck,
        seed,
        deals,
    )


def services(seed: int, deals: int) -> World:
    """Projects for other companies, with a security review that only some customers ask for."""
    luck = np.random.default_rng([seed, 3])
    return _varied(
        World(
            name="services",
            phases=(
                Phase("Enquiry", 0.25, 5, spread=0.6),
                Phase("Scoping", 0.22, 14),
                Phase("Security check", 0.04, 10, taken=Choice(0.4, segment={"Public": 1.0, "Industry": -0.4})),
                Phase("Offer", 0.26, 18),
                Phase("Contracting", 0.12, 16),
            ),
            segments=(
                Segment("Industry", 0.55, 45_000, 0.1, 0.95, 0.45),
                Segment("Public", 0.2, 90_000, 0.2, 1.25, 0.6),
                Segment("Finance", 0.25, 70_000, -0.3, 1.1, 0.6),
            ),
            sources=SOURCES,
            acts=(
                Act("Workshop", "Scoping", Choice(1.0)),
                Act("Offer sent", "Offer", Choice(1.0), subject="Offer, version 1"),
            ),
            fields=(Field("Budget_Confirmed__c", "Scoping", Choice(1.0)),),
            loops=(Loop("Contracting", "Offer", Choice(0.12)),),
            owners=int(luck.integers(7, 12)),
            days=float(luck.integers(700, 1000)),
        ),
        luck,
        seed,
        deals,
    )


def enterprise(seed: int, deals: int) -> World:
    """Few large sales that take the better part of a year, in seven stages."""
    luck = np.random.default_rng([seed, 4])
    return _varied(
        World(
            name="enterprise",
            phases=(
                Phase("Target", 0.22, 16),
                Phase("First meeting", 0.22, 14),
                Phase("Needs analysis", 0.17, 22),
                Phase("Business case", 0.14, 24),
                Phase("Pilot", 0.1, 30, taken=Choice(0.55, segment={"Global": 0.6}, habit=0.4)),
                Phase("Procurement", 0.13, 26),
                Phase("Signature", 0.06, 12),
            ),
            segments=(
                Segment("Regional", 0.6, 150_000, 0.1, 0.95, 0.45),
                Segment("Global", 0.4, 420_000, -0.2, 1.1, 0.6),
            ),
            sources=SOURCES,
            acts=(
                Act("Stakeholder map", "Needs analysis", Choice(1.0)),
                Act("Calculation", "Business case", Choice(1.0), subject="Return on investment"),
            ),
            loops=(Loop("Procurement", "Business case", Choice(0.1)),),
            owners=int(luck.integers(9, 16)),
            days=float(luck.integers(1100, 1400)),
            heat=0.35,
        ),
        luck,
        seed,
        deals,
    )


WORLDS: Mapping[str, Callable[[int, int], World]] = MappingProxyType(
    {"software": software, "inbound": inbound, "services": services, "enterprise": enterprise}
)


def _varied(world: World, luck: np.random.Generator, seed: int, deals: int) -> World:
    """Return the organisation with other risks, lengths, people and deals."""
    phases = tuple(
        replace(
            phase,
            loss=float(np.clip(phase.loss * np.exp(luck.normal(0, 0.15)), 0.01, 0.45)),
            days=float(phase.days * np.exp(luck.normal(0, 0.2))),
        )
        for phase in world.phases
    )
    return replace(
        world,
        phases=phases,
        skill=float(luck.uniform(0.15, 0.4)),
        heat=world.heat * float(luck.uniform(0.5, 1.3)),
        growth=world.growth if world.growth else float(luck.choice([0.0, 0.2, 0.5])),
        seed=seed,
        people=seed + 5000,
        deals=deals,
    )
