"""What the quality gate asks of every model: texts to read, questions to answer, sentences to embed."""

# Some 600 tokens in all: what study groups write about, in the two languages, and a bit of code.
PASSAGES = (
    (
        "La fotosíntesis ocurre en los cloroplastos, donde la clorofila absorbe sobre todo la luz roja y la azul y "
        "deja pasar la verde; por eso las hojas se ven de ese color. En la primera fase, la energía de la luz rompe "
        "moléculas de agua, se libera oxígeno y se forman ATP y NADPH. En la segunda, que no necesita luz directa, la "
        "célula usa esa energía para unir dióxido de carbono y fabricar azúcares. Una planta que pasa varios días a "
        "oscuras gasta sus reservas de almidón y, cuando se le acaban, empieza a perder las hojas más viejas."
    ),
    (
        "Mañana hay examen de historia y todavía no he repasado el tema seis. ¿Alguien puede resumir las causas de la "
        "Revolución francesa? Yo tengo apuntado que el Estado estaba endeudado, que hubo malas cosechas y que el pan "
        "subió mucho de precio, y que la burguesía quería participar en el gobierno. Creo que falta algo sobre los "
        "impuestos: la nobleza y el clero casi no pagaban, así que todo recaía en los demás."
    ),
    (
        "When a ball rolls down a ramp, its potential energy turns into kinetic energy, and a little is lost as heat "
        "because of friction. If the ramp is twice as high, the ball does not arrive twice as fast: its speed grows "
        "with the square root of the height. This is easy to check with a ruler and the clock of a telephone. Measure "
        "each time at least five times, throw away none of the results without a reason, and write down how far apart "
        "they are, because a mean without its spread says very little."
    ),
    (
        "The meeting of our reading group is on Thursday at half past six in the small room of the library. We agreed "
        "to read up to the end of chapter nine. Please bring one question that the book does not answer, and one "
        "sentence that you would have written in another way. Those who cannot come may send theirs to Lucía before "
        "noon."
    ),
    (
        "def mean(values: list[float]) -> float:\n"
        '    """Return the arithmetic mean; raises ValueError when there are no values."""\n'
        "    if not values:\n"
        '        raise ValueError("no values")\n'
        "    return sum(values) / len(values)\n\n\n"
        'grades = {"Ana": [7.5, 8.0], "Luis": [6.0, 9.5, 8.0]}\n'
        "for name, marks in sorted(grades.items()):\n"
        '    print(f"{name}: {mean(marks):.2f}")\n'
    ),
)

PROMPTS = (
    "¿Cuál es la capital de Francia y por qué río pasa?",
    "Explica en dos frases qué es la fotosíntesis.",
    "Escribe una lista de cinco países de América del Sur.",
    "Resume en una frase: el agua hierve a menos temperatura en la montaña porque allí la presión es menor.",
    "¿Cuánto es 12 por 11? Explica cómo lo calculas.",
    "Explain in two sentences why the sky is blue.",
    "Write a Python function that returns the largest number of a list.",
    "Translate into Spanish: The library opens at nine and closes at eight.",
    "Name three planets that are larger than the Earth.",
    "What is the difference between weather and climate?",
)

SENTENCES = (
    "Las plantas fabrican su alimento con la luz del sol.",
    "Plants make their food from sunlight.",
    "¿Cuándo terminó la Primera Guerra Mundial?",
    "El examen de matemáticas se ha retrasado hasta el lunes.",
    "The maths exam has been moved to Monday.",
    "Mi hermana vive en Valparaíso y trabaja en el puerto.",
    "La película me pareció larguísima y bastante aburrida.",
    "I loved every minute of that concert!",
    "El corazón bombea la sangre a todo el cuerpo.",
    "Gabriela Mistral ganó el Premio Nobel de Literatura en 1945.",
    "A triangle has three sides and its angles add up to 180 degrees.",
    "¿Quién tiene los apuntes de ayer?",
    "El hierro se oxida cuando está en contacto con el agua y el aire.",
    "The committee meets in Geneva every second Tuesday of the month.",
    "No entiendo la diferencia entre una célula animal y una vegetal.",
    "Marie Curie nació en Varsovia y estudió en París.",
    "Un número primo solo se divide entre sí mismo y la unidad.",
    "Please send me the photographs before Friday.",
    "El servicio fue muy lento y la comida llegó fría.",
    "def area(radius): return 3.14159 * radius ** 2",
)

QUESTION = "¿Dónde o cuándo ocurre?"
