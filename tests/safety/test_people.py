"""Who is treated, who treats, what was signed and what the law of the place says: both sides of each day, hour and age."""

from datetime import date

import pytest
from conftest import cases, changed, check, found, ordinary_plan, with_

from waterneedle import knowledge
from waterneedle.safety.issues import parameter

ADULT, CHILD = int(parameter("guardian", "adult_years")), int(parameter("child_hand", "child_years"))
OLDEST_AGE = parameter("age", "oldest_years")
INFANT = int(parameter("product_age", "infant_years"))
WA = knowledge.jurisdictions()["US-WA"].periods[0]
YESTERDAY, TODAY, TOMORROW = "2026-11-21", "2026-11-22", "2026-11-23"
CONTENT = "injections[0].contents[0]"


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (f"{2026 - ADULT}-11-22", []),
        (f"{2026 - ADULT}-11-23", ["unknown"]),
        (f"{2026 - ADULT - 1}-11-23", []),
        (TODAY, ["unknown"]),
        (None, []),
    ],
)
def test_a_minor_needs_a_guardian_until_the_birthday(born, expected):
    assert cases(with_({"patient.birth_date": born}), "guardian") == expected


@pytest.mark.parametrize(("by", "expected"), [("guardian", []), ("patient", ["patient_signed"]), (None, ["unknown"])])
@pytest.mark.parametrize("who", [{"patient.birth_date": "2020-01-01"}, {"patient.conditions": [{"name": "dementia"}]}])
def test_a_guardian_signs_for_who_cannot(who, by, expected):
    assert cases(with_({**who, "consent.signed_by": by}), "guardian") == expected
    assert cases(with_({**who, "consent": None}), "guardian") == []


@pytest.mark.parametrize(("signed", "expected"), [(YESTERDAY, []), (TODAY, []), (TOMORROW, ["later"])])
def test_a_consent_is_signed_by_the_day(signed, expected):
    assert cases(with_({"consent.signed_on": signed}), "consent") == expected


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (TOMORROW, ["unborn"]),
        (TODAY, []),
        ("1982-03-01", []),
        (None, ["missing"]),
        (f"{2026 - int(OLDEST_AGE)}-11-22", []),
        (f"{2026 - int(OLDEST_AGE) - 1}-11-22", ["implausible"]),
        ("1800-01-01", ["implausible"]),
    ],
)
def test_an_age_that_can_be(born, expected):
    assert cases(with_({"patient.birth_date": born}), "age") == expected


@pytest.mark.parametrize(
    ("born", "expected"), [(f"{2026 - INFANT}-11-22", []), (f"{2026 - INFANT}-11-23", ["benzyl_alcohol", "infant"]), (None, [])]
)
def test_an_infant(born, expected):
    assert cases(with_({"patient.birth_date": born}), "product_age") == expected


AGED = [one for one in knowledge.products().values() if one.age_min_years and one.age_min_years == int(one.age_min_years)]


@pytest.mark.parametrize("product", AGED, ids=lambda one: one.id)
def test_a_label_says_from_which_age(product):
    year = 2026 - int(product.age_min_years)

    def said(day):
        return "label" in cases(
            with_({f"{CONTENT}.product": product.id, "patient.birth_date": f"{year}-11-{day}"}), "product_age"
        )

    assert (said(22), said(23)) == (False, True)


@pytest.mark.parametrize(
    ("covers", "expected"),
    [
        (["cyanocobalamin", "lung"], []),
        (["B12", "neumotórax"], []),
        (["vitamin B12", "气胸"], []),
        (["lung"], ["product"]),
        (["cyanocobalamin"], ["site"]),
        ([], ["product", "site"]),
        (["everything"], ["product", "site"]),
    ],
)
def test_a_consent_names_the_product_and_the_lung(covers, expected):
    assert sorted(set(cases(with_({"consent.covers": covers}), "consent_covers"))) == expected


@pytest.mark.parametrize(
    ("covers", "product", "is_covered"),
    [
        ("homeopathic", "vitamin C", False),
        ("homeopathic", "traumeel", True),
        ("vitamin B-12", "vitamin C", False),
        ("vitamin", "vitamin C", True),
        ("vitamin", "cyanocobalamin", False),
        ("维生素B12注射液", "cyanocobalamin", True),
        ("saline or sterile water", "saline", True),
        ("unsalinelike", "saline", False),
        ("local anesthetic", "procaine 1%", True),
    ],
)
def test_a_consent_to_one_family_is_none_to_another(covers, product, is_covered):
    plan = with_({f"injections[{i}].contents[0].product": product for i in range(2)} | {"consent.covers": [covers, "lung"]})

    assert ("product" not in cases(plan, "consent_covers")) is is_covered


def test_a_consent_away_from_the_lung_need_not_name_it():
    away = with_({"injections[0].site.point": "ST36"}, unset=["injections[1]"])

    assert cases(away, "consent_covers") == []
    assert cases(changed(away, {"consent.covers": ["B12"]}), "consent_covers") == []


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("practitioner.license_expires", "practitioner_license"),
        ("practitioner.certificate_expires", "certificate"),
        ("emergency_kit.epinephrine_expires", "emergency_kit"),
    ],
)
@pytest.mark.parametrize(("day", "expected"), [(YESTERDAY, ["expired"]), (TODAY, []), (TOMORROW, [])])
def test_what_expires_is_good_on_its_day(field, rule, day, expected):
    assert cases(with_({field: day}), rule) == expected


@pytest.mark.parametrize(("day", "expected"), [(YESTERDAY, []), (TODAY, []), (TOMORROW, ["future"]), (None, ["missing"])])
def test_a_certificate_was_given_before(day, expected):
    assert cases(with_({"practitioner.certified_on": day}), "certificate") == expected


def test_two_things_wrong_with_a_certificate_are_two():
    made = with_({"practitioner.certified_on": TOMORROW, "practitioner.certificate_expires": YESTERDAY})

    assert cases(made, "certificate") == ["expired", "future"]


@pytest.mark.parametrize(("day", "expected"), [(YESTERDAY, ["expired"]), (TODAY, []), (None, ["missing"])])
def test_a_resuscitation_card_where_the_law_asks(day, expected):
    assert cases(with_({"jurisdiction": "US-UT", "practitioner.cpr_expires": day}), "resuscitation") == expected
    assert cases(with_({"practitioner.cpr_expires": day}), "resuscitation") == []


@pytest.mark.parametrize("field", ["training_hours", "hands_on_hours", "emergency_training_hours"])
def test_the_hours_the_law_asks_for(field):
    needed = getattr(WA, field)
    given_ = {"practitioner.emergency_training_hours": WA.emergency_training_hours}

    assert needed > 0
    assert cases(with_({**given_, f"practitioner.{field}": needed}), "training") == []
    assert cases(with_({**given_, f"practitioner.{field}": needed - 0.1}), "training") == ["short"]
    missing = cases(with_({**given_, f"practitioner.{field}": None}), "training")
    assert missing == (["included"] if field == "emergency_training_hours" else ["unknown"])


@pytest.mark.parametrize(
    "change",
    [
        {"practitioner.training_hours": WA.training_hours - 1},
        {"practitioner.training_hours": None},
        {"practitioner.certified_on": None},
    ],
)
def test_emergency_hours_are_included_only_in_a_certified_full_course(change):
    assert "unknown" in cases(with_(change), "training")


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ({"profession": "acupuncturist"}, []),
        ({"profession": "physician"}, ["own_law"]),
        ({"profession": "naturopath"}, ["own_law"]),
        ({"profession": "other"}, ["not_named"]),
        ({"profession": "student"}, ["unsupervised"]),
        ({"profession": "student", "supervised_by": "  "}, ["unsupervised"]),
        ({"profession": "student", "supervised_by": "Dr Li"}, ["supervised"]),
        ({}, ["missing"]),
        (None, ["missing"]),
    ],
)
def test_the_law_names_professions(who, expected):
    assert cases(with_({"practitioner": who}), "profession") == expected


def test_a_student_shows_no_licence_and_a_physician_no_certificate():
    assert cases(with_({"practitioner": {"profession": "student"}}), "practitioner_license") == []
    assert cases(with_({"practitioner": {"profession": "student"}}), "certificate") == []
    assert cases(with_({"practitioner": {"profession": "physician"}}), "certificate") == []
    assert cases(with_({"practitioner": {"profession": "acupuncturist"}}), "practitioner_license") == ["missing"]


def test_without_a_practitioner_only_that_is_said():
    nobody = with_({"practitioner": None})

    for rule in ("practitioner_license", "certificate", "training", "resuscitation"):
        assert cases(nobody, rule) == []


@pytest.mark.parametrize("code", knowledge.jurisdictions())
def test_every_jurisdiction_is_answered_on_every_day_of_change(code):
    days = {TODAY, "1990-01-01"}
    for period in knowledge.jurisdictions()[code].periods:
        days |= {str(day) for day in (period.since, period.until) if day}
    for day in days:
        said = cases(with_({"jurisdiction": code.lower(), "date": day}), "jurisdiction")
        in_force = [one for one in knowledge.jurisdictions()[code].periods if one.is_in_force(date.fromisoformat(day))]
        permitted = in_force[0].injection_permitted if in_force else "no period"
        assert said == {True: [], False: ["not_permitted"], None: ["unsettled"], "no period": ["no_period"]}[permitted]


@pytest.mark.parametrize("code", knowledge.jurisdictions())
@pytest.mark.parametrize("route", ["ID", "SC", "IM", "IV", "IA", "other"])
def test_a_route_the_law_does_not_allow_blocks(code, route):
    period = knowledge.jurisdictions()[code].period(date.fromisoformat(TODAY))
    outside = period is not None and (
        route in (period.routes_forbidden or ()) or (period.routes_allowed is not None and route not in period.routes_allowed)
    )
    made = with_({"jurisdiction": code, "injections[0].route": route}, unset=["injections[1]"])

    assert cases(made, "law_route") == (["not_allowed"] if outside else [])


@pytest.mark.parametrize("language", ["en", "es", "zh-hans"])
@pytest.mark.parametrize("status", ["planned", "given"])
@pytest.mark.parametrize("route", ["IV", "IA", "other"])
@pytest.mark.parametrize("code", [None, "US-WA", "US-FL"])
def test_what_goes_neither_into_the_skin_nor_under_it_nor_into_muscle_is_barred_everywhere(code, route, status, language):
    made = with_({"jurisdiction": code, "language": language, "injections[0].route": route, "injections[0].status": status})

    found = [one for one in check(made).issues if one.rule == "out_of_scope"]

    assert [(one.severity, bool(one.remedy), bool(one.sources)) for one in found] == [("block", True, True)]
    assert not [one for one in check(made).issues if one.rule in ("law_route", "route") and " other " in one.message]


@pytest.mark.parametrize("code", knowledge.jurisdictions())
@pytest.mark.parametrize("product", knowledge.products())
def test_every_product_is_answered_everywhere(code, product):
    assessment = check(with_({"jurisdiction": code, f"{CONTENT}.product": product, "patient.birth_date": "2026-01-01"}))
    period = knowledge.jurisdictions()[code].period(date.fromisoformat(TODAY))
    classes = {knowledge.products()[product].category}
    if period and period.injection_permitted and classes & set(period.substances_forbidden or ()):
        assert ("law_substance", "block") in {(one.rule, one.severity) for one in assessment.issues}


LAW = [
    ({"jurisdiction": "US-UT"}, "autologous blood", {"practitioner.qualifications": None}, "condition_unknown"),
    ({"jurisdiction": "US-UT"}, "autologous blood", {"practitioner.qualifications": ["massage"]}, "condition_broken"),
    ({"jurisdiction": "US-UT"}, "autologous blood", {"practitioner.qualifications": ["Current phlebotomy certification"]}, None),
    ({}, "local anesthetic", {f"{CONTENT}.purpose": "treatment"}, "condition_broken"),
    ({}, "local anesthetic", {}, "condition_unknown"),
    ({}, "local anesthetic", {f"{CONTENT}.purpose": "comfort"}, None),
    ({}, "steroid", {}, "forbidden"),
    ({}, "bee venom", {}, "not_allowed"),
    ({"jurisdiction": "US-UT"}, "bee venom", {}, "not_listed"),
    ({}, "vitamin B12", {}, None),
]


@pytest.mark.parametrize(("place", "category", "more", "expected"), LAW)
def test_substance_classes_by_law(place, category, more, expected):
    custom = {f"{CONTENT}.product": {"name": "made up", "category": category}}

    said = cases(with_({**place, **custom, **more}, unset=["injections[1]"]), "law_substance")

    assert said == ([expected] if expected else [])


def test_the_percentage_of_a_law():
    found_ = [
        (code, limit)
        for code, one in knowledge.jurisdictions().items()
        for period in one.periods[-1:]
        for limit in period.substance_limits
        if limit.condition == "maximum_percent" and limit.substance_class == "local_anesthetic"
    ]
    for code, limit in found_:
        most = limit.maximum_percent
        broken = []
        for strength in (most * 10, most * 10 + 0.1):
            made = with_(
                {
                    "jurisdiction": code,
                    f"{CONTENT}.product": {"name": "procaine", "strength": {"amount": strength, "unit": "mg", "per_ml": 1}},
                    f"{CONTENT}.purpose": "comfort",
                },
                unset=["injections[1]"],
            )
            broken.append(cases(made, "law_substance").count("condition_broken"))
        assert broken[1] == broken[0] + 1


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({f"{CONTENT}.product": "traumeel-injection-medinatura"}, ["not_lawful"]),
        ({}, []),
        ({f"{CONTENT}.product": "traumeel-injection-heel-legacy", "jurisdiction": None}, ["superseded"]),
    ],
)
def test_a_product_that_may_not_be_sold(change, expected):
    assert cases(with_(change), "product_status") == expected


@pytest.mark.parametrize(
    "warning",
    sorted(
        {(product.id, warning.concept, warning.kind) for product in knowledge.products().values() for warning in product.warnings}
    ),
)
def test_a_label_warning_speaks_where_the_patient_has_it(warning):
    product, concept, kind = warning
    fact = knowledge.vocabulary().get(concept)
    if fact is None or fact.kind not in ("condition", "medication"):
        return
    made = with_({f"patient.{fact.kind}s": [{"name": fact.term}], f"{CONTENT}.product": product}, unset=["injections[1]"])
    expected = concept not in parameter("label_warning", "own_rules")

    assert (kind in cases(made, "label_warning")) == expected
    assert (
        cases(with_({f"{CONTENT}.product": product, "patient.medications": []}, unset=["injections[1]"]), "label_warning") == []
    )


YOUNGEST, OLDEST = int(parameter("pregnancy", "youngest_years")), int(parameter("pregnancy", "oldest_years"))
LEG = {"injections[0].site.point": "ST36"}
WEEKS = parameter("pregnancy", "first_trimester_weeks")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"patient.birth_date": f"{2026 - YOUNGEST}-11-22"}, ["unknown"]),
        ({"patient.birth_date": f"{2026 - YOUNGEST}-11-23"}, []),
        ({"patient.birth_date": f"{2026 - OLDEST}-11-22"}, ["unknown"]),
        ({"patient.birth_date": f"{2026 - OLDEST - 1}-11-22"}, []),
        ({"patient.birth_date": None}, ["unknown"]),
        ({"patient.sex": "male"}, []),
        ({"patient.sex": None}, ["unknown"]),
        ({"patient.sex": "intersex"}, ["unknown"]),
        ({"patient.pregnancy": {"status": "unknown"}}, ["unknown"]),
        ({"patient.pregnancy": {"status": "not_applicable"}}, []),
        ({"patient.conditions": [{"name": "pregnancy"}], **LEG}, ["pregnant"]),
        ({"patient.conditions": [{"name": "pregnant"}], "patient.pregnancy": {"status": "not_pregnant"}, **LEG}, ["pregnant"]),
        ({"patient.pregnancy": {"status": "pregnant"}, "injections[0].site.point": "BL23"}, ["region_week_unknown"]),
        ({"patient.pregnancy": {"status": "pregnant", "weeks": WEEKS}, "injections[0].site.point": "BL23"}, ["region"]),
        (
            {"patient.pregnancy": {"status": "pregnant", "weeks": WEEKS - 0.1}, "injections[0].site.point": "BL23"},
            ["region_first_trimester"],
        ),
        ({"patient.pregnancy": {"status": "pregnant", "weeks": 20}, "injections[0].site.point": "LI4"}, ["points"]),
        *(({"patient.pregnancy": {"status": "pregnant", "weeks": 20},
            "injections[0].site": {"point": "EX-B2", "side": "left", **at}}, [said]) for at, said in (
            ({"level": "L4"}, "region"), ({"level": "L1"}, "region"), ({}, "region"), ({"level": "T12-L1"}, "region"),
            ({"level": "T5"}, "pregnant"), ({"level": "T5-T7"}, "pregnant"))),
        ({"patient.pregnancy": {"status": "possible"}, **LEG}, ["possible"]),
        ({"patient.pregnancy": {"status": "possible"}, "injections[0].site.point": "CV12"}, ["possible_points"]),
    ],
)
def test_pregnancy(change, expected):
    base = with_(change) if "patient.pregnancy" in change else with_(change, unset=["patient.pregnancy"])

    assert cases(base, "pregnancy") == expected


LOW = parameter("potassium", "lowest")


@pytest.mark.parametrize(
    ("condition", "level", "expected"),
    [
        ("severe megaloblastic anemia", LOW, ["watch"]),
        ("severe megaloblastic anemia", LOW - 0.01, ["low"]),
        ("severe megaloblastic anemia", None, ["unknown"]),
        ("severe megaloblastic anemia", "nan", ["unknown"]),
        ("hypokalemia", LOW, []),
        ("hypokalemia", LOW - 0.01, ["low"]),
        ("hypokalemia", None, ["unknown"]),
        ("COPD", LOW, []),
        ("COPD", LOW - 0.01, ["low_alone"]),
    ],
)
def test_potassium(condition, level, expected):
    observed = [] if level is None else [{"name": "potassium", "value": level}]
    made = with_({"patient.conditions": [{"name": condition}], "patient.observations": observed})

    assert cases(made, "potassium") == expected
    assert (
        cases(changed(made, {f"injections[{n}].contents[0].product": "bacteriostatic-saline-0.9" for n in (0, 1)}), "potassium")
        == []
    )


@pytest.mark.parametrize(
    ("change", "rule", "expected"),
    [
        (
            {"patient.conditions": [{"name": "Leber's disease"}], f"{CONTENT}.product": "methylcobalamin"},
            "leber",
            ["cyanocobalamin", "other_cobalamin"],
        ),
        ({"patient.conditions": [{"name": "fever"}], "today": {"fever_or_infection": False}}, "infection", []),
        ({"patient.conditions": [{"name": "fever"}], "today": {}}, "infection", ["condition"]),
        ({"patient.conditions": [{"name": "chronic kidney disease"}, {"name": "dialysis"}]}, "kidney_aluminium", ["dialysis"]),
        (
            {
                "patient.medications": [{"name": "metoprolol"}],
                f"{CONTENT}.product": {"name": "apitoxin", "category": "bee venom"},
            },
            "beta_blocker",
            ["venom"],
        ),
        ({"patient.medications": [{"name": "metoprolol"}], "injections": []}, "beta_blocker", []),
        ({"patient.conditions": [{"name": "mastocytosis"}], "injections": []}, "anaphylaxis_history", []),
        ({"patient.conditions": [{"name": "vasovagal syncope"}]}, "fainting", ["lie_down"]),
        (
            {"patient.conditions": [{"name": "vasovagal syncope"}], "today": {"eaten": False, "lying_down": True}},
            "fainting",
            ["prone"],
        ),
        (
            {"patient.conditions": [{"name": "vasovagal syncope"}], "today": {"eaten": True, "lying_down": True}},
            "fainting",
            ["lie_down"],
        ),
        ({"today": {"lying_down": False}}, "fainting", []),
        ({"patient.conditions": [{"name": "short of breath"}]}, "just_happened", ["symptom"]),
        ({"patient.conditions": [{"name": "vasovagal syncope"}]}, "just_happened", []),
        ({"injections[0].status": "stopped", "injections[1].status": "given"}, "just_happened", []),
        ({"injections[0].status": "stopped", "injections[1].status": "planned"}, "just_happened", ["stopped"]),
        ({"injections[0].route": "other"}, "out_of_scope", ["elsewhere"]),
        ({"injections[0].route": "other"}, "route", []),
        ({f"{CONTENT}.product": {"name": "made up", "category": "steroid"}}, "out_of_scope", ["class"]),
        ({f"{CONTENT}.product": "semaglutide"}, "out_of_scope", ["substance"]),
        ({"injections[0].site.region": "knee", "injections[0].site": {"region": "knee"}}, "side", []),
        ({"injections[0].site": {"point": "CV12"}}, "side", []),
        ({"injections[0].site": {"point": "ST36", "side": "midline"}}, "side", ["missing"]),
        ({"injections[0].site": {"point": "ST36 left"}}, "side", []),
        ({"injections[0].site": {"point": "ST99"}}, "side", []),
        ({"injections[0].site.skin": "inflamed"}, "skin", ["infected"]),
        ({"injections[0].site.skin": "unknown"}, "skin", ["unknown"]),
        ({"injections[0].sensation": "de_qi"}, "nerve_sensation", []),
        ({"previous": [{"product": "cyanocobalamin"}]}, "first_dose", []),
        ({"previous": [{"product": "lidocaine"}]}, "first_dose", ["first"]),
        ({"previous": [], f"{CONTENT}.product": "what is this", "injections[1].status": "not_done"}, "first_dose", []),
    ],
)
def test_what_is_said(change, rule, expected):
    assert cases(with_(change), rule) == expected


@pytest.mark.parametrize(
    ("allergy", "product", "more", "expected"),
    [
        ("cobalt", "methylcobalamin", {}, ["match"]),
        ("B12", "cyanocobalamin-1000mcg-ml", {}, ["match"]),
        ("NKDA", "cyanocobalamin-1000mcg-ml", {}, []),
        ("cobalt", "cyanocobalamin-1000mcg-ml", {"patient.tolerated": ["B12"]}, ["tolerated"]),
        ("cobalt", "cyanocobalamin-1000mcg-ml", {"patient.tolerated": ["saline"]}, ["match"]),
        ("nickel", "cyanocobalamin-1000mcg-ml", {}, ["cross"]),
        ("penicillin", "what is this", {}, ["contents_unknown"]),
        ("penicillin", {"name": "ours", "allergens": ["lanolin"]}, {}, ["contents_unknown"]),
        ("lanolin", {"name": "ours", "allergens": ["lanolin"]}, {}, ["match"]),
        ("lidocaine", "lidocaine-1pct-multidose", {}, ["match"]),
        ("bee stings", {"name": "apitoxin", "category": "bee venom"}, {}, ["contents_unknown"]),
        ("parabens", {"name": "lidocaine 1%", "preservatives": ["methylparaben"]}, {}, ["match"]),
        ("no allergy to cobalt", "cyanocobalamin-1000mcg-ml", {}, []),
        ("Traumeel", "traumeel-injection-medinatura", {}, ["match"]),
    ],
)
def test_allergies(allergy, product, more, expected):
    made = with_({"patient.allergies": [{"substance": allergy}], f"{CONTENT}.product": product, **more}, unset=["injections[1]"])

    if allergy == "bee stings":  # at the least asked about
        assert cases(made, "allergy")
    else:
        assert cases(made, "allergy") == expected


@pytest.mark.parametrize(
    ("previous", "expected"),
    [
        ([{"product": "B12", "reaction": "Hives!"}], ["severe"]),
        ([{"product": "B12", "reaction": "none."}], []),
        ([{"product": "B12", "reaction": None}], []),
        ([{"product": "B12", "reaction": ""}], ["unclear"]),
        ([{"product": "lidocaine", "reaction": "hives"}], []),
        ([{"product": "B12", "reaction": "bruise and collapse"}], ["severe"]),
        ([{"product": "lidocaine", "date": TODAY, "reaction": "felt odd"}], ["today"]),
        ([{"product": "lidocaine", "date": TODAY, "reaction": "a bruise"}], []),
        ([{"product": "lidocaine", "date": YESTERDAY, "reaction": "felt odd"}], []),
        ([{"product": "cobalamin", "reaction": "hives"}], ["severe"]),
    ],
)
def test_reactions_before(previous, expected):
    assert cases(with_({"previous": previous}), "previous_reaction") == expected


CONDITIONS = [one for one in knowledge.vocabulary().values() if one.kind == "condition"]


@pytest.mark.parametrize("region", [None, "arm", "left knee", "neck", "ST36", "nowhere on file"])
@pytest.mark.parametrize("concept", CONDITIONS, ids=lambda one: one.id)
def test_every_condition_is_answered_wherever_it_lies(concept, region):
    plan = ordinary_plan()
    plan["patient"]["conditions"] = [{"name": concept.term, "region": region}]
    plan["injections"] = [
        changed(plan["injections"][0], {"id": point, "site.point": point})
        for point in ("GB21", "ST36", "LI11", "CV12", "BL23", "ST99")
    ]

    assessment = check(plan)

    assert all(issue.message and issue.sources for issue in assessment.issues)
    assert not any(one.field.startswith("patient.conditions") for one in assessment.not_understood)


@pytest.mark.parametrize("kind", ["medication", "allergy"])
def test_every_medicine_and_allergy_is_answered(kind):
    field, key = {"medication": ("medications", "name"), "allergy": ("allergies", "substance")}[kind]
    for concept in knowledge.vocabulary().values():
        if concept.kind == kind:
            assert check(with_({f"patient.{field}": [{key: concept.term}]})).not_understood == ()


@pytest.mark.parametrize(
    ("condition", "site", "expected"),
    [
        ({"name": "lymphedema", "region": "arm", "side": "right"}, {"point": "LI11", "side": "left"}, []),
        ({"name": "lymphedema", "region": "arm", "side": "right"}, {"point": "LI11", "side": "right"}, ["limb"]),
        ({"name": "lymphedema", "region": "arm", "side": "right"}, {"point": "LI11"}, ["limb_unclear"]),
        ({"name": "lymphedema", "region": "arm"}, {"point": "LI11", "side": "right"}, ["limb_unclear"]),
        ({"name": "lymphedema", "region": "arm", "side": "right"}, {"point": "ST36", "side": "right"}, []),
        ({"name": "lymphedema"}, {"point": "ST99", "side": "right"}, ["limb_unclear"]),
        ({"name": "lymphedema", "region": "leg", "side": "left"}, {"point": "SP9", "side": "bilateral"}, ["limb"]),
        ({"name": "lymphedema"}, {"point": "GV20"}, []),
        ({"name": "linfedema del brazo izq."}, {"point": "LI11", "side": "left"}, ["limb"]),
        ({"name": "linfedema del brazo izq."}, {"point": "LI11", "side": "right"}, []),
        ({"name": "左上肢淋巴水肿"}, {"point": "LI11", "side": "left"}, ["limb"]),
        ({"name": "左上肢淋巴水肿"}, {"point": "LI11", "side": "right"}, []),
        ({"name": "上肢淋巴水肿，左膝置换"}, {"point": "LI11", "side": "right"}, ["limb_unclear"]),
        ({"name": "lymphedema of the arm, left knee replaced"}, {"point": "LI11", "side": "right"}, ["limb_unclear"]),
    ],
)
def test_lymphoedema(condition, site, expected):
    assert (
        cases(with_({"patient.conditions": [condition], "injections[0].site": site}, unset=["injections[1]"]), "lymphoedema")
        == expected
    )


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_a_mixture_is_named_once(parts):
    contents = [
        {"product": name, "volume_ml": 0.1}
        for name in ("cyanocobalamin-1000mcg-ml", "lidocaine-1pct-multidose", "bacteriostatic-saline-0.9")[:parts]
    ]
    made = with_({"injections[0].contents": contents}, unset=["injections[1]"])

    assert cases(made, "mixture") == ([] if parts == 1 else ["untested"])
    assert [issue.severity for issue in found(made, "mixture")] == ([] if parts == 1 else ["warn"])
