"""Endings of domain names in wide use, so that a name without https:// is known for a link.

Telegram knows all that exist; these are those of the countries and the generic ones that people meet.
"""

_COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg
ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi
gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw
ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng
ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn
so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws
ye yt za zm zw
"""
_GENERIC = """
academy agency app art asia audio bank bar berlin bet bid bike bio biz blog boutique build business cafe capital cards
care casa cash cat center chat church city click clinic cloud club coach codes coffee com community company computer
consulting cool coop credit dance date dating deals delivery design dev digital direct directory doctor dog domains
download earth edu education email energy engineering estate events exchange expert family farm fashion film finance
fit fitness flights foundation fun fund fyi gallery game games garden gay gift global gold golf gov graphics green
group guide guru health help homes hospital host hotel house icu info ink institute int international investments jobs
land law legal life limited link live loan london lol love ltd market marketing mba media men miami mil mobi mobile
moda moe money monster museum music name net network news ngo ninja nyc one online ooo org page paris partners parts
party pet photo photography photos pics pizza plus porn post press pro productions promo properties pub quest radio
recipes red rent repair report rest restaurant review reviews rip rocks run sale school science security select
services sex shop shopping show site ski social software solar solutions space sport store stream studio study style
support surf systems tax taxi team tech technology tel theater tickets tips today tokyo tools top tours town toys
trade trading training travel tube university vacations ventures vet video villas vin vip vision vote voyage wang
watch webcam website wedding wiki win wine work works world wtf xxx xyz yoga zone
"""
ENDINGS = frozenset(f"{_COUNTRIES} {_GENERIC}".split())
