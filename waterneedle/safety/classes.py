"""What the classes of fluids are called, in the language of the sentence that names them.

None of the translations was reviewed by anybody who treats in the language, and the sentence they stand in says so.
"""
from __future__ import annotations

from waterneedle.knowledge import Text

_WORDS = {
    "antibiotic": ("antibiótico", "抗生素"),
    "autologous_blood": ("sangre autóloga", "自体血"),
    "bee_venom": ("veneno de abeja", "蜂毒"),
    "botulinum_toxin": ("toxina botulínica", "肉毒毒素"),
    "controlled_substance": ("sustancia controlada", "管制药品"),
    "emergency": ("medicamento de emergencia", "急救药品"),
    "enzyme": ("enzima", "酶"),
    "glp1_agonist": ("agonista del GLP-1", "GLP-1 受体激动剂"),
    "glucose_dextrose": ("glucosa o dextrosa", "葡萄糖"),
    "herb": ("planta medicinal", "草药"),
    "homeopathic": ("homeopático", "顺势疗法制剂"),
    "hyaluronic_acid": ("ácido hialurónico", "透明质酸"),
    "local_anesthetic": ("anestésico local", "局部麻醉药"),
    "mineral": ("mineral", "矿物质"),
    "natural_substance": ("sustancia natural", "天然物质"),
    "nsaid": ("antiinflamatorio no esteroideo", "非甾体抗炎药"),
    "nutritional": ("nutriente", "营养素"),
    "other_medicine": ("otro medicamento", "其他药物"),
    "ozone": ("ozono", "臭氧"),
    "placenta": ("placenta", "胎盘"),
    "saline": ("suero salino", "生理盐水"),
    "sarapin": ("Sarapin", "Sarapin"),
    "sodium_bicarbonate": ("bicarbonato de sodio", "碳酸氢钠"),
    "sterile_water": ("agua estéril", "灭菌注射用水"),
    "steroid": ("corticoide", "类固醇"),
    "vitamin": ("vitamina", "维生素"),
    "vitamin_b12": ("vitamina B12", "维生素 B12"),
}


def named(name: str) -> Text:
    """The class as it is read; one without a translation is English in every language."""
    es, zh_hans = _WORDS.get(name, (None, None))
    return Text(en=name.replace("_", " "), es=es, zh_hans=zh_hans)
