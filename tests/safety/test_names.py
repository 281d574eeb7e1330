"""What people type leads to the fact they mean, or to a choice; no point is ever guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waterneedle import knowledge
from waterneedle.safety import denials, names, phrases, relatives

POINTS = knowledge.points()
# Names that two points share but for the tones, which nobody types: a choice is offered, none is taken.
HOMONYMS = {
    frozenset(pair)
    for pair in [
        ("CV7", "GV28"),
        ("CV19", "EX-CA1"),
        ("EX-HN6", "LI2"),
        ("GB12", "SI4"),
        ("GB29", "ST3"),
        ("GB32", "LR6"),
        ("KI15", "TE3"),
        ("LI18", "ST32"),
        ("LI19", "TE22"),
    ]
}
CONCEPTS = [
    (concept, name)
    for concept in knowledge.vocabulary().values()
    if concept.kind != "symptom"
    for name in (
        concept.term,
        *concept.names,
        *concept.names_es,
        *concept.names_zh,
        *concept.icd10cm,
        *concept.rxnorm,
        *concept.atc,
    )
]


@pytest.mark.parametrize(
    ("name", "code", "side"),
    [
        ("ST36", "ST36", None),
        ("ST-36", "ST36", None),
        ("St.36", "ST36", None),
        ("st 036", "ST36", None),
        ("st36", "ST36", None),
        ("st 36 left", "ST36", "left"),
        ("ST36 L", "ST36", "left"),
        ("L ST36", "ST36", "left"),
        ("left ST36", "ST36", "left"),
        ("Zusanli", "ST36", None),
        ("zu san li", "ST36", None),
        ("Zúsānlǐ", "ST36", None),
        ("足三里", "ST36", None),
        ("左足三里", "ST36", "left"),
        ("右足三里", "ST36", "right"),
        ("足三里 右", "ST36", "right"),
        ("Zusanli xue", "ST36", None),
        ("UB60", "BL60", None),
        ("BL-60 rt", "BL60", "right"),
        ("B 23", "BL23", None),
        ("bl 23 both", "BL23", "bilateral"),
        ("Ren 4", "CV4", None),
        ("rn4", "CV4", None),
        ("Du 20", "GV20", None),
        ("DU-14", "GV14", None),
        ("SJ5", "TE5", None),
        ("TW 5", "TE5", None),
        ("P6", "PC6", None),
        ("LIV3", "LR3", None),
        ("Lv 3", "LR3", None),
        ("He7", "HT7", None),
        ("K3", "KI3", None),
        ("hegu r", "LI4", "right"),
        ("Hegu", "LI4", None),
        ("合谷", "LI4", None),
        ("GB 21 rt", "GB21", "right"),
        ("GB21 derecho", "GB21", "right"),
        ("GB21 izquierda", "GB21", "left"),
        ("EX-HN3", "EX-HN3", None),
        ("ex hn 3", "EX-HN3", None),
        ("Yintang", "EX-HN3", None),
        ("印堂", "EX-HN3", None),
        ("CV17 midline", "CV17", "midline"),
        (" gb21 ", "GB21", None),
    ],
)
def test_a_point_is_known_by_code_pinyin_and_hanzi_with_or_without_a_side(name, code, side):
    place = names.point(name)

    assert (place.id, place.side) == (code, side)


@pytest.mark.parametrize("code", POINTS)
def test_every_code_leads_to_its_point(code):
    assert [names.point(text).id for text in (code, code.lower(), code.replace("-", " "), f"{code} left")] == [code] * 4


@pytest.mark.parametrize("code", POINTS)
def test_every_name_of_a_point_leads_to_it_or_offers_the_points_that_share_it(code):
    point = POINTS[code]
    for name in (point.pinyin, point.hanzi, point.hanzi_traditional, *point.aliases):
        place = names.point(name)
        if place.id is None:
            assert frozenset(place.near) in HOMONYMS
            assert code in place.near
        else:
            assert place.id == code


def test_every_hanzi_name_leads_to_its_own_point():
    assert {code: names.point(point.hanzi).id for code, point in POINTS.items()} == {code: code for code in POINTS}


def test_an_ambiguous_name_offers_both_points():
    assert names.point("Futu") == names.Place(None, None, ("LI18", "ST32"))
    assert names.point("futu left").side == "left"


@pytest.mark.parametrize(
    "name",
    [
        "ST99",
        "ST0",
        "ST46",
        "GB45",
        "LU12",
        "CV25",
        "XX3",
        "ST363",
        "36",
        "ST",
        "EX-HN99",
        "",
        "   ",
        "point",
        "ST36 LI4",
        "ST36/ST37",
    ],
)
def test_a_point_that_does_not_exist_is_not_understood(name):
    assert names.point(name).id is None


@pytest.mark.parametrize(
    "name", ["Zusanly", "Zuzanli", "Heku", "Hegou", "Sanyinjia", "足三", "Fengchi2", "Jianjin", "Quchii", "三足里"]
)
def test_a_misspelled_point_is_offered_and_never_taken(name):
    assert names.point(name).id is None


@settings(deadline=None, max_examples=300)
@given(st.sampled_from([point.pinyin for point in POINTS.values()]), st.data())
def test_no_point_is_taken_by_distance(pinyin, data):
    letters = list(names.plain(pinyin).replace(" ", ""))
    place = data.draw(st.integers(0, len(letters) - 1))
    letters[place] = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    typed = "".join(letters)

    found = names.point(typed)

    assert found.is_exact
    if found.id is not None:
        point = POINTS[found.id]
        on_file = {names.plain(name).replace(" ", "") for name in (point.pinyin, *point.aliases)}
        assert typed in on_file or typed.removesuffix("xue") in on_file


@pytest.mark.parametrize(
    ("name", "muscle", "side"),
    [
        ("left QL", "trp-ql", "left"),
        ("QL", "trp-ql", None),
        ("quadratus lumborum", "trp-ql", None),
        ("upper trapezius", "trp-utrap", None),
        ("uptrap", "trp-utrap", None),
        ("levator scapulae right", "trp-levsc", "right"),
        ("lower trapezius", "trp-ltrap", None),
        ("Rhomboid", "trp-rhom", None),
    ],
)
def test_a_muscle_is_known_by_its_names(name, muscle, side):
    place = names.muscle(name)

    assert (place.id, place.side) == (muscle, side)


@pytest.mark.parametrize("identity", knowledge.trigger_points())
def test_every_name_of_a_muscle_leads_to_it(identity):
    trigger = knowledge.trigger_points()[identity]

    assert {name: names.muscle(name).id for name in (identity, trigger.muscle, *trigger.names)} == dict.fromkeys(
        (identity, trigger.muscle, *trigger.names), identity
    )


@pytest.mark.parametrize("name", ["abductor pollicis", "abductor longus", "trapezius", "gluteus", "left"])
def test_a_name_that_may_be_another_muscle_is_not_taken(name):
    assert names.muscle(name).id is None


@pytest.mark.parametrize("identity", knowledge.regions())
def test_every_name_of_a_region_leads_to_it(identity):
    region = knowledge.regions()[identity]

    assert {name: names.region(name).id for name in region.names} == dict.fromkeys(region.names, identity)


@pytest.mark.parametrize(
    ("name", "region", "side"),
    [
        ("lower back", "lower_back", None),
        ("left knee", "knee", "left"),
        ("rodilla", "knee", None),
        ("膝", "knee", None),
        ("knee, right", "knee", "right"),
        ("brazo izq.", "arm", "left"),
        ("左臂", "arm", "left"),
        ("左臂淋巴水肿", "arm", "left"),
    ],
)
def test_a_region_is_known_in_three_languages(name, region, side):
    place = names.region(name)

    assert (place.id, place.side) == (region, side)


@pytest.mark.parametrize(
    ("kind", "name", "ids"),
    [
        ("medication", "Coumadin", ["warfarin"]),
        ("medication", "WARFARIN", ["warfarin"]),
        ("medication", "warfarin 5 mg daily", ["warfarin"]),
        ("medication", "B01AA03", ["warfarin"]),
        ("medication", "华法林", ["warfarin"]),
        ("medication", "warfarina", ["warfarin"]),
        ("medication", "blood thinner", ["anticoagulant"]),
        ("medication", "anticoagulante", ["anticoagulant"]),
        ("medication", "Eliquis 5 mg", ["apixaban"]),
        ("medication", "warfarin, aspirin", ["warfarin", "aspirin"]),
        ("medication", "prednisone and warfarin", ["prednisone", "warfarin"]),
        ("allergy", "cobalt", ["cobalt"]),
        ("allergy", "B12", ["cobalamin"]),
        ("allergy", "sulfa", ["sulfonamide"]),
        ("allergy", "sulfite", ["sulfite"]),
        ("condition", "COPD", ["chronic_lung_disease"]),
        ("condition", "asma", ["asthma"]),
        ("condition", "哮喘", ["asthma"]),
        ("observation", "INR", ["inr"]),
        ("observation", "platelet count", ["platelets"]),
    ],
)
def test_a_concept_is_known_by_what_people_type(kind, name, ids):
    meaning = names.concept(kind, name)

    assert (list(meaning.ids), meaning.is_exact, meaning.says_none) == (ids, True, False)


@pytest.mark.parametrize("kind", ["condition", "medication", "allergy", "observation"])
def test_every_name_of_a_concept_leads_to_it(kind):
    lost = {
        (concept.id, name)
        for concept, name in CONCEPTS
        if concept.kind == kind
        for meaning in [names.concept(kind, name)]
        if concept.id not in meaning.ids and not (concept.id.startswith("none-") and meaning.says_none)
    }

    assert lost == set()


@pytest.mark.parametrize(
    ("kind", "name", "ids"),
    [
        ("medication", "warfarrin", ["warfarin"]),
        ("medication", "apixabam", ["apixaban"]),
        ("allergy", "cobolt", ["cobalt"]),
        ("condition", "astma", ["asthma"]),
    ],
)
def test_a_misspelled_concept_is_taken_and_said_to_be_respelled(kind, name, ids):
    meaning = names.concept(kind, name)

    assert (list(meaning.ids), meaning.is_exact) == (ids, False)


@pytest.mark.parametrize(
    ("kind", "name", "never"),
    [
        ("allergy", "sulfa", "sulfite"),
        ("allergy", "sulfite", "sulfonamide"),
        ("medication", "prednison", "prednisolone"),
        ("medication", "hydroxyzine", "hydralazine"),
        ("medication", "heparine sodium lock", "warfarin"),
        ("medication", "zzyzxumab", "rituximab"),
        ("condition", "hypotension", "hypertension"),
        ("condition", "hypokalemia", "hyperkalaemia"),
        ("condition", "hyperthyroid", "hypothyroidism"),
    ],
)
def test_a_look_alike_is_not_taken(kind, name, never):
    assert never not in names.concept(kind, name).ids


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("medication", "not taking warfarin"),
        ("medication", "no blood thinner"),
        ("medication", "warfarin stopped"),
        ("medication", "sin anticoagulante"),
        ("condition", "denies asthma"),
        ("condition", "no COPD"),
        ("condition", "without pacemaker"),
        ("condition", "never had a seizure"),
        ("allergy", "no allergy to cobalt"),
        ("allergy", "not allergic to lidocaine"),
        ("condition", "negative for HIV"),
    ],
)
def test_a_denied_phrase_is_not_affirmed(kind, name):
    assert names.concept(kind, name).ids == ()


@pytest.mark.parametrize(
    ("kind", "name", "ids"),
    [
        ("condition", "COPD, not on oxygen", ("chronic_lung_disease",)),
        ("condition", "haemophilia A; no bleeds this year", ("haemophilia",)),
        ("condition", "lymphoedema left arm, no sleeve today", ("lymphoedema",)),
        ("condition", "pacemaker (no problems)", ("pacemaker",)),
        ("condition", "linfedema, sin manga", ("lymphoedema",)),
        ("condition", "血友病，没有出血", ("haemophilia",)),
        ("medication", "warfarin, no aspirin", ("warfarin",)),
        ("allergy", "lidocaine, never tested", ("lidocaine",)),
    ],
)
def test_what_is_denied_after_a_comma_denies_nothing_before_it(kind, name, ids):
    assert names.concept(kind, name).ids == ids


@pytest.mark.parametrize(
    ("kind", "name", "near"),
    [
        ("condition", "lymphedema left arm without sleeve", ("lymphoedema",)),
        ("condition", "haemophilia never treated", ("haemophilia",)),
        ("condition", "COPD, not confirmed", ("chronic_lung_disease",)),
        ("condition", "COPD, denied", ("chronic_lung_disease",)),
        ("condition", "COPD: no", ("chronic_lung_disease",)),
        ("condition", "pregnant, not sure", ("pregnancy",)),
        ("medication", "apixaban, stopped yesterday", ("apixaban",)),
        ("medication", "warfarin, not any more", ("warfarin",)),
        ("condition", "no COPD", ()),
        ("condition", "denies asthma", ()),
    ],
)
def test_what_may_be_denied_is_neither_read_nor_dropped(kind, name, near):
    assert names.concept(kind, name) == names.Meaning((), near=near)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("AFib, Eliquis stopped yesterday", ("apixaban",)),
        ("apixaban, stopped yesterday", ("apixaban",)),
        ("COPD, not on oxygen; stopped Eliquis", ("apixaban",)),
        ("FA, ya no toma Eliquis", ("apixaban",)),
        ("房颤，不再服用利伐沙班", ("rivaroxaban",)),
        ("no Eliquis", ()),
        ("husband stopped Eliquis", ()),
        ("AFib on Eliquis", ()),
    ],
)
def test_what_was_stopped_is_known_by_name(text, ids):
    assert denials.stopped_medicines(text) == ids


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("medication", "no blood thinners", True),
        ("medication", "No anticoag/antiplatelets", True),
        ("medication", "not on anticoagulants", True),
        ("medication", "not on warfarin", False),
        ("medication", "no warfarin since Friday", False),
        ("medication", "not warfarin but dabigatran", False),
        ("medication", "no warfarin + Eliquis", False),
        ("medication", "未服用抗凝药", True),
        ("allergy", "not allergic to B12", True),
        ("allergy", "no allergy to B12, only to cobalt", False),
        ("allergy", "no B12", False),
        ("condition", "no asthma, COPD or seizures", True),
        ("condition", "no asthma, COPD", False),
        ("condition", "not sure if pregnant", False),
        ("condition", "否认肺病、血友病", True),
        ("condition", "HIV neg", True),
        ("condition", "HIV阴性", True),
        ("condition", "HIV neg, hepatitis B pos", False),
    ],
)
def test_a_denial_is_plain_where_it_says_nothing_else(kind, text, expected):
    assert denials.says_only_no(kind, text) is expected


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("FHx hemophilia", ""),
        ("FHx hemophilia, on warfarin", "on warfarin"),
        ("haemophilia (runs in the family)", "haemophilia"),
        ("hemophilia in her brother", ""),
        ("daughter says she takes warfarin", "daughter says she takes warfarin"),
        ("husband gives her Lovenox", "husband gives her Lovenox"),
        ("pregnant with son", "pregnant with son"),
        ("mother of two, breastfeeding", "mother of two, breastfeeding"),
        ("su madre tiene hemofilia", ""),
        ("家族史：血友病", ""),
    ],
)
def test_what_is_said_of_somebody_else_is_not_the_patients(text, own):
    assert relatives.own(text) == own


@pytest.mark.parametrize(
    ("name", "never"), [("HPV positive", "hiv"), ("HCV positive", "hiv"), ("HIV阴性", "hiv"), ("exercise program", "tacrolimus")]
)
def test_an_abbreviation_with_another_letter_is_another_thing(name, never):
    assert not any(never in names.concept(kind, name).ids for kind in ("condition", "medication"))


@pytest.mark.parametrize("kind", ["condition", "medication", "allergy"])
@pytest.mark.parametrize(
    "name", ["none", "None.", "NKDA", "nka", "no known drug allergies", "No", "nil", "ninguna", "无", "没有"]
)
def test_none_says_none(kind, name):
    assert names.concept(kind, name) == names.Meaning((), says_none=True)


@pytest.mark.parametrize("kind", ["condition", "medication", "allergy"])
@pytest.mark.parametrize("name", ["zzyzx", "x", "?", "", "👍", "123456789", "unknown", "see chart"])
def test_what_is_on_no_file_is_not_understood(kind, name):
    meaning = names.concept(kind, name)

    assert (meaning.ids, meaning.says_none) == ((), False)


@pytest.mark.parametrize("identity", knowledge.products())
def test_every_name_of_a_product_leads_to_it(identity):
    product = knowledge.products()[identity]
    all_names = (identity, product.name, *product.names, *(package.ndc for package in product.packages if package.ndc))

    assert {name: names.product(name).ids for name in all_names} == dict.fromkeys(all_names, (identity,))


@pytest.mark.parametrize("identity", knowledge.substances())
def test_every_name_of_a_substance_leads_to_it(identity):
    substance = knowledge.substances()[identity]

    assert {name: names.substance(name).ids for name in (substance.name, *substance.names)} == dict.fromkeys(
        (substance.name, *substance.names), (identity,)
    )


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("lido", ["lidocaine"]),
        ("lidocaine 1%", ["lidocaine"]),
        ("B12", ["cyanocobalamin"]),
        ("vitamin B12", ["cyanocobalamin"]),
        ("procaine", ["procaine"]),
        ("prilocaine", []),
        ("no lidocaine", []),
        ("lidocaine and procaine", ["lidocaine", "procaine"]),
    ],
)
def test_a_substance_is_known_by_what_people_type(name, ids):
    assert list(names.substance(name).ids) == ids


@pytest.mark.parametrize("name", ["lidocaine", "lido", "B12", "procaine", "saline and B12", "procain 1%"])
def test_a_substance_alone_is_no_product(name):
    assert names.product(name).ids == ()


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=60))
def test_any_words_are_read_without_more_than_three_offers(text):
    for found in (
        names.point(text),
        names.muscle(text),
        names.region(text),
        names.product(text),
        names.substance(text),
        *(names.concept(kind, text) for kind in ("condition", "medication", "allergy", "observation")),
    ):
        assert len(found.near) <= names.MOST_OFFERED


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=60))
def test_plain_words_stay_plain(text):
    assert names.plain(names.plain(text)) == names.plain(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Zúsānlǐ", "zusanli"),
        ("ST-36", "st 36"),
        ("足三里", "足三里"),
        ("  Leber's  disease ", "leber s disease"),
        ("ＳＴ３６", "st36"),
        ("ß", "ss"),
        ("!?", ""),
    ],
)
def test_plain(text, plain):
    assert names.plain(text) == plain


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("left knee", "left"),
        ("knee, right side", "right"),
        ("both knees", "bilateral"),
        ("left and right", "bilateral"),
        ("knee", None),
        ("l knee", None),
        ("linfedema del brazo izq.", "left"),
        ("brazo izqdo. hinchado", "left"),
        ("linfedema, brazo dcho.", "right"),
        ("linfedema brazo der.", "right"),
        ("linfedema brazo izq. y dcho.", "bilateral"),
        ("左上肢淋巴水肿", "left"),
        ("右上肢淋巴水肿", "right"),
        ("左臂淋巴水肿", "left"),
        ("淋巴水肿（右手臂）", "right"),
        ("右侧上肢淋巴水肿", "right"),
        ("左側的手臂淋巴水肿", "left"),
        ("两年前右上肢淋巴水肿", "right"),
        ("双上肢淋巴水肿", "bilateral"),
        ("左右上肢淋巴水肿", "bilateral"),
    ],
)
def test_the_side_anywhere_in_a_text(text, side):
    assert names.side(text) == side


@pytest.mark.parametrize("text", [
    "lymphoedema of the arm, left knee replaced", "linfedema de brazo, rodilla izq. operada", "上肢淋巴水肿，左膝置换",
    "left breast cancer, lymphoedema of the opposite arm", "左乳腺癌，对侧上肢淋巴水肿", "左、右上肢淋巴水肿",
    "left-handed, lymphoedema of the arm", "左利手，上肢淋巴水肿", "上肢淋巴水肿，服左甲状腺素", "右上肢淋巴水肿，服左甲状腺素",
    "lymphoedema of the arm after RT"])
def test_a_side_that_may_be_of_something_else_is_none(text):
    assert names.side(text) is None


SIDES = {
    "left": ["left", "l", "lt", "izquierdo", "izquierda", "izq", "izqdo", "izda", "左"],
    "right": ["right", "r", "rt", "derecho", "derecha", "der", "dcho", "dcha", "右"],
    "bilateral": ["b", "bl", "both", "bilateral", "双", "双侧"],
    "midline": ["midline"],
}


@pytest.mark.parametrize(("side", "word"), [(side, word) for side, words in SIDES.items() for word in words])
def test_a_side_stands_behind_or_before_a_place_in_every_language(side, word):
    assert names.point(f"ST36 {word}") == names.point(f"{word} ST36") == names.Place("ST36", side)
    assert names.muscle(f"levator scapulae {word}").side == side
    assert names.side(f"knee {word}") == (side if len(word) > 1 else None)


@pytest.mark.parametrize("word", ["l", "lt", "r", "rt", "b", "bl", "双侧"])
def test_before_a_muscle_two_letters_are_no_side(word):
    assert names.muscle(f"{word} levator scapulae").side is None


@pytest.mark.parametrize(
    ("letters", "last"),
    [("C", 7), ("T", 12), ("L", 5), ("S", 5)],
)
def test_every_vertebra_is_offered_no_point_of_its_number(letters, last):
    assert {names.point(f"{letters}{number}").id for number in range(1, last + 1)} == {None}


@pytest.mark.parametrize(
    ("typed", "near"), [("bl99", ("BL65", "BL66", "BL67")), ("ub99", ("BL65", "BL66", "BL67")), ("xx99", ())]
)
def test_of_a_channel_the_last_points_are_offered(typed, near):
    assert names.point(typed).near == near


def test_the_nearest_name_is_offered_first():
    assert names.muscle("abductor pollicis").near == ("trp-addpol",)
    assert names.region("knea").near[0] == "knee"


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("服用华法林", ("warfarin",)),
        ("服用华法林和阿司匹林", ("warfarin", "aspirin")),
        ("没有服用华法林", ()),
        ("未服用华法林", ()),
    ],
)
def test_a_medicine_is_found_inside_chinese(text, ids):
    assert names.concept("medication", text).ids == ids


@pytest.mark.parametrize("word", sorted(phrases.DENIALS - {"无", "没有"}))
def test_every_word_of_denial_denies(word):
    assert names.concept("condition", f"{word} asthma attack").ids == ()
    assert names.concept("condition", "asthma attack").ids == ("asthma",)


@pytest.mark.parametrize("word", sorted(names._NOTHING))
def test_every_word_for_none_says_none(word):
    assert names.concept("allergy", word).says_none
