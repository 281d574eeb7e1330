"""The rules of the safety check, in the order in which people want to read them.

A rule is a function that takes the reading of a plan and yields what it finds. Its words, severities, parameters and
sources are facts: `knowledge/rules/<name of the function>.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from waterneedle.safety.issues import Raised
from waterneedle.safety.reading import Reading
from waterneedle.safety.rules import (
    allergy,
    bleeding,
    consent,
    container,
    depth,
    dose,
    fluid,
    illness,
    law,
    nerve,
    pregnancy,
    skin,
    today,
    volume,
    who,
)

Rule = Callable[[Reading], Iterator[Raised]]

RULES: tuple[Rule, ...] = (
    # what has just happened, and who it is
    today.just_happened,
    today.identity,
    allergy.previous_reaction,
    nerve.nerve_sensation,
    nerve.aspiration,
    # what must never be
    fluid.out_of_scope,
    depth.forbidden_site,
    allergy.allergy,
    allergy.allergies_known,
    pregnancy.pregnancy,
    # what lies beneath
    depth.pleura_depth,
    depth.heart_depth,
    depth.cord_depth,
    depth.eye_depth,
    depth.vessel_depth,
    depth.organ_depth,
    depth.bladder,
    depth.lung_disease,
    depth.needle_length,
    # blood
    bleeding.medications_known,
    bleeding.anticoagulant,
    bleeding.bleeding_disorder,
    bleeding.platelets,
    bleeding.antiplatelet,
    # illness
    illness.conditions_known,
    illness.infection,
    illness.leber,
    illness.potassium,
    illness.label_warning,
    illness.substance_caution,
    illness.kidney_aluminium,
    illness.sulfite_asthma,
    illness.immunosuppression,
    illness.heart_valve,
    allergy.anaphylaxis_history,
    allergy.beta_blocker,
    consent.product_age,
    # skin and limb
    skin.skin,
    skin.lymphoedema,
    skin.local_condition,
    # how much
    dose.dose_limit,
    dose.dose_head_neck,
    dose.strength,
    dose.stated_dose,
    dose.toxic_elements,
    volume.volume_missing,
    volume.volume_per_point,
    volume.volume_by_route,
    volume.volume_per_muscle,
    volume.volume_per_session,
    nerve.nerve_volume,
    nerve.child_hand,
    # container
    container.expiry,
    container.beyond_use,
    container.single_dose,
    container.returned_fluid,
    container.needle_reuse,
    container.syringe_label,
    container.container,
    container.container_volume,
    container.multi_dose_shared,
    # fluid and route
    fluid.route,
    fluid.mixture,
    fluid.diluent_alone,
    # consent
    consent.consent,
    consent.guardian,
    consent.consent_covers,
    consent.age,
    # who and where
    who.jurisdiction,
    who.profession,
    who.practitioner_license,
    who.certificate,
    who.training,
    who.resuscitation,
    who.emergency_kit,
    law.law_route,
    law.law_site,
    law.law_substance,
    law.product_status,
    # quiet
    pregnancy.breastfeeding,
    today.new_medicines,
    today.fainting,
    today.not_understood,
    today.side,
    today.first_dose,
)
