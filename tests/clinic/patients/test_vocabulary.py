"""The words that are offered while a condition, an allergy or a medicine is typed; what is chosen is what the chart holds."""
import pytest

from waterneedle.clinic.patients.vocabulary import offered


def words(kind: str, said: str, identity: str, language: str) -> str:
    return next(one.term for one in offered(kind, said, language) if one.concept == identity)


# A name of one of its kinds would put a disease or a medicine in the chart that nobody named.
@pytest.mark.parametrize(("kind", "said", "identity", "shown"), [
    ("condition", "diabetes", "diabetes", "diabetes"),
    ("condition", "glaucoma", "glaucoma", "glaucoma"),
    ("condition", "anemia", "anaemia", "anemia"),
    ("condition", "discapacidad intelectual", "lack_of_capacity", "falta de capacidad para decidir"),
    ("allergy", "azitromicina", "macrolide", "otro antibiótico"),
    ("allergy", "morfina", "opioid_allergy", "opioides"),
    ("medication", "laxante", "bowel-medicine", "medicamento intestinal"),
    ("medication", "venlafaxina", "snri", "antidepresivo IRSN"),
    ("medication", "colchicina", "gout-medicine", "medicamento para la gota"),
])
def test_what_is_offered_in_spanish_names_the_whole_and_not_one_of_its_kinds(kind, said, identity, shown):
    assert words(kind, said, identity, "es") == shown


@pytest.mark.parametrize(("kind", "said", "identity", "shown"), [
    ("condition", "智力障碍", "lack_of_capacity", "无行为能力"),
    ("condition", "丙肝", "hepatitis-viral", "病毒性肝炎"),
    ("condition", "二尖瓣脱垂", "endocarditis_risk", "心内膜炎风险"),
    ("condition", "石棉肺", "chronic_lung_disease", "慢性肺病"),
    ("allergy", "阿奇霉素", "macrolide", "其他抗生素"),
    ("allergy", "吗啡", "opioid_allergy", "阿片类"),
    ("medication", "泻药", "bowel-medicine", "肠道用药"),
    ("medication", "文拉法辛", "snri", "SNRI类抗抑郁药"),
    ("medication", "秋水仙碱", "gout-medicine", "痛风药"),
])
def test_what_is_offered_in_chinese_names_the_whole_and_not_one_of_its_kinds(kind, said, identity, shown):
    assert words(kind, said, identity, "zh-hans") == shown
