"""Names that Spanish and English write differently: a summary in the other language may use its own."""

_PAIRS = """
    lunes Monday, martes Tuesday, miércoles Wednesday, jueves Thursday, viernes Friday, sábado Saturday,
    domingo Sunday, sábados Saturdays, domingos Sundays, enero January, febrero February, marzo March, abril April,
    mayo May, junio June, julio July, agosto August, septiembre September, octubre October, noviembre November,
    diciembre December, navidad Christmas, carnaval Carnival, pascua Easter,
    español Spanish, española Spanish, españoles Spanish, inglés English, inglesa English, ingleses English,
    francés French, francesa French, alemán German, alemana German, italiano Italian, italiana Italian,
    portugués Portuguese, chino Chinese, japonés Japanese, ruso Russian, árabe Arabic, americano American,
    estadounidense American, británico British, europeo European, europea European, latín Latin, griego Greek,
    españa Spain, inglaterra England, francia France, alemania Germany, italia Italy, japón Japan, rusia Russia,
    suecia Sweden, noruega Norway, dinamarca Denmark, finlandia Finland, polonia Poland, grecia Greece,
    turquía Turkey, egipto Egypt, marruecos Morocco, argelia Algeria, brasil Brazil, perú Peru, méxico Mexico,
    panamá Panama, irlanda Ireland, escocia Scotland, gales Wales, bélgica Belgium, suiza Switzerland,
    hungría Hungary, rumanía Romania, ucrania Ukraine, croacia Croatia, europa Europe, áfrica Africa, américa America,
    londres London, parís Paris, roma Rome, nueva New, york York, berlín Berlin, múnich Munich, moscú Moscow,
    lisboa Lisbon, oporto Porto, sevilla Seville, ginebra Geneva, viena Vienna, bruselas Brussels, atenas Athens,
    varsovia Warsaw, praga Prague, venecia Venice, florencia Florence, milán Milan, turín Turin, nápoles Naples,
    edimburgo Edinburgh, tokio Tokyo, pekín Beijing, cantábrico Cantabrian, mediterráneo Mediterranean,
    atlántico Atlantic, pacífico Pacific, pirineos Pyrenees, alpes Alps, cataluña Catalonia, andalucía Andalusia,
    castilla Castile, galicia Galicia, universidad University, museo Museum, calle Street, internet Internet
"""


def _both_ways() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _PAIRS.split(","):
        spanish, english = (word.casefold() for word in pair.split())
        found.setdefault(spanish, set()).add(english)
        found.setdefault(english, set()).add(spanish)
    return {word: frozenset(others) for word, others in found.items()}


# A word in lower case, and what the other language may say for it.
COUNTERPARTS = _both_ways()
