"""Symptoms as patients write them, where no list of names is long enough: patterns over the text that `own_words.normal` gives.

Each pattern has the ids and classes of the vocabulary that it stands for (or words of its own, which `triage` asks for by name).
A gap between two words holds no denial, so that "chest does not hurt" is left to be read as denied.
"""

from __future__ import annotations

import re

_GAP = r"(?: (?!(?:no|not|dont|doesnt|isnt|arent|wasnt|werent|didnt|without|sin|ni)\b)[^ §]+){0,4}? "
_ZGAP = "[^不没无未，]{0,4}?"
_PAIN = (
    r"(?:pains?|painful|hurts?|hurting|aches?|aching|achy|sore|soreness|tender|cramps?|cramping|"
    r"stabbing|throbbing|dolor|dolores|duelen?|doliendo|adolorid[oa]|punzadas?)"
)
_ZPAIN = "[痛疼]"
_TURNED = (
    r"(?: (?:is|are|has|have|turn(?:ed|ing|s)|went|gone|going|looks?|got|all|very|se|me|le|puso|pusieron|esta|estan|muy)){0,4} ")
_SWELL = r"(?:swell\w*|swollen|puff\w*|hinch\w*|inflam(?:ad[oa]s?|a|o|an|aron|ando))"
_LIMB = (
    r"(?:arms?|legs?|hands?|foot|feet|limbs?|fingers?|toes?|knees?|thumb|grip|brazos?|piernas?|"
    r"manos?|pies?|dedos?|rodillas?)"
)
_FACE = r"(?:face|lips?|eyes?|eyelids?|cheeks?|cara|labios?|ojos?|parpados?)"
_THROAT = r"(?:throat|garganta)"
_CANT = (
    r"(?:cant|hard time|tough time|unable to|not able to|hard to|difficult to|difficulty|trouble|"
    r"struggl\w+ to|barely|hardly|no puedo|me cuesta|apenas puedo|no logro|no alcanzo a|no consigo)"
)
_CHEST = r"(?:chest|breastbone|sternum|ribs?|rib ?cage|pecho|torax|costillas?|esternon)"
_BELLY = r"(?:stomach|belly|tummy|abdomen|abdominal|vientre|barriga|estomago)"


_AMBULANCE = r"(?:amb[aeou]?l[aeiou]?n[cs]es?|ambulan[cs]ias?)"
_EMERGENCY = r"emerg[ea]n[cs](?:y|ey|ies|e|ia|ias)"
_NUMBER = r"(?:911|112|999|120)"
_CALLED = r"(?:call(?:s|ed|ing)?|dial(?:ed|led|ing)?|ring|rang|phon(?:e|ed|ing)|llam\w+|marc\w+|marqu\w+|hable\w*|hablale)"
_UNCALLED_FOR = (  # "no need for an ambulance"; but "not sure if", "no one calls", "no puedo llamar" are calls
    r"^(?!(?:.* )?(?:no|not|dont|doesnt|didnt|never|wont|without|sin|nunca) (?!(?:sure|certain|one|body|puedo|puede|podemos|se|"
    r"llega|viene|contesta\w*)\b)(?:[^ ]+ ){0,3}?(?:need\w*|want\w*|requir\w+|call\w*|necesi\w+|neces\w+|falta|"
    r"llam\w+|hay|hubo|an?|una?|any|ambul\w+)\b|.*\b(?:(?:work(?:s|ed)?|trabaj\w+) (?:as|in|on|for|en|de|como)|drives? an)\b)"
)
_ZUNCALLED_FOR = (
    "^(?!.*(?:不用|(?<!需)不需要?|(?<!要)不要|不必|无需|没必要|没有?(?:叫|打|用|坐)|不是)[^，]{0,4}"
    "(?:救护车|急救|1(?:20|19|12))|.*救护车没有?来过)"
)
_SOMEBODY = (
    r"(?:he|she|hes|shes|husband|wife|mother|mom|mum|father|dad|son|daughter|baby|child|kid|partner|friend|brother|sister|"
    r"grandma|grandpa|grandmother|grandfather)"
)
_FAINT = r"\b(?:faint(?:ed|ing)?|pass(?:ed|ing) out|black(?:ed|ing) out)\b"

# All that somebody has written, without its commas. Every word is here: beside any other it may be about today.
FAINTED_YEARS_AGO = re.compile(
    rf"(?:(?:i|ive|have|had|did|only|once) )*{_FAINT}(?: (?:once|one time))?"
    r" (?:(?:about|maybe|many|some|several|a|a few|ten|twenty|thirty|\d+) )*(?:years? ago|long ago)"
    r"|(?:una vez )?me desmaye(?: una vez)? hace(?: (?:ya|como|muchos|unos|varios|un|diez|veinte|treinta|\d+))* anos?"
)


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
            rf"(?:{_PAIN}|tight\w*|funny|weird|odd|strange|wrong|uncomfortable|discomforts?|feels? off|rar[oa]|molestias?"
            rf"|incomod[oa]|stiff\w*|pressure|heavy|heaviness|squeez\w+|burn\w+|opresion|presion|apretad[oa]|aprieta\w*|apreto|oprime|oprimid[oa])",
        ),
        rf"\b{_PAIN}{_GAP}(?:i )?(?:breath\w*|inhale|respir\w+)\b",
        r"\bhurts? to (?:breathe|inhale|cough)\b",
        rf"\b(?:breaths?|breathing|inhal\w+|respir\w+){_GAP}{_PAIN}\b",
        rf"(?:胸|肋骨|心口|心脏){_ZGAP}[痛疼闷紧压酸胀]|(?:胸|心口|心脏){_ZGAP}(?:不舒服|不适|难受|不得劲|不对劲|怪怪的)",
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
        r"\bsin (?:aire|aliento)\b|\bno (?:me |le )?(?:llega|entra|pasa|alcanza)(?: el)? aire\b",
        r"\brespir\w+ (?:con|muy) (?:mucha |gran |mucho )?(?:dificultad|trabajo|mal|rapido|agitad[oa])\b"
        r"|\bno alcanzo a respirar\b",
        r"\blungs?\b|\bpulmon(?:es)?\b|肺",
        r"\bno puedo (?:tomar|coger|jalar) (?:el )?aire\b",
        r"\b(?:respiro|respiracion)(?: [^ §]+){0,2}? (?:mal|dificil|corta|agitada|rapido|rapida)\b",
        r"\bbreathing isnt (?:right|normal|good|easy)\b",
        r"\b(?:not|isnt|stopped|stops|quit) breathing\b"
        r"(?! (?:hard\w*|fast\w*|heavy|heavily|badly|problems?|troubles?|difficult\w*))",
        r"(?:没有?|不|停止)呼吸(?=$|了|[ §])",
        r"\bsuffocat\w+|\basfixi\w+|\bsmother\w+|\bahog(?:o|a|an|ando|andome|andose)\b",
        r"\bair (?:wont|doesnt|isnt|is not) (?:go|going|com\w+|get\w*)\b",
        "窒息|噎住|呛住|憋死|憋不过气|上不来气",
        r"(?:呼吸|喘气|吸气)[^不没]{0,3}(?:困难|急促|急|短|费力|难|不畅|吃力|辛苦|费劲)|气不够|没气了|吸不到气",
        r"(?:呼吸|喘|透|吸)(?:不过|不上|不了|不到)",
        r"(?:不能|无法|难以|很难|没法|没办法)[^，]{0,2}(?:呼吸|喘)",
        r"[气]短|喘",
    ),
    _pattern(
        "cough_blood",
        r"\b(?:cough\w*|cof+ing|spit\w*)(?: [^ §]+){0,3}? (?:blood\w*|bloody)\b",
        r"\bblood(?: [^ §]+){0,2}? (?:com\w+|came|runn\w+|pour\w+)(?: [^ §]+){0,2}? (?:my|his|her|the) mouth\b",
        r"\b(?:sale|salio|saliendo|sali|boto|bota|botando|echo|echa|echando|arrojo)(?: [^ §]+)? sangre(?: [^ §]+){0,2}? boca\b",
        r"\bblood\w*(?: [^ §]+){0,3}? (?:cough\w*|spit\w*|phlegm|sputum|mucus)\b",
        r"\b(?:tos\w*|tosiendo|tosio|escup\w*|flema)(?: [^ §]+){0,2}? sangre\b",
        "咳[^不没]{0,3}血",
        "痰[^不没]{0,2}血",
        "(?:嘴里|嘴巴|口中|口里)[^不没，]{0,4}血|口吐鲜血",
    ),
    _pattern(
        "blue_lips breathlessness",
        _either(r"lips?|lip", r"(?:blue|bluish|purple|grey|gray)"),
        r"^(?:im|i am|hes|he is|shes|she is|he|she|i) (?:turning|turned|going|went) blue$",
        "(?:嘴唇|脸色|面色)[^不没]{0,2}[紫青黑]",
    ),
    _pattern(
        "shoulder_tip",
        r"\b(?:tip|top) of (?:my |the )?(?:left |right )?shoulder\b",
        r"\bshoulder tip\b",
        r"\bpunta del hombro\b",
        "肩膀?尖",
    ),
    _pattern(
        "throat_tightness",
        _either(
            _THROAT,
            r"(?:tight\w*|clos\w+|swell\w*|swollen|lump|block\w*|cierr\w*|cerrad[oa]|cerro|cerrando|hincha\w*|apreta\w*|"
            r"constrict\w*|narrow\w*)",
        ),
        _either(r"(?:mouth|boca)", _SWELL),
        rf"\b{_CANT}(?: [^ §]+)? (?:swallow\w*|tragar|pasar(?: la)? saliva|saliva)\b",
        "(?:喉咙?|嗓子?|咽喉)[^不没]{0,4}[紧肿堵锁闭卡掐]",
        "(?:咽|吞)[^，]{0,2}(?:不下|困难|不了)",
    ),
    _pattern(
        "tongue_swelling",
        _either(r"(?:tongue|tounge|toungue|tung|lengua)", rf"(?:{_SWELL}|thick|big|bigger|fat|gruesa)"),
        r"\btongue(?: [^ §]+){0,2}? tingl\w+|\bhormigueo en la (?:lengua|boca)\b",
        "舌头?[^不没]{0,3}[肿胀大麻]",
    ),
    _pattern(
        "face_swelling",
        _either(_FACE, _SWELL),
        "(?:脸|面部|嘴唇?|眼皮|眼睛|眼睑)[^不没]{0,3}肿|(?:脸|嘴唇?)[^不没]{0,2}胀(?!红)",
    ),
    _pattern("neck_swelling", _either(r"(?:neck|cuello)", _SWELL), "(?:脖子|颈部?)[^不没]{0,3}肿"),
    _pattern(
        "anaphylaxis",
        r"\banaphyla\w+|\banafila\w+|\b(?:severe|bad|serious|grave|fuerte) (?:allergic reaction|"
        r"reaccion alergica)",
        r"\breaccion alergica (?:grave|fuerte|severa)",
        r"\bepi ?pens?\b|\bautoinyector\w*|\bana(?:ph|f)[aeiyl]{2,4}[xc]\w+",
        "过敏性休克|休克|严重过敏|肾上腺素笔",
    ),
    _pattern("hives", r"\ballergic reaction\b|\breaccion alergica\b|\bhives?\b|\burticari\w+", "过敏"),
    _pattern(
        "collapse fainting",
        r"\bcollaps\w+|\bunconscious\w*|\bunresponsive|\b(?:wont|cant|doesnt) wake\b|\bdesplom\w+|"
        r"\binconsciente",
        rf"\b(?:{_SOMEBODY} (?:is )?not|isnt|wasnt|is not) (?:waking|wakeing|woken)(?: up)?$",
        rf"^(?:(?:{_SOMEBODY}|is|isnt|my|just) )*(?:not|isnt|wont|doesnt|stopped) respond\w*(?: anymore| any more)?$",
        r"\bheart (?:has |just )?stopp\w+|\bcardiac arrest\b|\bparo cardiaco\b|\bcomo muert[oa]\b|\bno pulse\b|\bsin pulso\b",
        rf"\b{_SOMEBODY}\b[^§]*? (?:not|isnt) moving$|^(?:not|isnt) moving$",
        "昏迷|叫不醒|叫不起来|没有?意识|倒地|心跳停|心脏停|心脏骤停|没有?脉搏|没有?心跳|没有?反应了|[他她][^，]{0,2}没有?反应",
    ),
    _pattern(
        "fainting_again fainting",
        rf"\b(?:keep|keeps|kept)(?: on)? {_FAINT}",
        rf"{_FAINT}(?: [^ §]+){{0,2}}? (?:again(?: and again)?|(?:[3-9]|three|four|five|several|many|a few) times)\b",
        r"\b(?:(?:me|se) )?(?:sigo|sigue|vuelvo a|vuelve a) desmay\w+",
        r"\b(?:(?:me|se) )?desmay\w+(?: [^ §]+){0,2}? (?:(?:[3-9]|tres|cuatro|cinco|varias|muchas) veces|otra vez)\b",
        "(?:一直|反复|不停|总是|连续|又)(?:在|地)?(?:晕|昏)[倒厥过]|(?:晕|昏)[倒厥](?:了|过去)?(?:好几|好多"
        "|[三四五几]|[3-9] ?)次",
    ),
    _pattern(
        "fainting_explained fainting",
        rf"{_FAINT}(?: [^ §]+){{0,5}}? (?:years? ago|months? ago|last (?:year|month)|as a (?:child|kid|teen\w*)"
        rf"|long ago|in (?:19|20)\d\d)\b",
        rf"\b(?:years? ago|last (?:year|month)|long ago|in (?:19|20)\d\d)(?: [^ §]+){{0,4}}? {_FAINT}",
        r"\b(?:nunca (?:me |se )?(?:he |ha )?|(?:me|se) )?desmay\w+(?: [^ §]+){0,4}? (?:ano pasado|mes pasado"
        r"|hace(?: [^ §]+){0,2} (?:anos?|meses)|de (?:nina|nino|joven))\b",
        r"\b(?:ano pasado|mes pasado|hace(?: [^ §]+){0,2} (?:anos?|meses))(?: [^ §]+){0,3}? desmay\w+",
        rf"\b(?:afraid|scared|worried|feared|thought)(?: [^ §]+){{0,4}}? {_FAINT}",
        rf"\bnever (?:have |ever )?{_FAINT}$|\bnunca (?:me |se )?(?:he |ha )?desmay\w+$",
        "(?:去年|前年|以前|小时候|几年前|年前|上个月)[^，]{0,4}(?:晕|昏)[倒厥过]",
        "晕针",
    ),
    _pattern("stroke", r"\bstroke\b|\bictus\b|\bderrame cerebral|\bembolia", "中风|脑卒中|脑梗|脑出血"),
    _pattern(
        "drooping_face",
        _either(
            r"(?:face|mouth|smile|eyelid|cara|boca|parpado)",
            r"(?:droop\w*|drop\w*|crooked|fallen|lopsided|sagg\w+|torcid[oa]|torcio|caid[oa]|cayo|chuec[oa]|desviad[oa])",
        ),
        "(?:脸|嘴|口角|嘴角)[^不没]{0,2}[歪斜]",
    ),
    _pattern(
        "slurred_speech",
        _either(
            r"(?:speech|speak\w*|talk\w*|words|habla\w*|hablo)",
            r"(?:slur\w*|garbl\w*|jumbl\w*|mixed up|muddl\w*|funny|wont come|difficult\w*|trouble|cant|arrastr\w*|raro)",
        ),
        r"\b(?:cant|no puedo|no puede)(?: (?:even|ni))? (?:speak|talk|hablar)\b",
        r"\btrab\w+(?: [^ §]+){0,2}? lengua\b|\blengua(?: [^ §]+)? (?:trabad|enredad|pesad)a\b",
        r"\bno se(?: le)? entiende(?: nada)?(?: de)? lo que (?:digo|dice|hablo|habla)\b",
        "(?:说话|讲话|口齿)[^不没]{0,2}(?:不清|含糊|困难)|说不出话|话[^，]{0,3}(?:说|讲)不(?:清|出)",
    ),
    _pattern(
        "vision_loss",
        rf"\b(?:{_CANT}|lost|losing|blurr\w+|blurry|borros[oa]|perdi\w*)(?: (?!(?:why|how|what|"
        rf"if)\b)[^ §]+){{0,2}}? (?:see|sight|vision|eyesight|ver|vista)(?! (?:you|the doctor|why|a))\b",
        r"\b(?:loss of|perdida de)(?: la)? (?:vision|sight|eyesight|vista)\b",
        r"\bnot seeing (?:well|right|clearly|properly|straight)\b",
        r"\beyes?(?: [^ §]+)? (?:went|gone|going|turned) (?:dark|black|blind)\b|\bse (?:me|le) (?:fue|va|nublo) la vista\b",
        r"\bgo\w* blind\b|\bblind in\b|\bciego\b|\bciega\b",
        r"\b(?:vision|sight|eyesight|vista|vision)(?: [^ §]+){0,2}? (?:blurr\w*|blurry|gone|going|black|"
        r"dark\w*|borrosa|negra)\b",
        "看不[见清到]|失明|视(?:力|物)[^正]{0,3}(?:模糊|下降|丧失)",
    ),
    _pattern(
        "eye_pain",
        _either(r"(?:eyes?|eyeball|ojos?)", rf"(?:{_PAIN}|discomforts?|molestias?)"),
        f"(?:眼睛?|眼球){_ZGAP}(?:{_ZPAIN}|胀|难受|不舒服)",
    ),
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
        "(?:剧烈|突然|突发|爆炸|最)[^，]{0,4}头[^，]{0,2}[痛疼]|头[^，]{0,5}(?:裂|炸)"
        "|头[^，]{0,2}[痛疼][^，]{0,3}(?:剧烈|欲裂|厉害|死|受不了)",
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
            r"(?:weak\w*|clumsy|floppy|limp|lifeless|useless|debil\w*|sin fuerza|no responden?|giv\w+ (?:way|out)|"
            r"gave (?:way|out)|buckl\w+|drop\w*|drags?|dragging|arrastr\w*|"
            r"(?:dont|doesnt|wont|arent|stopped|not) (?:work\w*|mov(?:e|ing)|respond\w*|hold\w*|"
            r"support\w*|carry\w*)|no (?:me |le )?(?:respond\w+|sirven?|funcionan?|sostienen?|aguantan?))",
        ),
        r"\bno (?:mueve|muevo) (?:el|la|los|las|su|sus|un|una|mi)\b|\b(?:no tengo|sin)(?: nada de)? fuerzas?\b",
        r"\b(?:side|half)(?: of)?(?: (?:my|the|his|her))?(?: (?:body|face))? (?:wont|doesnt|isnt|cant) (?:move|moving"
        r"|work\w*)\b",
        r"(?:抬|举|动|走|握|站|拿)(?:不起|不了|不动|不稳|不住)",
        r"(?:不能|无法|没法|很难)[^，]{0,2}(?:抬|举|动|走|握|站)",
        "(?:手|脚|腿|胳膊|臂|半边|半身|一侧)[^，有]{0,4}(?:没力|无力|没劲|发软|不灵)",
        "走路(?:都|也|有点)?(?:走?不稳|走?不了)",
        "(?:手|脚|腿|胳膊|臂|半边|半身|一侧|身体)[^，]{0,3}没有(?:力|劲)",
    ),
    _pattern("paralysis weakness", r"\bno (?:me puedo mover|puedo moverme)\b"),
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
        r"\bno siento (?:el|la|los|las|mi|mis|nada|(?:un|medio|media|todo|toda)(?: el| la)? (?:lado|cuerpo|pierna"
        r"|brazo|pie|mano|cara))\b"
        r"|\bno siento(?: nada)? de(?: la)? cintura\b",
        _either(
            r"(?:cara|face|lado|mitad|half|cuerpo)",
            r"(?:numb|dormid[oa]|durmi\w+|(?:me|le) duermen?|entumecid\w*|adormecid\w*)",
        ),
        _either(_LIMB, r"(?:numb\w*|dead|asleep|dormid[oa]s?|durmi\w+|(?:me|le) duermen?|entumecid\w*|adormecid\w*|acorchad\w*)"),
        r"(?:没有?|失去|丧失)(?:感觉|知觉)(?!到)",
        r"感觉不到(?!疼|痛|不)|麻木|发麻",
    ),
    _pattern(
        "both_legs",
        r"\b(?:both|two|ambas|ambos|las dos) (?:of )?(?:my |the |mis )?(?:legs?|feet|thighs|piernas?|"
        r"pies)\b|\blegs|\bpiernas|\blower limbs",
        r"\b(?:below|from)(?: (?:my|the))? waist\b|\bwaist down\b|\bcintura (?:para|hacia|pa) abajo\b|腰部?以下",
        "[双两](?:条|只)?(?:腿|脚|下肢)|(?<![左右单侧])下肢|下半身",
        "(?<![左右条只单小大])腿(?:都|全|完全|突然)?没有?(?:了)?知觉",
    ),
    _pattern(
        "one_side",
        r"\b(?:one|whole|entire|left|right) side of (?:my |the )?(?:body|face)\b|\bhalf (?:of )?(?:my |"
        r"the )?(?:body|face)\b|\bone sided?\b|\b(?:left|right) side(?: (?:is|feels|goes|went|has gone|all|of me"
        r"|completely))* (?:numb|weak|dead|paraly\w+)|\bmedio (?:cuerpo|lado)\b|\bun lado (?:del cuerpo|de la cara)\b|"
        r"\bmitad (?:del cuerpo|de la cara)\b",
        "半身|半边|偏瘫|一侧(?:身体|肢体|面)|[左右一][边侧](?:的)?(?:身子|身体|脸|手脚|手和脚)",
    ),
    _pattern(
        "bladder_bowel_loss",
        rf"\b(?:{_CANT}|lost|losing|no control\w*|loss)(?: [^ §]+){{0,3}}? (?:pee\w*|urin\w+|bladder|"
        rf"bowels?|orin\w*|esfinter\w*|vejiga)\b",
        r"\b(?:peed|wet|pooped|soiled|shit) (?:myself|himself|herself)\b|\bme (?:hice|hago) (?:pipi|pis|popo|caca)\b"
        r"|\bme (?:orine|orino|cague)\b",
        r"\b(?:havent|hasnt|not)(?: been)? (?:pee(?:d|ing)|urinat(?:ed|ing)|pass(?:ed|ing) (?:any )?urine)\b(?! blood)"
        r"|\bno (?:he|ha) (?:podido )?orina(?:do|r)\b|\bno orin[oa]\b(?! sangre)",
        "(?:尿|小便)[^，]{0,2}(?:不出|失禁|不了)|失禁|(?:小便|排尿)[^，]{0,2}(?:不畅|困难)"
        "|没(?:有)?(?:尿|小便|排尿)(?![痛疼刺带出有血困频急裤床失])",
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
        "肿得[^，]{0,2}(?:厉害|大)|越肿越|肿得像|扩散|蔓延|扩大|变大|越来越大|扩展|越长越大",
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
        "小腿[^不没]{0,3}[肿痛疼热]|小腿(?:很|好|又|有点|发|一直|越来越)*胀",
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
        r"\bno (?:reason|point)(?: to| in)? liv\w+|\bquiero morir\w*|\bmatarme|\bme quiero (?:morir|matar)\b"
        r"|\bquitarme la vida|"
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
        r"\bno (?:(?:me|le|se) )?(?:para|deja|paro|dejo|detiene)(?: [^ §]+)? (?:de )?sangr\w+|\bsangr\w+ (?:mucho|"
        r"muchisimo|abundante\w*|sin parar)|\bmucha sangre|\bhemorragia",
        r"\bvomit\w*(?: [^ §]+){0,2}? (?:blood|sangre)|\b(?:throw|threw)\w* up blood|"
        r"\bblood(?: [^ §]+){0,2}? vomit",
        r"\bblood(?: [^ §]+){0,2}? (?:soaking|soaked|soaks)|\b(?:soaking|soaked|soaks)(?: [^ §]+){0,4}? blood\b"
        r"|\b(?:empap\w+|chorr\w+)(?: [^ §]+){0,3}? sangre\b|\bsangre(?: [^ §]+)? a chorros\b",
        "血流不止|血(?:一直|不断|直)(?:在)?[流喷]|血喷|喷血|大量出血|流了?(?:很多|好多|大量)血|(?<![抽])(?:很多|好多"
        "|大量|满|全是|都是)血|止不住|大出血|吐血|呕血|血[^，]{0,2}(?:不止|止不|不停)",
    ),
    _pattern("bleeding", r"\bbleed\w*|\bbled\b|\bsangr(?:a|ado|ando|e)\b", "出血|流血"),
    _pattern(
        "skin_black",
        _either(
            r"(?:skin|spot|area|bruise|site|patch|center|centre|middle|finger|toe|piel|zona|centro)",
            r"(?:black(?! and blue)|blackened|blackening|dead|dying|rotting|necro\w*|negr[oa]|muerta)",
        ),
        r"\bnecro\w+|\bgangren\w+",
        "坏死|(?<!便)(?<!便颜色)(?<!屎)[变发]黑|坏疽",
    ),
    _pattern(
        "confusion",
        rf"\b{_CANT} (?:stay|keep) awake\b|\bkeeps? falling asleep\b|\bsleep(?:y|ing) all the time\b",
        r"\b(?:no (?:puedo|puede|logro|consigo)|me cuesta) (?:mantenerme|mantenerse|estar|quedarme) despiert[oa]\b"
        r"|\b(?:me quedo|se queda) dormid[oa] (?:todo el (?:tiempo|rato)|a cada rato)\b",
    ),
    _pattern(
        "blood_in_stool bleeding other_new",
        _either(r"(?:stools?|poo|poop|bowel movements?|faeces|feces|caca|heces|excrementos?)", r"(?:black|tarry|negr[oa]s?)"),
        "(?:大便|粪便|屎|便便)(?:颜色)?(?:也|都|又|有点|很|是)*(?:发|变)?黑",
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
    _pattern(
        "abdominal_pain",
        _either(_BELLY, rf"(?:{_PAIN}|discomforts?|molestias?)"),
        f"(?:肚子|腹|胃){_ZGAP}{_ZPAIN}|(?:肚子|腹部?)(?:很|有点|里)*(?:胀|难受|不舒服)",
    ),
    _pattern(
        "other_new",
        _either(r"(?:jaws?|mandibula)", r"(?:stiff\w*|lock\w*|rigid\w*|trabada)"),
        _either(_THROAT, r"(?:discomforts?|molestias?)"),
    ),
    _pattern(
        "cold_limb",
        rf"\b(?:fingers?|fingertips?|toes?|thumb|dedos?|pulgar){_TURNED}(?:blue|white|purple|gr[ae]y|azul(?:es)?|blanc[oa]s?|morad[oa]s?)\b",
        rf"\b(?:hands?|foot|feet|manos?|pies?){_TURNED}(?:blue|white|gr[ae]y|ice cold|azul(?:es)?|blanc[oa]s?|helad[oa]s?)\b",
        r"\bcold (?:and )?(?:blue|white)\b|\b(?:blue|white) (?:and )?cold\b",
    ),
    _pattern(
        "large_bruise bruise",
        _either(
            r"(?:bruis\w+|moret\w+|moraton\w*|cardenal\w*)",
            r"(?:all over|everywhere|all (?:of )?my (?:skin|body)|todo el cuerpo|todas partes)",
        ),
        "(?:全身|浑身|到处|身上好多)[^，不没]{0,4}(?:瘀青|淤青|乌青|青紫|瘀斑)|(?:瘀青|淤青|瘀斑)越来越多",
    ),
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
    _pattern(
        "doom throat_tightness",
        r"\b(?:im|i am|am|is|hes|shes|gonna|going to|about to)(?: (?:gonna|going to|about to))? (?:die"
        r"|dying)\b(?! (?:of|from|to|for)\b)",
        r"\bvoy a morir\w*|\bva a morir\w*",
        "(?<!得)(?<!得要)(?:快要|快|要)死了|(?:快|要|我|[他她])不行了",
    ),
    _pattern(
        "fainting",
        r"\babout to (?:faint|pass out|black out)\b",
        r"\bfaint(?:ed|ing)\b|\bpass(?:ed|ing) out\b|\bblack(?:ed|ing) out\b|\bdesmay\w+",
        "晕倒|昏倒|晕厥",
    ),
    _pattern(
        "seizure",
        r"\bseizures?\b|\bconvuls\w+|\bconvulc\w+|\beyes?(?: [^ §]+){0,2}? roll\w*(?: back| up)|\bojos en blanco\b",
        "抽搐|惊厥|口吐白沫|(?:一直|不停)(?:在|地)?抽(?![血筋烟痛疼])|翻白眼|全身抽筋|癫痫发作|羊癫疯",
    ),
    _pattern("itching", r"\bitch\w*|\bpicazon|\bcomezon", "痒"),
    _pattern("pus", r"\bpus\b|\binfect\w+|\booz\w+|\bsupura\w*", "化脓|流脓|感染"),
    _pattern(
        "calls_for_help",
        rf"{_UNCALLED_FOR}.*?\b{_AMBULANCE}(?! (?:driver|crew|service|station|bill|fee|worker|company|charge|job)s?\b)",
        rf"{_UNCALLED_FOR}.*?\b{_CALLED}(?: (?:to|the|a|al|el|for|ya|please|por favor))* {_NUMBER}(?! (?:times|veces)\b)",
        r"^(?:please |por favor )?(?:911|112|999)(?: (?:please|now|por favor|ya))?$",
        rf"{_UNCALLED_FOR}.*?\b{_CALLED}(?: (?:to|the|a|al|los|las|for|ya))* (?:{_EMERGENCY}|urgencias|paramedics)\b"
        r"(?! (?:contact|contacto|phone|telephone|line)\b)",
        rf"^(?:(?:this|it|is|its|i|have|having|we|an?|medical|real|please|help|now|es|esto|una?|tengo|por favor|ayuda|ya|"
        rf"muy) )*(?<!is this )(?<!is it ){_EMERGENCY}(?: (?:medica|please|here|now|help|ya|ayuda|por favor))*$",
        rf"{_ZUNCALLED_FOR}.*?(?:救护车|急救(?!中心|箱|包|员|课|培训|知识|站)|[打叫拨](?:了|通"
        rf"|个)?(?:电话)?(?:给)? ?1(?:20|19|12)\b)",
        "救命(?!恩)|救救[我他她孩]|[来快]救[我他她]|^救我|(?<!不是)紧急(?!联系|联络|电话|号码)(?:情况|状况)?[!了]?$",
    ),
)
