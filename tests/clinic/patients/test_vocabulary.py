"""The words that are offered while a condition, an allergy or a medicine is typed; what is chosen is what the chart holds."""
import pytest

from waterneedle.clinic.patients.vocabulary import offered


def words(kind: str, said: str, identity: str) -> str:
    return next(one.term for one in offered(kind, said, "es") if one.concept == identity)


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
    assert words(kind, said, identity) == shown
