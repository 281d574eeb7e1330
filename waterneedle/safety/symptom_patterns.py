"""Symptoms as patients write them, where no list of names is long enough: patterns over the text that `own_words.normal` gives.

Each pattern has the ids and classes of the vocabulary that it stands for (or words of its own, which `triage` asks for by name).
A gap between two words holds no denial, so that "chest does not hurt" is left to be read as denied.
"""

from __future__ import annotations

import re

_GAP = r"(?: (?!(?:no|not|dont|doesnt|isnt|didnt|without|sin|ni)\b)[^ §]+){0,4}? "
_ZGAP = "[^不没无未，]{0,4}?"
_PAIN = (
    r"(?:pains?|painful|hurts?|hurting|aches?|aching|achy|sore|soreness|tender|cramps?|cramping|"
    r"stabbing|throbbing|dolor|dolores|duelen?|doliendo|adolorid[oa]|punzadas?)"
)
_ZPAIN = "[痛疼]"
_SWELL = r"(?:swell\w*|swollen|puff\w*|hinch\w*|inflamad\w*)"
_LIMB = (
    r"(?:arms?|legs?|hands?|foot|feet|limbs?|fingers?|toes?|knees?|thumb|grip|brazos?|piernas?|"
    r"manos?|pies?|dedos?|rodillas?)"
)
_FACE = r"(?:face|lips?|eyes?|eyelids?|cheeks?|cara|labios?|ojos?|parpados?)"
_THROAT = r"(?:throat|garganta)"
_CANT = (
    r"(?:cant|hard time|tough time|unable to|not able to|hard to|difficult to|difficulty|trouble|"
    r"struggl\w+ to|barely|hardly|no puedo|me cuesta|apenas puedo|no logro)"
)
_CHEST = r"(?:chest|breastbone|sternum|ribs?|rib ?cage|pecho|torax|costillas?|esternon)"
_BELLY = r"(?:stomach|belly|tummy|abdomen|abdominal|vientre|barriga|estomago)"


def _either(one: str, other: str) -> str:
    return rf"\b{one}(?:{_GAP}|  ?){other}\b|\b{other}{_GAP}{one}\b"


def _pattern(words: str, *alternatives: str) -> tuple[frozenset[str], re.Pattern[str]]:
    return frozenset(words.split()), re.compile("|".join(alternatives))


PATTERNS = (
    _pattern("pain", rf"\b{_PAIN}\b", _ZPAIN),
    _pattern(
        "chest_pain",
        _either(
            _CHEST,
            rf"(?:{_PAIN}|tight\w*|funny|weird|odd|strange|wrong|uncomfortable|rar[oa]|pressure|heavy|"
            rf"heaviness|squeez\w+|burn\w+|opresion|presion|apretad[oa])",
        ),
        rf"\b{_PAIN}{_GAP}(?:i )?(?:breath\w*|inhale|respir\w+)\b",
        r"\bhurts? to (?:breathe|inhale|cough)\b",
        rf"\b(?:breaths?|breathing|inhal\w+|respir\w+){_GAP}{_PAIN}\b",
        rf"(?:胸|肋骨|心口){_ZGAP}[痛疼闷紧压]",
        rf"(?:呼吸|吸气){_ZGAP}[痛疼]",
    ),
    _pattern(
        "breathlessness",
        rf"\b(?:{_CANT}|hurts to|tough to|short|shallow|fast|out of|catch\w*|labou?red|heavy|"
        rf"gasp\w*)(?: (?:no )?[^ §]+){{0,3}}? ?\b(?:breath|breathe|breathing|air|inhale)\b",
        r"\b(?:breath|breathing|breathe)(?: (?!(?:fine|normal|normally|ok|okay|well|easy|easily|not|"
        r"isnt)\b)[^ §]+){0,3}? (?:short|hard|harder|difficult\w*|heavy|labou?red|shallow|bad|badly|"
        r"worse|trouble|fast|weird|funny|off)\b",
        r"\b(?:no puedo|me cuesta|cuesta|dificil|dificultad|falta|faltando|sin|apenas|"
        r"no me entra)(?: [^ §]+){0,3}? (?:respirar|aire|aliento|respiracion)\b",
        r"\bsin (?:aire|aliento)\b",
        r"\blungs?\b|\bpulmon(?:es)?\b|肺",
        r"\bno puedo (?:tomar|coger|jalar) (?:el )?aire\b",
        r"\b(?:respiro|respiracion)(?: [^ §]+){0,2}? (?:mal|dificil|corta|agitada|rapido|rapida)\b",
        r"\b(?:not|isnt|stopped|stops|quit) breathing\b"
        r"(?! (?:hard\w*|fast\w*|heavy|heavily|badly|problems?|troubles?|difficult\w*))",
        r"(?:没有?|不|停止)呼吸(?=$|了|[ §])",
        r"\bsuffocat\w+|\basfixi\w+|\bsmother\w+",
        r"(?:呼吸|喘气|吸气)[^不没]{0,3}(?:困难|急促|急|短|费力|难|不畅)",
        r"(?:呼吸|喘|透|吸)(?:不过|不上|不了|不到)",
        r"(?:不能|无法|难以|很难|没法|没办法)[^，]{0,2}(?:呼吸|喘)",
        r"[气]短|喘",
    ),
    _pattern(
        "cough_blood",
        r"\b(?:cough\w*|spit\w*)(?: [^ §]+){0,3}? (?:blood\w*|bloody)\b",
        r"\bblood\w*(?: [^ §]+){0,3}? (?:cough\w*|spit\w*|phlegm|sputum|mucus)\b",
        r"\b(?:tos\w*|escup\w*|flema)(?: [^ §]+){0,2}? sangre\b",
        "咳[^不没]{0,3}血",
        "痰[^不没]{0,2}血",
    ),
    _pattern("blue_lips breathlessness", _either(r"lips?|lip", r"(?:blue|bluish|purple|grey|gray)"), "嘴唇[^不没]{0,2}[紫青黑]"),
    _pattern(
        "shoulder_tip",
        r"\b(?:tip|top) of (?:my |the )?(?:left |right )?shoulder\b",
        r"\bshoulder tip\b",
        r"\bpunta del hombro\b",
        "肩尖",
    ),
    _pattern(
        "throat_tightness",
        _either(
            _THROAT,
            r"(?:tight\w*|clos\w+|swell\w*|swollen|lump|block\w*|cierr\w*|cerrad[oa]|hincha\w*|apreta\w*|"
            r"constrict\w*|narrow\w*)",
        ),
        _either(r"(?:mouth|boca)", _SWELL),
        rf"\b{_CANT}(?: [^ §]+)? (?:swallow\w*|tragar)\b",
        "(?:喉咙?|嗓子?|咽喉)[^不没]{0,3}[紧肿堵锁闭]",
        "(?:咽|吞)[^，]{0,2}(?:不下|困难|不了)",
    ),
    _pattern(
        "tongue_swelling",
        _either(r"(?:tongue|tounge|toungue|tung|lengua)", rf"(?:{_SWELL}|thick|big|bigger|fat|gruesa)"),
        "舌头?[^不没]{0,3}[肿胀大]",
    ),
    _pattern("face_swelling", _either(_FACE, _SWELL), "(?:脸|面部|嘴唇?|眼皮|眼睛|眼睑)[^不没]{0,3}肿"),
    _pattern("neck_swelling", _either(r"(?:neck|cuello)", _SWELL), "(?:脖子|颈部?)[^不没]{0,3}肿"),
    _pattern(
        "anaphylaxis",
        r"\banaphyla\w+|\banafila\w+|\b(?:severe|bad|serious|grave|fuerte) (?:allergic reaction|"
        r"reaccion alergica)",
        r"\breaccion alergica (?:grave|fuerte|severa)",
        r"\bepi ?pens?\b|\bautoinyector\w*",
        "过敏性休克|休克|严重过敏|肾上腺素笔",
    ),
    _pattern("hives", r"\ballergic reaction\b|\breaccion alergica\b|\bhives?\b|\burticari\w+", "过敏"),
    _pattern(
        "collapse fainting",
        r"\bcollaps\w+|\bunconscious\w*|\bunresponsive|\b(?:wont|cant|doesnt) wake\b|\bdesplom\w+|"
        r"\binconsciente",
        "昏迷|叫不醒|没有?意识|倒地",
    ),
    _pattern("stroke", r"\bstroke\b|\bictus\b|\bderrame cerebral|\bembolia", "中风|脑卒中|脑梗|脑出血"),
    _pattern(
        "drooping_face",
        _either(
            r"(?:face|mouth|smile|eyelid|cara|boca|parpado)",
            r"(?:droop\w*|drop\w*|crooked|fallen|lopsided|sagg\w+|torcid[oa]|caid[oa])",
        ),
        "(?:脸|嘴|口角|嘴角)[^不没]{0,2}[歪斜]",
    ),
    _pattern(
        "slurred_speech",
        _either(
            r"(?:speech|speak\w*|talk\w*|words|habla\w*|hablo)",
            r"(?:slur\w*|garbl\w*|jumbl\w*|mixed up|muddl\w*|funny|wont come|difficult\w*|trouble|cant|arrastr\w*|raro)",
        ),
        r"\b(?:cant|no puedo) (?:speak|talk|hablar)\b",
        "(?:说话|讲话|口齿)[^不没]{0,2}(?:不清|含糊|困难)|说不出话",
    ),
    _pattern(
        "vision_loss",
        rf"\b(?:{_CANT}|lost|losing|blurr\w+|blurry|borros[oa]|perdi\w*)(?: (?!(?:why|how|what|"
        rf"if)\b)[^ §]+){{0,2}}? (?:see|sight|vision|eyesight|ver|vista)(?! (?:you|the doctor|why|a))\b",
        r"\b(?:loss of|perdida de)(?: la)? (?:vision|sight|eyesight|vista)\b",
        r"\bgo\w* blind\b|\bblind in\b|\bciego\b|\bciega\b",
        r"\b(?:vision|sight|eyesight|vista|vision)(?: [^ §]+){0,2}? (?:blurr\w*|blurry|gone|going|black|"
        r"dark\w*|borrosa|negra)\b",
        "看不[见清到]|失明|视(?:力|物)[^正]{0,3}(?:模糊|下降|丧失)",
    ),
    _pattern("eye_pain", _either(r"(?:eyes?|eyeball|ojos?)", _PAIN), f"(?:眼睛?|眼球){_ZGAP}{_ZPAIN}"),
    _pattern(
        "severe_headache",
        r"\bheadaches?\b|\bmigraines?\b",
        _either(r"(?:head|skull)", _PAIN),
        r"\bdolor(?:es)? de cabeza\b|\bcefalea\b|\bjaqueca\b|\bduele(?: [^ §]+)? cabeza\b",
        f"头{_ZGAP}{_ZPAIN}",
    ),
    _pattern(
        "grave_headache severe_headache",
        _either(
            r"(?:severe|severely|worst|thunderclap|sudden|suddenly|terrible|horrible|splitting|excruciating|"
            r"unbearable|explod\w+|intense|bad|killing|fuerte|intenso|repentino|terrible|insoportable|peor)",
            r"(?:headaches?|head|migraine|dolor de cabeza|cefalea)",
        ),
        "(?:剧烈|突然|突发|爆炸|最)[^，]{0,4}头[^，]{0,2}[痛疼]|头[^，]{0,2}[痛疼][^，]{0,3}(?:剧烈|欲裂|厉害|死|受不了)",
    ),
    _pattern(
        "neck_stiffness",
        _either(r"(?:neck|cuello|nuca)", r"(?:stiff\w*|rigid\w*|locked)"),
        "(?:脖子|颈部?|颈项)[^不没]{0,3}[僵硬强]",
    ),
    _pattern(
        "weakness",
        rf"\b{_CANT}(?: (?:really|even|properly|to))? (?:lift\w*|mov\w+|rais\w+|bend\w*|grip\w*|hold\w*|"
        rf"walk\w*|stand\w*|climb\w*|straighten\w*|levantar\w*|mover\w*|camin\w*|andar|agarrar|doblar|"
        rf"sostener|subir)",
        _either(
            _LIMB,
            r"(?:weak\w*|floppy|limp|lifeless|useless|debil\w*|sin fuerza|no responden?|giv\w+ (?:way|out)|"
            r"gave (?:way|out)|buckl\w+|drop\w*|drags?|dragging|arrastr\w*)",
        ),
        r"(?:抬|举|动|走|握|站|拿)(?:不起|不了|不动|不稳|不住)",
        r"(?:不能|无法|没法|很难)[^，]{0,2}(?:抬|举|动|走|握|站)",
        "(?:手|脚|腿|胳膊|臂|半边|半身|一侧)[^，有]{0,4}(?:没力|无力|没劲|发软)",
        "(?:手|脚|腿|胳膊|臂|半边|半身|一侧|身体)[^，]{0,3}没有(?:力|劲)",
    ),
    _pattern(
        "foot_drop weakness",
        _either(
            r"(?:foot|feet|toes|pie)",
            r"(?:drags?|dragging|drops?|dropping|slaps?|flops?|floppy|arrastr\w*|caid[oa]|caen?|cuelga\w*)",
        ),
        r"\bno (?:lo|los) puedo levantar\b|\bno puedo levantarl[oa]s?\b",
        rf"\b{_CANT}(?: [^ §]+){{0,2}}? (?:lift|raise|pull|levantar|subir)(?: [^ §]+){{0,2}}? (?:foot|"
        rf"toes?|pie)\b",
        "脚[^，]{0,2}抬不起|抬不起[^，]{0,2}脚",
    ),
    _pattern(
        "numbness",
        r"\b(?:cant|dont|barely|hardly|no longer) feel (?:my|the|it|its|either|both|anything|nothing|in)\b",
        r"\b(?:no|lost|loss of|less|lack of|without|sin|perdi(?: la)?|perdida de)(?: all| any|"
        r" the)? (?:feeling|sensation|sensibilidad)\b",
        r"\bno siento (?:el|la|los|las|mi|mis|nada)\b",
        _either(_LIMB, r"(?:numb\w*|dead|asleep|dormid[oa]s?|entumecid\w*|adormecid\w*|acorchad\w*)"),
        r"(?:没有?|失去|丧失)(?:感觉|知觉)(?!到)",
        r"感觉不到(?!疼|痛|不)|麻木|发麻",
    ),
    _pattern(
        "both_legs",
        r"\b(?:both|two|ambas|ambos|las dos) (?:of )?(?:my |the |mis )?(?:legs?|feet|thighs|piernas?|"
        r"pies)\b|\blegs|\bpiernas|\blower limbs",
        "[双两](?:条)?(?:腿|脚|下肢)",
    ),
    _pattern(
        "one_side",
        r"\b(?:one|whole|entire|left|right) side of (?:my |the )?(?:body|face)\b|\bhalf (?:of )?(?:my |"
        r"the )?(?:body|face)\b|\bone sided?\b|\bun lado (?:del cuerpo|de la cara)\b|"
        r"\bmitad (?:del cuerpo|de la cara)\b",
        "半身|半边|偏瘫|一侧(?:身体|肢体|面)",
    ),
    _pattern(
        "bladder_bowel_loss",
        rf"\b(?:{_CANT}|lost|losing|no control\w*|loss)(?: [^ §]+){{0,3}}? (?:pee\w*|urin\w+|bladder|"
        rf"bowels?|orin\w*|esfinter\w*|vejiga)\b",
        "(?:尿|小便)[^，]{0,2}(?:不出|失禁|不了)|失禁",
    ),
    _pattern(
        "double_vision", r"\b(?:everything|see|seeing|sees|vision|veo|vista)(?: [^ §]+){0,2}? (?:double|doble)\b", "重影|复视"
    ),
    _pattern(
        "saddle_numbness",
        r"\b(?:no|cant|dont|less|barely)(?: [^ §]+){0,4}? (?:wip\w+|toilet paper|limpiarme)\b",
        _either(
            r"(?:groin|genitals?|buttocks|bottom|between (?:my |the )?legs|inner thighs|saddle|anus|ingle|"
            r"entrepierna|genitales)",
            r"(?:numb\w*|no feeling|cant feel|dormid\w*|entumecid\w*)",
        ),
    ),
    _pattern("red_streak", _either(r"(?:red|rojas?)", r"(?:lines?|streaks?|stripes?|lineas?|rayas?)"), "红[色]?(?:线|条|丝)"),
    _pattern(
        "growing",
        r"\b(?:getting|gets|got|gotten|growing|becoming|became|keeps getting|"
        r"increasingly)(?: [^ §]+){0,2}? (?:bigger|larger|wider|huge|big)\b|\bspread\w*|\bexpand\w+|"
        r"\bgrow(?:s|ing|n)?\b|\benlarg\w+|\bcrec(?:e|iendo|ido)\b|\bextien\w+|\bextendi\w+|\bagranda\w+|"
        r"\bmas grande\b|\bbigger\b|\blike a balloon\b|\bcomo un globo\b",
        "肿得[^，]{0,2}(?:厉害|大)|扩散|蔓延|扩大|变大|越来越大|扩展|越长越大",
    ),
    _pattern(
        "spreading_redness redness growing",
        _either(
            r"(?:redness|red|rojez|enrojecimiento|roj[oa])",
            r"(?:spread\w*|grow\w*|expand\w*|bigger|larger|extien\w*|extendi\w*|crec\w+)",
        ),
        "红[^不没，]{0,6}(?:扩散|蔓延|扩大|变大|扩展)",
    ),
    _pattern(
        "large",
        r"\b(?:big|huge|large|massive|enormous|giant|grande|enorme|gigante)\b|\bsize of (?:my |a |"
        r"an )?(?:palm|hand|orange|baseball|egg|fist|plate|apple|grapefruit|lemon|softball)\b|"
        r"\bwhole (?:arm|leg|thigh|back)\b",
        "很大|好大|巨大|大片|巴掌|拳头|鸡蛋",
    ),
    _pattern(
        "small_redness redness",
        _either(
            r"(?:small|little|slight|slightly|tiny|faint|bit|poco|poquito|pequen[oa]|liger[oa])",
            r"(?:red|redness|pink|roj[oa]|rojez|enrojecimiento)",
        ),
        "(?:有点|轻微|轻度|稍微|一点|小块?)[^，]{0,2}红",
    ),
    _pattern(
        "tight_compartment swelling",
        rf"\b(?:hard|tense|tight|rigid|rock)\b{_GAP}{_SWELL}\b",
        rf"\b{_SWELL}{_GAP}(?:hard|tense|tight|shiny|tens[oa]|dur[oa])\b",
        "肿[^不没]{0,4}(?:硬|紧|绷)|(?:绷紧|紧绷)",
    ),
    _pattern("swelling", rf"\b{_SWELL}\b", "肿"),
    _pattern(
        "calf_swelling",
        _either(r"(?:calf|calves|pantorrillas?)", rf"(?:{_SWELL}|{_PAIN}|hot|red|hard|caliente|dura)"),
        "小腿[^不没]{0,3}[肿痛疼热]",
    ),
    _pattern(
        "pain_severe",
        _either(
            r"(?:severe|severely|unbearable|excruciating|worst|terrible|terribly|horrible|horribly|"
            r"horrendous|agoni[sz]ing|extreme|extremely|intense|crippling|insane|awful|insoportable|terrible|"
            r"horrible|intens[oa]|fuertisimo|fuerte)",
            _PAIN,
        ),
        r"\bagony\b|\b(?:such|this much|so much|this kind of|like this) pain\b",
        rf"\bnever\b[^§]*? {_PAIN}\b",
        rf"\b(?:nunca|jamas)\b[^§]*? {_PAIN}\b",
        "(?:剧|极|非常|特别|超|巨|太|好)[痛疼]",
        "[痛疼](?:死|得|极了|到)|从来?[没未]有?[^，]{0,5}[痛疼]",
    ),
    _pattern(
        "strong_pain",
        rf"\b(?:very|really|quite|so|too|bad|badly|worse|worsening|increasing|increased|more|lots? of|lot|"
        rf"muy|mucho|bastante|peor) (?:(?!less|menos)[^ §]+ )?{_PAIN}\b",
        rf"\b{_PAIN}{_GAP}(?:bad|badly|a lot|lots|worse|worsening|increasing|more|mucho|peor|mas)\b",
        "[更很挺比]" + "[^，]{0,2}[痛疼]",
        "越来越[痛疼]",
    ),
    _pattern(
        "suicidal",
        r"\bsuicid\w*|\bkill(?:ing)? myself|\bend(?:ing)? (?:my life|it all)|\b(?:want|wanted|wanna|"
        r"wish) (?:to die|to be dead|i was dead|i were dead)|\bbetter off dead|\b(?:hurt|harm|"
        r"cut)(?:ing)? myself|\bself harm\w*|\bdont want to (?:live|be alive|be here|go on|wake up)|"
        r"\bno (?:reason|point)(?: to| in)? liv\w+|\bquiero morir\w*|\bmatarme|\bquitarme la vida|"
        r"\bno quiero (?:vivir|seguir viviendo)|\bhacerme dano",
        "自杀|想死|不想活|轻生|自残|结束(?:自己的)?生命|活着没意思|活不下去",
    ),
    _pattern(
        "heavy_bleeding",
        r"\b(?:wont|cant|doesnt|didnt|hasnt|not|never)(?: [^ §]+){0,2}? (?:stop|stopping|"
        r"stopped) (?:the )?bleed\w*",
        r"\bbleed\w*(?: [^ §]+){0,3}? (?:heavily|a lot|lots|badly|nonstop|non stop|profusely|everywhere|"
        r"wont stop|doesnt stop|hasnt stopped|not stopping|uncontrollabl\w+)",
        r"\b(?:heavy|severe|profuse|uncontroll\w+|massive) bleed\w*",
        r"\b(?:lots?|so much|a lot|pool|pints?) (?:of )?blood|\bblood (?:[^ ]+ ){0,2}?(?:everywhere|"
        r"pouring|gushing|spurting|streaming)|\b(?:gush|spurt|pour)\w* blood|\bhaemorrhag\w+|"
        r"\bhemorrhag\w+",
        r"\bno (?:para|deja|paro|dejo|se detiene)(?: [^ §]+)? (?:de )?sangr\w+|\bsangr\w+ (?:mucho|"
        r"muchisimo|abundante\w*|sin parar)|\bmucha sangre|\bhemorragia",
        r"\bvomit\w*(?: [^ §]+){0,2}? (?:blood|sangre)|\b(?:throw|threw)\w* up blood|"
        r"\bblood(?: [^ §]+){0,2}? vomit",
        "血流不止|大量出血|流了?(?:很多|好多|大量)血|止不住|大出血|吐血|呕血|血[^，]{0,2}(?:不止|止不)",
    ),
    _pattern("bleeding", r"\bbleed\w*|\bbled\b|\bsangr(?:a|ado|ando|e)\b", "出血|流血"),
    _pattern(
        "skin_black",
        _either(
            r"(?:skin|spot|area|bruise|site|patch|center|centre|middle|finger|toe|piel|zona|centro)",
            r"(?:black(?! and blue)|blackened|blackening|dead|dying|rotting|necro\w*|negr[oa]|muerta)",
        ),
        r"\bnecro\w+|\bgangren\w+",
        "坏死|[变发]黑|坏疽",
    ),
    _pattern(
        "skin_net",
        _either(
            r"(?:purple|blue|violet|dark|morad[oa]s?|violace\w+|skin|piel)",
            r"(?:net|web|webbed|lace|lacy|marbl\w*|mottl\w*|blotch\w*|en red|network|jaspead\w*|moteada)",
        ),
        r"\b(?:piel|morad[oa]s?|violace\w+)(?: [^ §]+){0,3}? (?:forma|manera|como) (?:de )?(?:una )?red\b",
        r"\blivedo\w*",
        "网状|花斑|大理石",
    ),
    _pattern("blister", r"\bblister\w*|\bampollas?\b|\bbullae?\b", "水泡|水疱|大疱"),
    _pattern("abdominal_pain", _either(_BELLY, _PAIN), f"(?:肚子|腹|胃){_ZGAP}{_ZPAIN}"),
    _pattern(
        "blood_in_urine",
        _either(r"(?:blood\w*|red|sangre|roja)", r"(?:pee\w*|urine|urinat\w*|wee|orina|orino|orinar)"),
        "尿[^不没，]{0,3}血|血[^不没，]{0,2}尿|小便[^不没，]{0,3}血",
    ),
    _pattern(
        "vaginal_bleeding",
        _either(r"(?:bleed\w*|blood\w*|sangr\w+)", r"(?:vagina\w*|down there|pregnan\w*|embaraz\w+)"),
        "阴道[^不没]{0,3}血|(?:怀孕|孕)[^不没，]{0,4}(?:出血|流血)",
    ),
    _pattern(
        "reduced_fetal_movement",
        _either(r"(?:baby|bebe)", r"(?:mov\w+|kick\w*|se mueve|patea|quiet|still|patadas)"),
        "(?:宝宝|胎儿|胎)[^，]{0,4}[动踢]",
    ),
    _pattern(
        "fluid_leak", r"\bwaters?(?: (?:have|has|just))? (?:broke\w*|breaking)|\bromp\w+ (?:aguas|la fuente|fuente)", "破水|羊水"
    ),
    _pattern("pregnant", r"\bpregnan\w+|\bembaraz\w+", "怀孕|孕妇|有孕"),
    _pattern(
        "fever",
        r"\bfever\w*|\bfiebre\b|\b(?:38|39|40|41)(?: \d)? ?(?:degrees?|c|celsius|grados|度)|"
        r"\b10[0-5](?: \d)? ?(?:f|degrees?|fahrenheit|grados)\b|\b(?:temperature|temp|"
        r"temperatura)(?: [^ §]+){0,2}? (?:38|39|40|41|10[0-5])",
        "(?:38|39|40|41)(?: \\d)? ?度|发烧|高烧|发热(?!发烫)",
    ),
    _pattern("chills", r"\bchills?\b|\bshiver\w*|\bescalofrios?", "发抖|寒颤|寒战"),
    _pattern("dizziness", r"\bdizz\w+|\blight ?headed\w*|\bmaread[oa]|\bmareos?\b", "头晕|眩晕"),
    _pattern("fainting", r"\bfaint(?:ed|ing)\b|\bpass(?:ed|ing) out\b|\bblack(?:ed|ing) out\b|\bdesmay\w+", "晕倒|昏倒|晕厥"),
    _pattern("seizure", r"\bseizures?\b|\bconvuls\w+", "抽搐|惊厥"),
    _pattern("itching", r"\bitch\w*|\bpicazon|\bcomezon", "痒"),
    _pattern("pus", r"\bpus\b|\binfect\w+|\booz\w+|\bsupura\w*", "化脓|流脓|感染"),
)
