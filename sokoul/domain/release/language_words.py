"""The words and codes by which release names and subtitle files tell a language."""

from __future__ import annotations


def _by_word(table: str) -> dict[str, str]:
    """`fr: french vff` lines turned around: each word with its code; the first line that has a word wins."""
    found: dict[str, str] = {}
    for line in table.strip().splitlines():
        code, words = line.split(":")
        for word in words.split():
            found.setdefault(word, code.strip())
    return found


# Whole words in any letter case: English and native names, and what scenes and trackers call their dubs.
NAMES = _by_word(
    """
    af: afrikaans
    ar: arabic arab arabe árabe arabo arabisch
    as: assamese
    az: azerbaijani azerbaijan azeri azərbaycan
    be: belarusian belorussian беларуская
    bg: bulgarian bgaudio bulgare български bgdub
    bn: bengali bangla
    bs: bosnian bosanski
    ca: catalan catalán catala català
    cs: czech česky cesky čeština cestina czdub czdab tschechisch
    cy: welsh cymraeg
    da: danish dansk danska dänisch danois
    de: german deutsch swissgerman videomann aleman alemán alemao alemão allemand tedesco niemiecki немецкий
    el: greek ellinika ελληνικά griechisch grec
    en: english ingles inglés inglês anglais englisch inglese angielski engelsk engelska английский
    eo: esperanto
    es: spanish espanol español castellano castilian latino latin esp espanhol española espagnol spanisch
    es: spagnolo hiszpański испанский dobladoespañol doblado
    et: estonian eesti
    eu: basque euskera euskara
    fa: persian farsi فارسی
    fi: finnish finsk finska suomi finnois
    fr: french truefrench vff vfq vfi vof vf vf1 vf2 vf3 vff2 vfb frances francés francais français francês
    fr: französisch franzoesisch francese francuski французский
    ga: irish gaeilge
    gl: galician galego gallego
    gu: gujarati
    he: hebrew hebdub hebdubbed ivrit עברית
    hi: hindi hin
    hr: croatian hrvatski
    hu: hungarian hundub magyar ungarisch hongrois
    hy: armenian
    id: indonesian bahasa indonesia
    is: icelandic íslenska
    it: italian italiano italien italienisch włoski итальянский
    ja: japanese jpn jap japones japonés japonês japonais japanisch giapponese 日本語
    ka: georgian
    kk: kazakh
    km: khmer cambodian
    kn: kannada
    ko: korean kor coreano coréen koreanisch 한국어
    ku: kurdish
    ky: kyrgyz
    la: latina
    lb: luxembourgish
    lo: laotian
    lt: lithuanian lietuvių lietuviu
    lv: latvian lav latviešu latviesu
    mi: maori
    mk: macedonian
    ml: malayalam
    mn: khalkha mongolian
    mr: marathi
    ms: malay malaysian melayu
    mt: maltese
    my: burmese
    ne: nepali
    nl: dutch flemish nederlands vlaams niederländisch néerlandais
    no: norwegian norsk bokmal bokmål nynorsk norwegisch
    or: odia oriya
    pa: punjabi
    pl: polish pldub dubpl lekpl pllek pldubbing plvo polski polskie lektor polnisch polonais польский
    ps: pashto
    pt: portuguese brazilian dublado legendado portugues português portugais portugiesisch brasileiro
    rm: romansh rumantsch romansch
    ro: romanian rodubbed rodub romana română
    ru: russian русский ruso russe russisch russo rosyjski rusdub
    si: sinhala sinhalese
    sk: slovak slovenčina slovencina skdub
    sl: slovenian slovene slovenščina
    so: somali
    sq: albanian shqip
    sr: serbian srpski српски
    sv: swedish svensk svenska schwedisch suédois
    sw: swahili
    ta: tamil
    te: telugu
    th: thai tha
    tl: tagalog filipino
    tr: turkish türkçe turkce turkish dublaj türkisch
    uk: ukrainian ukr українська ukrainisch
    ur: urdu
    uz: uzbek uzbekistan
    vi: vietnamese vie
    zh: chinese mandarin cantonese chinois chinesisch chino
    zu: zulu
    """
)
# Codes of three letters (both of ISO 639-2, and the usual wrong ones): words of the description with a
# capital first letter, or in a run with others of their kind.
CODES = _by_word(
    """
    af: afr
    ar: ara
    az: aze
    be: bel
    bg: bul
    bn: ben
    bs: bos
    ca: cat
    cs: cze ces
    cy: cym
    da: dan
    de: ger deu
    el: gre ell
    en: eng
    es: spa
    et: est
    eu: eus baq
    fa: per fas
    fi: fin
    fr: fre fra
    gl: glg
    gu: guj
    he: heb
    hr: hrv
    hu: hun
    id: ind
    is: ice isl
    it: ita
    ka: geo kat
    kn: kan
    lt: lit
    lv: lat
    mk: mkd
    ml: mal
    mn: mon
    mr: mar
    ms: msa
    nl: dut nld
    no: nor nob nno
    pa: pan
    pl: pol lek
    pt: por ptbr
    ro: rum ron
    ru: rus
    sk: slo slk
    sl: slv
    sq: alb sqi
    sr: srp scc
    sv: swe
    ta: tam
    te: tel
    tl: tgl fil
    tr: tur
    ur: urd
    uz: uzb
    zh: chi zho chn cht chs big5
    """
)
# Codes of two letters: capitals only, for most are words elsewhere.
SHORT = _by_word(
    """
    ar: AR
    bg: BG
    cs: CZ
    da: DK DA
    de: DE
    el: GR
    en: EN
    es: ES
    et: EE
    fi: FI
    fr: FR
    hr: HR
    hu: HU
    it: IT
    ja: JA JP
    ka: KA
    ko: KO KR
    lt: LT
    lv: LV
    nl: NL
    no: NO
    pl: PL
    pt: PT BR
    ro: RO
    ru: RU
    sk: SK
    sv: SE SV
    tr: TR
    uk: UA
    zh: ZH CN
    """
)
# Every code of ISO 639-1 with those of ISO 639-2: what a subtitle file may carry behind its name.
_ISO = """
aa:aar ab:abk af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel bg:bul bm:bam
bn:ben bo:tib,bod br:bre bs:bos ca:cat ce:che co:cos cr:cre cs:cze,ces cv:chv cy:wel,cym da:dan de:ger,deu
dv:div dz:dzo ee:ewe el:gre,ell en:eng eo:epo es:spa et:est eu:baq,eus fa:per,fas ff:ful fi:fin fj:fij
fo:fao fr:fre,fra fy:fry ga:gle gd:gla gl:glg gn:grn gu:guj gv:glv ha:hau he:heb hi:hin hr:hrv ht:hat hu:hun
hy:arm,hye id:ind ig:ibo ii:iii ik:ipk io:ido is:ice,isl it:ita iu:iku ja:jpn jv:jav ka:geo,kat kg:kon
ki:kik kk:kaz kl:kal km:khm kn:kan ko:kor ks:kas ku:kur kv:kom kw:cor ky:kir la:lat lb:ltz lg:lug li:lim
ln:lin lo:lao lt:lit lu:lub lv:lav mg:mlg mi:mao,mri mk:mac,mkd ml:mal mn:mon mr:mar ms:may,msa mt:mlt
my:bur,mya nb:nob ne:nep ng:ndo nl:dut,nld nn:nno no:nor nv:nav ny:nya oc:oci om:orm or:ori os:oss pa:pan
pi:pli pl:pol ps:pus pt:por,pob,ptbr qu:que rm:roh rn:run ro:rum,ron ru:rus rw:kin sa:san sc:srd sd:snd
se:sme sg:sag si:sin sk:slo,slk sl:slv sm:smo sn:sna so:som sq:alb,sqi sr:srp,scc ss:ssw st:sot su:sun
sv:swe sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk tl:tgl,fil tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi
ty:tah ug:uig uk:ukr ur:urd uz:uzb ve:ven vi:vie vo:vol wa:wln wo:wol xh:xho yi:yid yo:yor za:zha
zh:chi,zho,chs,cht zu:zul
"""
_ALIKE = {"nb": "no", "nn": "no"}
SUFFIXES = {
    word: _ALIKE.get(code, code)
    for code, words in (entry.split(":") for entry in _ISO.split())
    for word in (code, *words.split(","))
} | NAMES
