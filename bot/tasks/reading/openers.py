"""Ordinary words that begin sentences: there, a capital letter makes no name of them."""

_ES = """
    a además ahora al algo alguien algún algunas algunos allí ante antes apenas aquel aquí así aún aunque ayer bajo
    bien cada casi como con contra cual cuando cuanto cuenta da dado de debe deben debido del desde después dice dicen
    donde dos durante e el él ella ellas ellos en encontró entonces entre era es esa ese eso esta está están este esto
    estos estuvo existe explica falta fue fueron ganó gracias ha habla había habrá hace hacen hacer hacia hasta hay
    hemos hizo hoy igual incluso la las le les llevar lleva lo los luego mañana más me menos mi mientras mucha muchas
    mucho muchos muy nada nadie ni ningún ninguna no nos nosotros nunca o ofrece otra otras otro otros para parece pero
    pese pide piden podrá poco por porque propone puede pueden pues que qué queda quien quienes quiere recomienda
    recuerda según sí si siempre sin sino sobre solo somos son su sus también tampoco tan tanto tendrá tenía tiene
    tienen toda todas todo todos tras trata trato tu tú u un una unas unos usa usted va van varias varios ve vuelve y
    ya yo además finalmente actualmente posteriormente inicialmente persona personas gente grupo usuario usuaria
    usuarios autor autora autores texto vecinos vecino alumnos estudiantes participantes miembros mujer hombre
    investigadores expertos cliente clientes trabajo empresa problema solución objetivo motivo resultado causa
    consejo ventaja requisitos precio horario fecha lugar plan plazo pregunta respuesta sugiere solicita necesita busca
    reconoce considera afirma advierte anuncia critica compara describe presenta evita
"""
_EN = """
    a about above according across after again against all almost along already also although always among an and
    another any anyone are around as asks at avoid be because been before being below besides between both but by can
    cannot come comes could currently despite did do does don't due during each early either every everyone explains
    few finally find first for from further get given gives has have having he help her here hers him his how however
    i if in includes initially instead into is it it's its just keep last later leave less let like make many may
    maybe meanwhile members men might more moreover most much must my need needs neither never next no nobody none nor
    not nothing now of off offers often on once one only open or other others our out over overall people per perhaps
    please pay previously put rather recently remember research researchers she should since so some somebody someone
    something soon speaker start still such suggests take tell than thanks that the their them then there there's
    therefore these they this those though through throughout thus to today together tomorrow too try two under unless
    until up upon us use used users using usually very was we were what when where whether which while who whoever why
    will with within without women won't worried would yes yesterday yet you your additionally author text group user
    writer customer customers residents students participants experts issue problem solution reason result cause goal
    advice cost price location schedule plan question answer anyone admits advises argues asked believes claims
    describes discusses finds plans recommends reports requests says seeks wants warns warns writes works
"""

# By language. A word that is missing here only costs a summary a sentence; a name that stood here would get through.
OPENERS = {"es": frozenset(_ES.split()), "en": frozenset(_EN.split())}
# Endings of verbs and adverbs that no usual name has.
ENDINGS = {"es": ("ando", "endo", "mente", "aron", "ieron", "arse", "erse", "irse"), "en": ("ing", "ally")}
